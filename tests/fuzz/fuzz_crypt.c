/*
 * Any bytes as an encrypted backup, with a key that is known: nothing comes out that was not authenticated, and what
 * does is the beginning of what was put in. The first byte says what is done with a right file: so much of it, then the
 * bytes of the input.
 */
#include "helpers/crypt.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	CHUNK = 16,
	PLAIN = 40
};

static const unsigned char key[CRYPT_KEY_BYTES] = "a key of thirty-two bytes, known";
static unsigned char right[256], plain[PLAIN];
static size_t right_size;

static void make_right(void)
{
	int from = memfd_create("plain", 0), to = memfd_create("right", 0);
	struct crypt_header h;

	memset(plain, 'p', sizeof(plain));
	if (write(from, plain, sizeof(plain)) != sizeof(plain) || lseek(from, 0, SEEK_SET) != 0 ||
		!crypt_header_make(&h))
		abort();
	h.chunk = CHUNK;
	memcpy(h.bytes + 20, "\x10\0\0", 4);
	if (!crypt_encrypt(&h, key, from, to))
		abort();
	ssize_t n = pread(to, right, sizeof(right), 0);
	assert(n > 0);
	right_size = (size_t)n;
	close(from);
	close(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int from = memfd_create("file", 0), to = memfd_create("out", 0);
	struct crypt_header h;
	char out[4096];

	if (right_size == 0)
		make_right();
	size_t begin = size > 0 && data[0] <= right_size ? data[0] : 0;
	size_t skip = size > 0 ? 1 : 0;
	if (write(from, right, begin) != (ssize_t)begin ||
		write(from, data + skip, size - skip) != (ssize_t)(size - skip) || lseek(from, 0, SEEK_SET) != 0)
		abort();
	/* a chunk of 16 MiB is allowed, and slow */
	if (crypt_fill(from, h.bytes, CRYPT_HEADER_BYTES) == CRYPT_HEADER_BYTES && crypt_header_read(&h) &&
		h.chunk <= 4096) {
		bool whole = crypt_decrypt(&h, key, from, to);
		ssize_t n = pread(to, out, sizeof(out), 0);
		assert(n >= 0 && n <= PLAIN && memcmp(out, plain, (size_t)n) == 0);
		assert(!whole || n == PLAIN);
	}
	close(from);
	close(to);
	return 0;
}
