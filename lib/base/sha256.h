/* SHA-256, of a text at once or of one that comes in parts. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/base.h"
#include <sha2.h>

enum {
	SHA256_HEX = 2 * SHA256_DIGEST_LENGTH
};

/* As lower-case hexadecimal digits and a NUL. */
void sha256_hex(char hex[SHA256_HEX + 1], const void *bytes, size_t len);

#endif
