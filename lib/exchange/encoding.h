/* Which encoding a piece of text is in, told from its bytes. */
#ifndef EXCHANGE_ENCODING_H
#define EXCHANGE_ENCODING_H

#include "base/base.h"

/* Bytes at the beginning that are ASCII. */
size_t encoding_ascii_run(const char *s, size_t len);

/* The encoding that a byte order mark or a pattern of NUL bytes tells, or NULL. `s` is the beginning of the file. */
const char *encoding_of_beginning(const char *s, size_t len);

/* "UTF-16LE" or "UTF-16BE" when that is what text without a mark is in, or NULL (utf16.c). */
const char *encoding_utf16_without_mark(const char *s, size_t len);

/* True when the bytes are ASCII, UTF-8 or GB18030 as text is: no controls but blanks, line ends and stray NULs. */
bool encoding_is_bytewise(const char *s, size_t len);

/* True when text that begins with a byte beyond ASCII is GB18030 rather than UTF-8. `whole`: no text follows it. */
bool encoding_is_gb18030(const char *s, size_t len, bool whole);

/* The name to give to iconv_open(), checked to be one: CRM_INVALID otherwise. GBK and its kin become GB18030. */
int encoding_iconv_name(const char **out, const char *name, struct err *err);

/* Bytes of the smallest unit: what to pass over where nothing decodes. */
size_t encoding_unit(const char *name);

#endif
