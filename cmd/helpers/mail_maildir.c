/* A Maildir: a file a message, in the folders new and cur. */
#include "helpers/mail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct maildir {
	struct strings paths; /* each allocated */
	size_t at;
	uint64_t number;
};

/* The name up to its flags: it stays when a message is read and moves from new to cur. */
static struct text unique_name(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	return (struct text){ name, strcspn(name, ":") };
}

static int compare(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	struct text m = unique_name(x), n = unique_name(y);
	int order = memcmp(m.s, n.s, m.len < n.len ? m.len : n.len);

	if (order == 0)
		order = (m.len > n.len) - (m.len < n.len);
	return order ? order : strcmp(x, y);
}

/* 0 or errno; ENOENT is for the caller to judge. */
static int list_folder(struct maildir *d, const char *path, const char *folder)
{
	cleanup(strbuf_freep) struct strbuf b = { 0 };
	struct dirent *entry;
	int error;

	strbuf_printf(&b, "%s/%s", path, folder);
	need(b.failed ? NULL : b.s);
	DIR *dir = opendir(b.s);
	if (!dir)
		return errno;
	while (errno = 0, (entry = readdir(dir))) {
		struct strbuf name = { 0 };

		if (entry->d_name[0] == '.')
			continue;
		strbuf_printf(&name, "%s/%s", b.s, entry->d_name);
		strings_add(&d->paths, need_text(&name));
	}
	error = errno;
	closedir(dir);
	return error;
}

struct maildir *maildir_open(const char *path)
{
	struct maildir *d = need_zeroed(1, sizeof(*d));
	struct place at = { .file = path };
	int error = list_folder(d, path, "cur"), other = list_folder(d, path, "new");

	if (error == ENOENT && other == ENOENT)
		place_say(&at, "no mail: a folder without cur and new is no Maildir");
	else if ((error && error != ENOENT) || (other && other != ENOENT))
		place_say(&at, "%s", strerror(error && error != ENOENT ? error : other));
	else
		error = other = 0;
	if (error || other) {
		maildir_close(d);
		return NULL;
	}
	if (d->paths.n)
		qsort(d->paths.v, d->paths.n, sizeof(*d->paths.v), compare);
	return d;
}

void maildir_close(struct maildir *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->paths.n; i++)
		free((char *)(uintptr_t)d->paths.v[i]);
	strings_free(&d->paths);
	free(d);
}

/* Waiting for the other end of a pipe that somebody put there would be forever. 0 or errno; *file: it is one. */
static int read_file(struct mail *m, const char *path, bool *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error = 0;
	struct stat st;

	if (fd < 0)
		return errno;
	if (fstat(fd, &st) < 0)
		error = errno;
	*file = !error && S_ISREG(st.st_mode);
	if (*file)
		error = mail_read(m, fd);
	close(fd);
	return error;
}

int maildir_next(struct maildir *d, struct mail *m)
{
	bool file = false;

	while (d->at < d->paths.n) {
		m->at = (struct place){ .file = d->paths.v[d->at++], .number = d->number + 1 };
		int error = read_file(m, m->at.file, &file);
		if (error) {
			place_say(&m->at, error == ENOENT ? N_("%s (moved meanwhile: run the import again)") : "%s",
				strerror(error));
			return -1;
		}
		if (file && m->text.len) {
			d->number++;
			return 1;
		}
		place_say(&m->at, file ? N_("left out: the file is empty") : N_("left out: not a plain file"));
	}
	return 0;
}
