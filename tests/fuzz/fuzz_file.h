/* The bytes as a file, for what reads a descriptor. */
#ifndef TESTS_FUZZ_FUZZ_FILE_H
#define TESTS_FUZZ_FUZZ_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static inline void fuzz_file_require(bool holds, const char *what)
{
	if (holds)
		return;
	perror(what);
	abort();
}

/* At its beginning; the caller closes it. */
static inline int fuzz_file(const void *data, size_t size)
{
	const char *s = data;
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	fuzz_file_require(fd >= 0, "a file for the bytes");
	while (size > 0) {
		ssize_t n = write(fd, s, size);

		fuzz_file_require(n > 0, "writing the bytes");
		s += n;
		size -= (size_t)n;
	}
	fuzz_file_require(lseek(fd, 0, SEEK_SET) == 0, "seeking to the beginning");
	return fd;
}

#endif
