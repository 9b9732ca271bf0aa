#include "base/base.h"

void hex_digits(char *out, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[byte[i] >> 4];
		*out++ = digits[byte[i] & 15];
	}
	*out = '\0';
}

void buf_hex(struct buf *b, const void *bytes, size_t n)
{
	if (n > SIZE_MAX / 4)
		b->failed = true;
	if (!buf_reserve(b, 2 * n))
		return;
	hex_digits(b->s + b->len, bytes, n);
	b->len += 2 * n;
}
