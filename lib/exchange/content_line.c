#include "exchange/content_line.h"

enum {
	LINE_MAX_OCTETS = 75
};

void content_line_put(struct buf *out, const char *s, size_t len)
{
	size_t room = LINE_MAX_OCTETS;

	while (len > room) {
		size_t n = room;

		while (n > 1 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
		buf_add(out, s, n);
		buf_puts(out, "\r\n ");
		s += n;
		len -= n;
		room = LINE_MAX_OCTETS - 1;
	}
	buf_add(out, s, len);
	buf_puts(out, "\r\n");
}
