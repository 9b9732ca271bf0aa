/*
 * Files that are made beside their place. One killed leaves its temporary file behind; the next one that makes a file in
 * the same folder removes it.
 */
#include "store/internal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMP_NAME ".crm-new-"

static char *directory_of(const char *path)
{
	char *copy = strdup(path);

	/* dirname() may give back a constant */
	char *dir = copy ? strdup(dirname(copy)) : NULL;
	free(copy);
	return dir;
}

int place_sync_directory(crm_store *s, const char *path)
{
	cleanup(freep) char *dir = directory_of(path);
	int fd, r;

	if (!dir)
		return err_nomem(&s->err);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = fd < 0 || fsync(fd) < 0 ? err_set(&s->err, CRM_FAILED, "%s: %s", dir, strerror(errno)) : CRM_OK;
	if (fd >= 0)
		close(fd);
	return r;
}

/* `.crm-new-PID`, or a file that SQLite made beside it, of a process that is gone; one with our number was not us. */
static bool is_left(const char *name)
{
	const char *number = name + strlen(TEMP_NAME);
	size_t digits;
	int64_t pid;

	if (strncmp(name, TEMP_NAME, strlen(TEMP_NAME)) != 0)
		return false;
	digits = strspn(number, "0123456789");
	if ((number[digits] && number[digits] != '-') || !parse_int64(number, digits, 1, INT32_MAX, &pid))
		return false;
	return pid == getpid() || (kill((pid_t)pid, 0) < 0 && errno == ESRCH);
}

/* Failing to tidy up must not keep anybody from a backup: errors are ignored on purpose. */
static void remove_left(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (is_left(e->d_name))
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
}

int place_begin(struct place *p, crm_store *s, const char *path)
{
	cleanup(freep) char *dir = directory_of(path);
	struct buf temp = BUF_INIT;

	*p = (struct place){ .fd = -1 };
	if (!dir)
		return err_nomem(&s->err);
	remove_left(dir);
	buf_printf(&temp, "%s%s" TEMP_NAME "%ld", dir, strcmp(dir, "/") == 0 ? "" : "/", (long)getpid());
	p->path = strdup(path);
	p->temp = buf_take(&temp);
	if (p->path && p->temp)
		p->fd = open(p->temp, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (p->fd >= 0)
		return CRM_OK;
	int error = errno;
	free(TAKE_PTR(p->path));
	free(TAKE_PTR(p->temp));
	return error == ENOMEM ? err_nomem(&s->err) : err_set(&s->err, CRM_FAILED, "%s: %s", dir, strerror(error));
}

void place_put_stamp(struct buf *name, int64_t time)
{
	struct civil c;

	civil_from_seconds(time, &c);
	buf_printf(name, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

void place_free_name(struct buf *path)
{
	size_t len = path->len;
	struct stat st;

	for (int i = 2; buf_str(path) && lstat(path->s, &st) == 0; i++) {
		buf_truncate(path, len);
		buf_printf(path, "-%d", i);
	}
}

/* Renames to a name that nobody has; where the file system cannot, by a link. 0 or -1 with errno. */
static int rename_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (link(from, to) < 0)
		return -1;
	unlink(from);
	return 0;
}

/* What SQLite may have left beside it, empty by now. */
static void remove_companions(const struct place *p)
{
	static const char *const others[] = { "-journal", "-wal", "-shm", "-holder" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct buf name = BUF_INIT;

		buf_printf(&name, "%s%s", p->temp, others[i]);
		if (buf_str(&name))
			unlink(name.s);
		buf_free(&name);
	}
}

int place_keep(struct place *p, crm_store *s, bool replace)
{
	if (fsync(p->fd) < 0)
		return err_set(&s->err, CRM_FAILED, "%s: %s", p->path, strerror(errno));
	if ((replace ? rename(p->temp, p->path) : rename_new(p->temp, p->path)) < 0)
		return errno == EEXIST ? err_set(&s->err, CRM_EXISTS, "%s: there is a file already", p->path)
				       : err_set(&s->err, CRM_FAILED, "%s: %s", p->path, strerror(errno));
	remove_companions(p);
	free(TAKE_PTR(p->temp));
	if (place_sync_directory(s, p->path) < 0)
		return err_set(&s->err, CRM_FAILED,
			"%s: is there, but its folder cannot be written to the disk: outcome unknown", p->path);
	return CRM_OK;
}

void place_drop(struct place *p)
{
	if (p->fd >= 0)
		close(p->fd);
	if (p->temp) {
		remove_companions(p);
		unlink(p->temp);
	}
	free(p->path);
	free(p->temp);
	*p = (struct place){ .fd = -1 };
}

int copy_descriptor(crm_store *s, int from, int to)
{
	enum {
		BLOCK = 1 << 20
	};
	cleanup(freep) char *block = malloc(BLOCK);
	struct stat st;
	uint64_t done = 0, total = fstat(from, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;

	if (!block)
		return err_nomem(&s->err);
	for (;;) {
		ssize_t n = read(from, block, BLOCK);

		if (s->interrupted)
			return err_set(&s->err, CRM_INTERRUPTED, "interrupted: nothing was changed");
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? CRM_OK : err_set(&s->err, CRM_FAILED, "cannot read: %s", strerror(errno));
		if (!write_all(to, block, (size_t)n))
			return err_set(&s->err, CRM_FAILED, "cannot write: %s", strerror(errno));
		done += (uint64_t)n;
		store_event(s, CRM_EVENT_PROGRESS, done, total, crm_tr("copying"));
	}
}
