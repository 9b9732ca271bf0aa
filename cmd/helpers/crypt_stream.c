/* The stream of an encrypted backup, in chunks: constant memory, and nothing is written that was not authenticated. */
#include "helpers/crypt.h"

#include "cli/words.h"
#include "helpers/say.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef crypto_secretstream_xchacha20poly1305_state stream_state;

_Static_assert(CRYPT_STREAM_BYTES == crypto_secretstream_xchacha20poly1305_HEADERBYTES, "as libsodium has it");
_Static_assert(CRYPT_EXTRA_BYTES == crypto_secretstream_xchacha20poly1305_ABYTES, "as libsodium has it");
_Static_assert(CRYPT_KEY_BYTES == crypto_secretstream_xchacha20poly1305_KEYBYTES, "as libsodium has it");
_Static_assert(CRYPT_SALT_BYTES == crypto_pwhash_argon2id_SALTBYTES, "as libsodium has it");

enum {
	AT_VERSION = 8,
	AT_PASSES = 12,
	AT_MEMORY = 16,
	AT_CHUNK = 20,
	AT_SALT = 24,
	AT_STREAM = 40
};

/* --- descriptors --- */

ptrdiff_t crypt_fill(int fd, void *bytes, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, (char *)bytes + done, n - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ptrdiff_t)done;
}

static bool write_out(int fd, const unsigned char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, bytes, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			say("cannot write: %s", strerror(errno));
			return false;
		}
		bytes += put;
		n -= (size_t)put;
	}
	return true;
}

/* --- the header --- */

static void put_number(unsigned char *at, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(n >> 8 * i);
}

static uint32_t number_at(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

bool crypt_header_make(struct crypt_header *h)
{
	*h = (struct crypt_header){
		.passes = CRYPT_PASSES, .memory_kib = CRYPT_MEMORY_KIB, .chunk = CRYPT_CHUNK_BYTES
	};
	if (sodium_init() < 0) {
		say("libsodium cannot be used");
		return false;
	}
	memcpy(h->bytes, CRYPT_MAGIC, CRYPT_MAGIC_BYTES);
	put_number(h->bytes + AT_VERSION, CRYPT_VERSION);
	put_number(h->bytes + AT_PASSES, h->passes);
	put_number(h->bytes + AT_MEMORY, h->memory_kib);
	put_number(h->bytes + AT_CHUNK, h->chunk);
	randombytes_buf(h->bytes + AT_SALT, CRYPT_SALT_BYTES);
	return true;
}

bool crypt_header_read(struct crypt_header *h)
{
	uint32_t version = number_at(h->bytes + AT_VERSION);

	h->passes = number_at(h->bytes + AT_PASSES);
	h->memory_kib = number_at(h->bytes + AT_MEMORY);
	h->chunk = number_at(h->bytes + AT_CHUNK);
	if (memcmp(h->bytes, CRYPT_MAGIC, CRYPT_MAGIC_BYTES) != 0)
		say("is not encrypted by crm");
	else if (version != CRYPT_VERSION)
		say("encrypted in version %u of the form, this crm knows %d: update crm", version, CRYPT_VERSION);
	else if (h->passes < 1 || h->passes > CRYPT_PASSES_MAX || h->memory_kib < CRYPT_MEMORY_KIB_MIN ||
		 h->memory_kib > CRYPT_MEMORY_KIB_MAX || h->chunk < 1 || h->chunk > CRYPT_CHUNK_MAX)
		say("its header asks for more than crm gives (%u passes, %u KiB, chunks of %u): it is damaged, or not "
		    "from crm",
			h->passes, h->memory_kib, h->chunk);
	else if (sodium_init() < 0)
		say("libsodium cannot be used");
	else
		return true;
	return false;
}

bool crypt_key(unsigned char key[CRYPT_KEY_BYTES], const struct crypt_header *h, const char *passphrase, size_t length)
{
	if (crypto_pwhash(key, CRYPT_KEY_BYTES, passphrase, length, h->bytes + AT_SALT, h->passes,
		    (size_t)h->memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) == 0)
		return true;
	say("cannot make the key of the passphrase: that takes %u MiB of memory", h->memory_kib / 1024);
	return false;
}

/* --- chunks --- */

/* The chunk that is not full is the last one, if it has to be without a byte. */
static bool encrypt_chunks(
	stream_state *state, const struct crypt_header *h, unsigned char *plain, unsigned char *sealed, int in, int out)
{
	for (;;) {
		ptrdiff_t n = crypt_fill(in, plain, h->chunk);
		if (n < 0) {
			say("cannot read: %s", strerror(errno));
			return false;
		}
		bool last = (size_t)n < h->chunk;
		crypto_secretstream_xchacha20poly1305_push(state, sealed, NULL, plain, (size_t)n, h->bytes,
			CRYPT_HEADER_BYTES, last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
		if (!write_out(out, sealed, (size_t)n + CRYPT_EXTRA_BYTES))
			return false;
		if (last)
			return true;
	}
}

bool crypt_encrypt(struct crypt_header *h, const unsigned char key[CRYPT_KEY_BYTES], int in, int out)
{
	cleanup(freep) unsigned char *plain = need(malloc(h->chunk));
	cleanup(freep) unsigned char *sealed = need(malloc((size_t)h->chunk + CRYPT_EXTRA_BYTES));
	stream_state state;

	crypto_secretstream_xchacha20poly1305_init_push(&state, h->bytes + AT_STREAM, key);
	bool done = write_out(out, h->bytes, CRYPT_HEADER_BYTES) && encrypt_chunks(&state, h, plain, sealed, in, out);
	sodium_memzero(&state, sizeof(state));
	sodium_memzero(plain, h->chunk);
	return done;
}

/* Opens what was read; 1: more follow, 0: it was the last one, -1 after a message. */
static int open_chunk(stream_state *state, const struct crypt_header *h, unsigned char *plain,
	const unsigned char *sealed, size_t n, uint64_t at)
{
	bool full = n == (size_t)h->chunk + CRYPT_EXTRA_BYTES;
	unsigned char tag;

	if (n < CRYPT_EXTRA_BYTES) {
		say("was cut off: it ends after %llu bytes", (unsigned long long)(at + n));
		return -1;
	}
	if (crypto_secretstream_xchacha20poly1305_pull(
		    state, plain, NULL, &tag, sealed, n, h->bytes, CRYPT_HEADER_BYTES) != 0) {
		if (at == CRYPT_HEADER_BYTES)
			say("the passphrase is wrong, or the file was changed or cut off");
		else
			say(full ? N_("was changed: what begins at byte %llu is not what was written")
				 : N_("was changed or cut off: what begins at byte %llu is not what was written"),
				(unsigned long long)at);
		return -1;
	}
	if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL)
		return 0;
	if (full)
		return 1;
	say("was cut off: it ends after %llu bytes", (unsigned long long)(at + n));
	return -1;
}

static bool decrypt_chunks(
	stream_state *state, const struct crypt_header *h, unsigned char *plain, unsigned char *sealed, int in, int out)
{
	uint64_t at = CRYPT_HEADER_BYTES;
	unsigned char more;
	int open = 1;

	while (open > 0) {
		ptrdiff_t n = crypt_fill(in, sealed, (size_t)h->chunk + CRYPT_EXTRA_BYTES);
		if (n < 0) {
			say("cannot read: %s", strerror(errno));
			return false;
		}
		open = open_chunk(state, h, plain, sealed, (size_t)n, at);
		if (open < 0 || !write_out(out, plain, (size_t)n - CRYPT_EXTRA_BYTES))
			return false;
		at += (uint64_t)n;
	}
	if (crypt_fill(in, &more, 1) == 0)
		return true;
	say("something follows its end, at byte %llu: it was changed", (unsigned long long)at);
	return false;
}

bool crypt_decrypt(const struct crypt_header *h, const unsigned char key[CRYPT_KEY_BYTES], int in, int out)
{
	cleanup(freep) unsigned char *plain = need(malloc(h->chunk));
	cleanup(freep) unsigned char *sealed = need(malloc((size_t)h->chunk + CRYPT_EXTRA_BYTES));
	stream_state state;

	/* fails for no header: a wrong one opens no chunk */
	crypto_secretstream_xchacha20poly1305_init_pull(&state, h->bytes + AT_STREAM, key);
	bool done = decrypt_chunks(&state, h, plain, sealed, in, out);
	sodium_memzero(&state, sizeof(state));
	sodium_memzero(plain, h->chunk);
	return done;
}
