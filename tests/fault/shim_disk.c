/*
 * For LD_PRELOAD: writes down what a process does to the files below a folder, in the order in which it does it.
 *
 *   DISK_LOG=FILE     the log is appended to it, so that several commands have one
 *   DISK_FOLDER=DIR   the absolute path of the folder
 *
 * A line of the log is OP and its arguments, tabs between them, then the bytes of a write:
 *   open NAME FD CREATED TRUNCATED | write FD OFFSET LENGTH | size FD LENGTH | sync FD | close FD
 *   syncdir | unlink NAME | rename NAME NAME | link NAME NAME | mkdir NAME | said | end
 * `said`: something was written to stdout. -shm files are left out: SQLite makes them anew from the log.
 */
/* Both names of a function are meant, and as they are. */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	FDS = 1024
};

static int list = -1;
static char folder[PATH_MAX];
static size_t folder_len;
static enum {
	OTHER,
	FILE_BELOW,
	FOLDER_BELOW
} kinds[FDS];

#define REAL(name) real(#name)
static void *real(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (!f)
		abort();
	return f;
}

/* The text and the bytes in one piece: other processes may write to the log too. */
static void note_bytes(const void *bytes, size_t len, const char *fmt, ...)
{
	char text[2 * PATH_MAX + 64];
	struct iovec parts[2] = { { text, 0 }, { (void *)(uintptr_t)bytes, len } };
	va_list ap;

	va_start(ap, fmt);
	parts[0].iov_len = (size_t)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (((ssize_t(*)(int, const struct iovec *, int))REAL(writev))(list, parts, 2) < 0)
		abort();
}
#define note(...) note_bytes("", 0, __VA_ARGS__)

/* The name below the folder, "" for the folder itself; NULL when the path leads elsewhere, or to a -shm. */
static const char *name_of(const char *path, char whole[PATH_MAX])
{
	char dir[PATH_MAX], resolved[PATH_MAX];
	const char *slash, *base;
	size_t n;

	if (list < 0 || strlen(path) >= PATH_MAX)
		return NULL;
	stpcpy(dir, path);
	slash = strrchr(path, '/');
	base = slash ? slash + 1 : path;
	dir[base - path] = '\0';
	if (!realpath(*dir ? dir : ".", resolved) || strlen(resolved) + strlen(base) + 2 > PATH_MAX)
		return NULL;
	stpcpy(stpcpy(stpcpy(whole, resolved), "/"), base);
	n = strlen(whole);
	if (n > 0 && whole[n - 1] == '/')
		whole[--n] = '\0';
	if (strncmp(whole, folder, folder_len) != 0 || (whole[folder_len] && whole[folder_len] != '/'))
		return NULL;
	if (n > 4 && strcmp(whole + n - 4, "-shm") == 0)
		return NULL;
	return whole[folder_len] ? whole + folder_len + 1 : whole + folder_len;
}

static int opened(int fd, const char *path, int flags, bool was_there)
{
	char whole[PATH_MAX];
	const char *name = fd >= 0 && fd < FDS ? name_of(path, whole) : NULL;
	struct stat st;

	if (fd < 0 || fd >= FDS)
		return fd;
	kinds[fd] = OTHER;
	if (!name || fstat(fd, &st) < 0)
		return fd;
	if (S_ISDIR(st.st_mode)) {
		kinds[fd] = FOLDER_BELOW;
	} else if ((flags & O_ACCMODE) != O_RDONLY) {
		kinds[fd] = FILE_BELOW;
		note("open\t%s\t%d\t%d\t%d\n", name, fd, !was_there, (flags & O_TRUNC) != 0);
	}
	return fd;
}

static int open_any(const char *symbol, const char *path, int flags, mode_t mode)
{
	struct stat st;
	bool was_there = stat(path, &st) == 0;
	int error = errno;
	int fd;

	errno = error;
	fd = ((int (*)(const char *, int, ...))real(symbol))(path, flags, mode);
	error = errno;
	opened(fd, path, flags, was_there);
	errno = error;
	return fd;
}

static mode_t mode_of(int flags, va_list ap)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
}

#define OPEN(symbol)                                                                                                   \
	int symbol(const char *path, int flags, ...)                                                                   \
	{                                                                                                              \
		va_list ap;                                                                                            \
		mode_t mode;                                                                                           \
                                                                                                                       \
		va_start(ap, flags);                                                                                   \
		mode = mode_of(flags, ap);                                                                             \
		va_end(ap);                                                                                            \
		return open_any(#symbol, path, flags, mode);                                                           \
	}
OPEN(open)
OPEN(open64)

/* What open() is where it is checked while compiling: it makes no file. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

int __open_2(const char *path, int flags)
{
	return open_any("open", path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
	return open_any("open64", path, flags, 0);
}

int mkostemp64(char *template, int flags)
{
	int fd = ((int (*)(char *, int))REAL(mkostemp64))(template, flags);

	return opened(fd, template, O_RDWR, false);
}

int mkostemp(char *template, int flags)
{
	return mkostemp64(template, flags);
}

static bool is_below(int fd)
{
	return list >= 0 && fd >= 0 && fd < FDS && kinds[fd] == FILE_BELOW;
}

static void written(int fd, const void *bytes, ssize_t n, int64_t offset)
{
	if (n > 0 && is_below(fd))
		note_bytes(bytes, (size_t)n, "write\t%d\t%lld\t%zd\n", fd, (long long)offset, n);
	if (n > 0 && fd == STDOUT_FILENO && list >= 0)
		note("said\n");
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
	ssize_t n = ((ssize_t(*)(int, const void *, size_t, off64_t))REAL(pwrite64))(fd, bytes, len, offset);

	written(fd, bytes, n, offset);
	return n;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
	return pwrite64(fd, bytes, len, offset);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	ssize_t n = ((ssize_t(*)(int, const void *, size_t))REAL(write))(fd, bytes, len);
	int error = errno;

	/* behind it: the same for a file that is only appended to */
	if (n > 0)
		written(fd, bytes, n, is_below(fd) ? lseek(fd, 0, SEEK_CUR) - n : 0);
	errno = error;
	return n;
}

int ftruncate64(int fd, off64_t length)
{
	int r = ((int (*)(int, off64_t))REAL(ftruncate64))(fd, length);

	if (r == 0 && is_below(fd))
		note("size\t%d\t%lld\n", fd, (long long)length);
	return r;
}

int ftruncate(int fd, off_t length)
{
	return ftruncate64(fd, length);
}

static int synced(int fd, int r)
{
	if (r == 0 && is_below(fd))
		note("sync\t%d\n", fd);
	else if (r == 0 && list >= 0 && fd >= 0 && fd < FDS && kinds[fd] == FOLDER_BELOW)
		note("syncdir\n");
	return r;
}

int fsync(int fd)
{
	return synced(fd, ((int (*)(int))REAL(fsync))(fd));
}

int fdatasync(int fd)
{
	return synced(fd, ((int (*)(int))REAL(fdatasync))(fd));
}

int close(int fd)
{
	if (is_below(fd))
		note("close\t%d\n", fd);
	if (fd >= 0 && fd < FDS)
		kinds[fd] = OTHER;
	return ((int (*)(int))REAL(close))(fd);
}

int unlink(const char *path)
{
	char whole[PATH_MAX];
	const char *name = name_of(path, whole);
	int r = ((int (*)(const char *))REAL(unlink))(path);

	if (r == 0 && name)
		note("unlink\t%s\n", name);
	return r;
}

static int two_names(const char *op, const char *from, const char *to, int r)
{
	char whole[PATH_MAX], other[PATH_MAX];
	const char *a = r == 0 ? name_of(from, whole) : NULL, *b = r == 0 ? name_of(to, other) : NULL;

	if (a && b)
		note("%s\t%s\t%s\n", op, a, b);
	return r;
}

int rename(const char *from, const char *to)
{
	return two_names("rename", from, to, ((int (*)(const char *, const char *))REAL(rename))(from, to));
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	int r = ((int (*)(int, const char *, int, const char *, unsigned))REAL(renameat2))(
		from_dir, from, to_dir, to, flags);

	return two_names("rename", from, to, r);
}

int link(const char *from, const char *to)
{
	return two_names("link", from, to, ((int (*)(const char *, const char *))REAL(link))(from, to));
}

int mkdir(const char *path, mode_t mode)
{
	char whole[PATH_MAX];
	const char *name = name_of(path, whole);
	int r = ((int (*)(const char *, mode_t))REAL(mkdir))(path, mode);

	if (r == 0 && name)
		note("mkdir\t%s\n", name);
	return r;
}

__attribute__((constructor)) static void start(void)
{
	const char *log = getenv("DISK_LOG"), *below = getenv("DISK_FOLDER");
	int fd;

	if (!log || !below || !realpath(below, folder))
		return;
	folder_len = strlen(folder);
	fd = ((int (*)(const char *, int, ...))REAL(open))(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	list = fcntl(fd, F_DUPFD_CLOEXEC, FDS); /* out of the way of those that a program closes */
	if (list < 0)
		list = fd;
	else
		((int (*)(int))REAL(close))(fd);
}

__attribute__((destructor)) static void finish(void)
{
	if (list >= 0)
		note("end\n");
}
