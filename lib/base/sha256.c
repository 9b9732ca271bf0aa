#include "base/sha256.h"

void sha256_hex(char hex[SHA256_HEX + 1], const void *bytes, size_t len)
{
	uint8_t sum[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, bytes, len);
	SHA256Final(sum, &ctx);
	hex_digits(hex, sum, sizeof(sum));
}
