/* Words for what is wrong with a row, the same for every form of file. */
#ifndef EXCHANGE_FAULT_H
#define EXCHANGE_FAULT_H

#include "base/base.h"

/* As a text to be translated. */
#define FAULT_ROW_TOO_LONG N_("longer than 8 MiB")

/* Says what the byte at `at`, which is not UTF-8, or NUL, is. */
void fault_bytes(struct buf *out, const char *at, const char *encoding);

/* True when a fault of a row is what fault_bytes() says. */
bool fault_is_bytes(const char *fault);

/* Appends a column name, cut off where it is too long for a message. */
void fault_name(struct buf *out, const char *name);

#endif
