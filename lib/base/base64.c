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

/* Four digits at a time, as long as there is nothing else. Returns how many were read. */
static size_t decode_fours(struct buf *out, const int8_t value[256], const char *s, size_t len)
{
	size_t i = 0;
	char *to = out->s + out->len;

	for (; i + 4 <= len; i += 4) {
		const int32_t a = value[(unsigned char)s[i]], b = value[(unsigned char)s[i + 1]],
			      c = value[(unsigned char)s[i + 2]], d = value[(unsigned char)s[i + 3]];

		if ((a | b | c | d) < 0)
			break;
		*to++ = (char)(a << 2 | b >> 4);
		*to++ = (char)((b & 15) << 4 | c >> 2);
		*to++ = (char)((c & 3) << 6 | d);
	}
	out->len = (size_t)(to - out->s);
	return i;
}

bool base64_decode(struct buf *out, const char *s, size_t len)
{
	uint32_t bits = 0, n = 0, pads = 0;
	int8_t value[256];

	memset(value, -1, sizeof(value));
	for (int8_t i = 0; i < 64; i++)
		value[(unsigned char)digits[i]] = i;
	if (!buf_reserve(out, len / 4 * 3 + 3))
		return true;
	for (size_t i = decode_fours(out, value, s, len); i < len; i++) {
		const int digit = value[(unsigned char)s[i]];

		if (ascii_blank(s[i]))
			continue;
		if (s[i] == '=') {
			pads++;
			continue;
		}
		if (digit < 0 || pads)
			return false;
		bits = (bits << 6 | (uint32_t)digit) & 0xffff;
		n += 6;
		if (n >= 8) {
			n -= 8;
			out->s[out->len++] = (char)(bits >> n & 0xff);
		}
	}
	out->s[out->len] = '\0';
	return n != 6 && pads <= 2;
}
