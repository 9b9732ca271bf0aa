/* SHA-256, of a text at once or of one that comes in parts. Digests are lower-case hexadecimal digits and a NUL. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/base.h"
#include <sha2.h>

enum {
	SHA256_HEX = 2 * SHA256_DIGEST_LENGTH
};

struct sha256 {
	SHA2_CTX ctx;
};

void sha256_begin(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *bytes, size_t len);
void sha256_end(const struct sha256 *sha, char hex[SHA256_HEX + 1]); /* of what was added so far */
void sha256_hex(char hex[SHA256_HEX + 1], const void *bytes, size_t len);

#endif
