/*
 * Encrypted backups: the form of the file, and what crm-crypt(1) does to a stream. Described in crm-backup(1).
 *
 *     0   8  "crm-enc\n"
 *     8   4  version, 1
 *    12   4  Argon2id: passes        } numbers are little-endian
 *    16   4  Argon2id: memory in KiB }
 *    20   4  bytes of a chunk, not yet encrypted
 *    24  16  Argon2id: salt
 *    40  24  header of the stream (crypto_secretstream_xchacha20poly1305)
 *    64      chunks: each as long as said and 17 bytes more, the last one shorter and marked as the last
 *
 * These 64 bytes are authenticated with every chunk.
 */
#ifndef HELPERS_CRYPT_H
#define HELPERS_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPT_MAGIC "crm-enc\n"

enum {
	CRYPT_MAGIC_BYTES = 8,
	CRYPT_VERSION = 1,
	CRYPT_SALT_BYTES = 16,
	CRYPT_STREAM_BYTES = 24,
	CRYPT_HEADER_BYTES = 64,
	CRYPT_KEY_BYTES = 32,
	CRYPT_EXTRA_BYTES = 17, /* that a chunk grows by */
	CRYPT_CHUNK_BYTES = 64 * 1024,
	CRYPT_CHUNK_MAX = 16 << 20,

	/* 256 MiB and about a second; what a file may ask for is bounded, or opening it would be an attack */
	CRYPT_PASSES = 3,
	CRYPT_PASSES_MAX = 16,
	CRYPT_MEMORY_KIB = 256 * 1024,
	CRYPT_MEMORY_KIB_MIN = 8,
	CRYPT_MEMORY_KIB_MAX = 1024 * 1024
};

struct crypt_header {
	uint32_t passes, memory_kib, chunk;
	unsigned char bytes[CRYPT_HEADER_BYTES]; /* as they stand in the file */
};

/* All of these return false after a message (say.h). */

/* Of a new file: all but the header of the stream. */
bool crypt_header_make(struct crypt_header *h);

/* From h->bytes. */
bool crypt_header_read(struct crypt_header *h);

bool crypt_key(unsigned char key[CRYPT_KEY_BYTES], const struct crypt_header *h, const char *passphrase, size_t length);

/* Writes header and chunks of what is read from `in`, to its end. */
bool crypt_encrypt(struct crypt_header *h, const unsigned char key[CRYPT_KEY_BYTES], int in, int out);

/* The other way, from behind the header. What was written before a failure is right, but not all. */
bool crypt_decrypt(const struct crypt_header *h, const unsigned char key[CRYPT_KEY_BYTES], int in, int out);

/* Reads up to `n` bytes, less only at the end; -1 with errno. */
ptrdiff_t crypt_fill(int fd, void *bytes, size_t n);

#endif
