/* Content lines, of which vCard (RFC 6350) and iCalendar (RFC 5545) consist. */
#ifndef EXCHANGE_CONTENT_LINE_H
#define EXCHANGE_CONTENT_LINE_H

#include "base/base.h"

/* Appends a line, ended by CR LF, folded so that none has more than 75 octets, and cut between characters. */
void content_line_put(struct buf *out, const char *s, size_t len);

#endif
