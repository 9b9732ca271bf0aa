/*
 * Encrypted backups: what crm-crypt writes is opened here by what crm-backup(1) says of the form, and libsodium alone;
 * and whatever is changed in it is noticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "helpers/crypt.h"
#include "helpers/say.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	CHUNK = 16,
	BYTES_MAX = 1024
};

static const char passphrase[] = "correct horse";

struct bytes {
	unsigned char v[BYTES_MAX];
	size_t n;
};

/* --- descriptors --- */

static int file_of(const unsigned char *v, size_t n)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, v, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void take(struct bytes *out, int fd)
{
	ssize_t n = pread(fd, out->v, sizeof(out->v), 0);

	assert_true(n >= 0);
	out->n = (size_t)n;
	close(fd);
}

/* --- as crm-crypt does it, with a key that costs little --- */

static struct bytes encrypted(const unsigned char *plain, size_t n)
{
	unsigned char key[CRYPT_KEY_BYTES];
	struct crypt_header h;
	struct bytes out;
	int from = file_of(plain, n), to = memfd_create("test", MFD_CLOEXEC);

	assert_true(crypt_header_make(&h));
	h.passes = h.bytes[12] = 1;
	h.memory_kib = 8;
	memcpy(h.bytes + 16, "\x08\0\0", 4);
	h.chunk = CHUNK;
	memcpy(h.bytes + 20, "\x10\0\0", 4);
	assert_true(crypt_key(key, &h, passphrase, strlen(passphrase)));
	assert_true(crypt_encrypt(&h, key, from, to));
	close(from);
	take(&out, to);
	return out;
}

static bool decrypted(struct bytes *out, const struct bytes *file, const char *with)
{
	unsigned char key[CRYPT_KEY_BYTES];
	struct crypt_header h;
	int from = file_of(file->v, file->n), to = memfd_create("test", MFD_CLOEXEC);
	bool done = crypt_fill(from, h.bytes, CRYPT_HEADER_BYTES) == CRYPT_HEADER_BYTES && crypt_header_read(&h) &&
		    crypt_key(key, &h, with, strlen(with)) && crypt_decrypt(&h, key, from, to);

	close(from);
	take(out, to);
	return done;
}

/* --- as the manual has it --- */

static uint32_t little_endian(const unsigned char *at)
{
	return (uint32_t)(at[0] + at[1] * 256 + at[2] * 65536) + at[3] * 16777216u;
}

/* -1: it does not open. */
static ptrdiff_t opened_by_the_manual(unsigned char *plain, const unsigned char *file, size_t size, const char *with)
{
	crypto_secretstream_xchacha20poly1305_state state;
	unsigned char key[32], tag = 0;
	unsigned long long got;
	size_t chunk = little_endian(file + 20), at = 64;
	ptrdiff_t n = 0;

	assert_memory_equal(file, "crm-enc\n", 8);
	assert_int_equal(little_endian(file + 8), 1);
	assert_int_equal(crypto_pwhash(key, 32, with, strlen(with), file + 24, little_endian(file + 12),
				 little_endian(file + 16) * (size_t)1024, crypto_pwhash_ALG_ARGON2ID13),
		0);
	if (crypto_secretstream_xchacha20poly1305_init_pull(&state, file + 40, key) != 0)
		return -1;
	while (at < size && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
		size_t sealed = size - at < chunk + 17 ? size - at : chunk + 17;
		if (crypto_secretstream_xchacha20poly1305_pull(
			    &state, plain + n, &got, &tag, file + at, sealed, file, 64) != 0)
			return -1;
		n += (ptrdiff_t)got;
		at += sealed;
	}
	return at == size && tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL ? n : -1;
}

/* --- tests --- */

static void fill(unsigned char *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = (unsigned char)(i * 7 + 1);
}

static void the_form_is_that_of_the_manual(void **state)
{
	unsigned char plain[100], opened[BYTES_MAX];

	(void)state;
	fill(plain, sizeof(plain));
	for (size_t n = 0; n <= sizeof(plain); n++) {
		struct bytes file = encrypted(plain, n), back;
		/* a chunk that is not full ends it, if it has to be an empty one */
		assert_int_equal(file.n, 64 + n + (n / CHUNK + 1) * 17);
		assert_int_equal(opened_by_the_manual(opened, file.v, file.n, passphrase), n);
		assert_memory_equal(opened, plain, n);
		assert_true(decrypted(&back, &file, passphrase));
		assert_int_equal(back.n, n);
		assert_memory_equal(back.v, plain, n);
	}
}

/* The same of the program itself, with the key that costs what it should. */
static void the_program_writes_that_form(void **state)
{
	const char *program = getenv("CRM_CRYPT");
	unsigned char plain[200 * 1000], *opened = malloc(300 * 1000), *file = malloc(300 * 1000);
	char command[4096];

	(void)state;
	if (!program)
		skip();
	assert_true(opened && file);
	fill(plain, sizeof(plain));
	FILE *in = tmpfile(), *out = tmpfile();
	assert_true(in && out && fwrite(plain, 1, sizeof(plain), in) == sizeof(plain) && fflush(in) == 0);
	rewind(in);
	snprintf(command, sizeof(command), "%s --encrypt --passphrase-fd 9 <&%d >&%d 9<<'END'\n%s\nEND\n", program,
		fileno(in), fileno(out), passphrase);
	assert_int_equal(system(command), 0);
	rewind(out);
	size_t n = fread(file, 1, 300 * 1000, out);
	assert_int_equal(n, 64 + sizeof(plain) + (sizeof(plain) / 65536 + 1) * 17);
	assert_int_equal(opened_by_the_manual(opened, file, n, passphrase), sizeof(plain));
	assert_memory_equal(opened, plain, sizeof(plain));
	/* what the manual promises of the key: RFC 9106 has 64 MiB and 3 passes for machines that are short of memory */
	assert_true(little_endian(file + 12) >= 3 && little_endian(file + 16) >= 64 * 1024);
	fclose(in);
	fclose(out);
	free(opened);
	free(file);
}

/* A changed file does not open, and what came out before it was noticed is the beginning of what was put in. */
static void refused(const struct bytes *file, const unsigned char *plain, const char *with, const char *what, size_t at)
{
	struct bytes out;

	if (decrypted(&out, file, with))
		fail_msg("%s at %zu is not noticed", what, at);
	assert_memory_equal(out.v, plain, out.n);
}

static void every_change_is_noticed(void **state)
{
	unsigned char plain[3 * CHUNK + 5];

	(void)state;
	fill(plain, sizeof(plain));
	struct bytes file = encrypted(plain, sizeof(plain)), changed;
	refused(&file, plain, "correct hors", "a wrong passphrase", 0);
	for (size_t i = 0; i < file.n; i++) {
		changed = file;
		changed.v[i] ^= (unsigned char)(1 << i % 8);
		refused(&changed, plain, passphrase, "a bit", i);
	}
	for (size_t n = 0; n < file.n; n++) {
		changed = file;
		changed.n = n;
		refused(&changed, plain, passphrase, "a cut", n);
	}
	for (size_t n = 1; n < 3 * CHUNK; n++) {
		changed = file;
		memset(changed.v + changed.n, 0, n);
		changed.n += n;
		refused(&changed, plain, passphrase, "an end", n);
	}
}

static void chunks_stay_in_their_order(void **state)
{
	enum {
		SEALED = CHUNK + 17
	};
	unsigned char plain[4 * CHUNK];

	(void)state;
	fill(plain, sizeof(plain));
	struct bytes file = encrypted(plain, sizeof(plain)), changed = file;
	memcpy(changed.v + 64, file.v + 64 + SEALED, SEALED);
	memcpy(changed.v + 64 + SEALED, file.v + 64, SEALED);
	refused(&changed, plain, passphrase, "an exchange", 0);
	changed = file; /* one is left out */
	memmove(changed.v + 64 + SEALED, file.v + 64 + 2 * SEALED, file.n - 64 - 2 * SEALED);
	changed.n -= SEALED;
	refused(&changed, plain, passphrase, "a gap", 1);
	changed = file; /* one comes twice */
	memcpy(changed.v + 64 + SEALED, file.v + 64, SEALED);
	refused(&changed, plain, passphrase, "a repetition", 1);
}

static void headers_that_ask_for_much_are_refused(void **state)
{
	static const struct {
		size_t at;
		const char *bytes;
	} wrong[] = {
		{ 8, "\x02\0\0" },
		{ 12, "\0\0\0" },
		{ 12, "\x11\0\0" },
		{ 16, "\0\0\0" },
		{ 16, "\x01\0\x10" },
		{ 16, "\xff\xff\xff" },
		{ 20, "\0\0\0" },
		{ 20, "\x01\0\0\x01" },
	};
	unsigned char plain[1] = { 0 };
	struct bytes file = encrypted(plain, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct crypt_header h;
		memcpy(h.bytes, file.v, CRYPT_HEADER_BYTES);
		assert_true(crypt_header_read(&h));
		memcpy(h.bytes + wrong[i].at, wrong[i].bytes, 4);
		if (crypt_header_read(&h))
			fail_msg("header %zu is taken", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_is_that_of_the_manual),
		cmocka_unit_test(the_program_writes_that_form),
		cmocka_unit_test(every_change_is_noticed),
		cmocka_unit_test(chunks_stay_in_their_order),
		cmocka_unit_test(headers_that_ask_for_much_are_refused),
	};

	if (sodium_init() < 0 || !freopen("/dev/null", "w", stderr)) /* what is said of hundreds of changed files */
		return 1;
	say_about("test", NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
