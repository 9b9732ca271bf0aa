#include "exchange/lines.h"

#include <errno.h>
#include <unistd.h>

static int read_more(struct lines *l, struct err *err)
{
	char block[1 << 16];
	ssize_t n;

	do
		n = read(l->fd, block, sizeof(block));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_set(err, CRM_FAILED, "%s: cannot be read: %s", l->file, strerror(errno));
	if (l->at > 0) {
		memmove(l->in.s, l->in.s + l->at, l->in.len - l->at);
		l->in.len -= l->at;
		l->at = 0;
	}
	l->at_eof = n == 0;
	buf_add(&l->in, block, (size_t)n);
	return l->in.failed ? err_nomem(err) : CRM_OK;
}

static int take(struct lines *l, char **line, size_t *len, size_t n)
{
	*line = l->in.s + l->at;
	*len = n;
	l->at += n + !l->cut;
	l->n++;
	return CRM_OK;
}

int lines_next(struct lines *l, char **line, size_t *len, struct err *err)
{
	size_t searched = 0;

	for (;;) {
		char *start = l->in.s ? l->in.s + l->at : NULL;
		char *end = l->in.len > l->at ? memchr(start + searched, '\n', l->in.len - l->at - searched) : NULL;
		int status;

		searched = end ? (size_t)(end - start) : l->in.len - l->at;
		if (searched > l->max) {
			l->n++;
			l->too_long = true;
			return err_set(err, CRM_FAILED, "%s:%llu: the line is longer than %zu bytes", l->file,
				(unsigned long long)l->n, l->max);
		}
		if (end) {
			*end = '\0';
			return take(l, line, len, searched);
		}
		if (l->at_eof) {
			l->cut = searched > 0;
			return l->cut ? take(l, line, len, searched) : CRM_END;
		}
		status = read_more(l, err);
		if (status < 0)
			return status;
	}
}

void lines_free(struct lines *l)
{
	buf_free(&l->in);
}
