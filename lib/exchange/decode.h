/*
 * The bytes of a descriptor as UTF-8 text, block by block, with their SHA-256.
 *
 * Which encoding `auto` means: a byte order mark; UTF-16 by its pattern of NUL bytes; then UTF-8 or GB18030, decided
 * at the first byte that is not ASCII, however far in the file that is, from the block around it.
 *
 * UTF-8 is handed on as it is, unchecked: its faults show when a cell is checked. In any other encoding a byte that
 * does not decode becomes DECODE_BAD, which no UTF-8 text contains, so that the same check finds it in its row.
 */
#ifndef EXCHANGE_DECODE_H
#define EXCHANGE_DECODE_H

#include "base/base.h"

#define DECODE_BAD '\xff'

struct decoder;

/* `encoding`: NULL or "auto", else a name that iconv knows. CRM_INVALID: an unknown one. */
int decoder_open(struct decoder **out, int fd, const char *encoding, struct err *err);
struct decoder *decoder_close(struct decoder *d); /* returns NULL */

/*
 * The text that comes next, never empty, valid until the next call; CRM_END at the end of the file, CRM_FAILED when
 * reading fails. What decoder_take() has not taken comes again. The first block holds 60 KiB unless the file is
 * smaller; a byte order mark is not part of it.
 */
int decoder_peek(struct decoder *d, const char **s, size_t *len, struct err *err);
void decoder_take(struct decoder *d, size_t len);

const char *decoder_encoding(const struct decoder *d);
uint64_t decoder_bytes(const struct decoder *d);
void decoder_digest(const struct decoder *d, char hex[65]);

#endif
