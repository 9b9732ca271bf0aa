#include "base/base.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void buf_base64(struct buf *b, const void *bytes, size_t n)
{
	const unsigned char *byte = bytes;
	char *out;

	if (n > SIZE_MAX / 2)
		b->failed = true;
	if (!buf_reserve(b, (n + 2) / 3 * 4))
		return;
	out = b->s + b->len;
	for (size_t i = 0; i < n; i += 3) {
		const uint32_t three = (uint32_t)byte[i] << 16 | (i + 1 < n ? (uint32_t)byte[i + 1] << 8 : 0) |
				       (i + 2 < n ? byte[i + 2] : 0);

		*out++ = digits[three >> 18];
		*out++ = digits[three >> 12 & 63];
		*out++ = i + 1 < n ? digits[three >> 6 & 63] : '=';
		*out++ = i + 2 < n ? digits[three & 63] : '=';
	}
	*out = '\0';
	b->len = (size_t)(out - b->s);
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_decode(struct buf *out, const char *s, size_t len)
{
	uint32_t bits = 0, n = 0, pads = 0;

	if (!buf_reserve(out, len / 4 * 3 + 3))
		return true;
	for (size_t i = 0; i < len; i++) {
		const int value = value_of(s[i]);

		if (ascii_blank(s[i]))
			continue;
		if (s[i] == '=') {
			pads++;
			continue;
		}
		if (value < 0 || pads)
			return false;
		bits = (bits << 6 | (uint32_t)value) & 0xffff;
		n += 6;
		if (n >= 8) {
			n -= 8;
			out->s[out->len++] = (char)(bits >> n & 0xff);
		}
	}
	out->s[out->len] = '\0';
	return n != 6 && pads <= 2;
}
