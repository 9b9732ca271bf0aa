#include "base/sha256.h"

void sha256_begin(struct sha256 *sha)
{
	SHA256Init(&sha->ctx);
}

void sha256_add(struct sha256 *sha, const void *bytes, size_t len)
{
	SHA256Update(&sha->ctx, bytes, len);
}

void sha256_end(const struct sha256 *sha, char hex[SHA256_HEX + 1])
{
	uint8_t sum[SHA256_DIGEST_LENGTH];
	SHA2_CTX copy = sha->ctx;

	SHA256Final(sum, &copy);
	hex_digits(hex, sum, sizeof(sum));
}

void sha256_hex(char hex[SHA256_HEX + 1], const void *bytes, size_t len)
{
	struct sha256 sha;

	sha256_begin(&sha);
	sha256_add(&sha, bytes, len);
	sha256_end(&sha, hex);
}
