/* Files: read whole; written beside their place and renamed. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int read_all(struct strbuf *text, int fd)
{
	for (;;) {
		if (!strbuf_reserve(text, 64 * 1024))
			return ENOMEM;
		ssize_t n = read(fd, text->s + text->len, 64 * 1024);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		text->len += (size_t)n;
		text->s[text->len] = '\0';
		if (n == 0)
			return 0;
	}
}

int make_parents(const char *path)
{
	cleanup(freep) char *dir = need_copy(path);

	for (char *slash = strchr(dir + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(dir, 0700) < 0 && errno != EEXIST)
			return errno;
		*slash = '/';
	}
	return 0;
}

/* The directory of a path, owned by the caller. */
static char *directory_of(const char *path)
{
	char *dir = need_copy(path), *slash = strrchr(dir, '/');

	if (!slash) {
		free(dir);
		return need_copy(".");
	}
	slash[slash == dir] = '\0';
	return dir;
}

/* A link that somebody else made leads where they want. */
static bool is_foreign_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) && st.st_uid != geteuid() && st.st_uid != 0;
}

int new_file_open(struct new_file *f, const char *path)
{
	struct strbuf temp = { 0 };
	struct stat st;

	*f = (struct new_file){ .fd = -1 };
	if (is_foreign_link(path))
		return ELOOP;
	/* a link of ours stays one: what it points to is replaced */
	f->path = realpath(path, NULL);
	if (!f->path)
		f->path = need_copy(path);
	if (stat(f->path, &st) == 0 && !S_ISREG(st.st_mode)) {
		f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
	} else {
		strbuf_printf(&temp, "%s.XXXXXX", f->path);
		f->temp = need_text(&temp);
		f->fd = mkostemp(f->temp, O_CLOEXEC);
	}
	if (f->fd >= 0)
		return 0;
	int error = errno;
	free(f->path);
	free(f->temp);
	return error;
}

static void release(struct new_file *f)
{
	free(f->path);
	free(f->temp);
	*f = (struct new_file){ .fd = -1 };
}

static int sync_directory(const char *path)
{
	cleanup(freep) char *dir = directory_of(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	int error = fsync(fd) < 0 ? errno : 0;
	close(fd);
	return error;
}

int new_file_keep(struct new_file *f)
{
	int error = 0;

	if (!f->temp) {
		error = close(f->fd) < 0 ? errno : 0;
		release(f);
		return error;
	}
	if (fsync(f->fd) < 0)
		error = errno;
	if (close(f->fd) < 0 && !error)
		error = errno;
	if (!error && rename(f->temp, f->path) < 0)
		error = errno;
	if (error)
		unlink(f->temp);
	else
		error = sync_directory(f->path);
	release(f);
	return error;
}

int new_file_write(const char *path, const char *s, size_t len)
{
	struct new_file f;
	int error = new_file_open(&f, path);

	if (error)
		return error;
	struct out *o = need(out_open(f.fd));
	out_write(o, s, len);
	error = out_close(o);
	if (!error)
		return new_file_keep(&f);
	new_file_drop(&f);
	return error;
}

void new_file_drop(struct new_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->temp)
		unlink(f->temp);
	release(f);
}
