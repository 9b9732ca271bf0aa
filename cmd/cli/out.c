#include "cli/out.h"
#include "cli/writer.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct out *out_open(int fd)
{
	struct out *o = malloc(sizeof(*o));
	if (!o)
		return NULL;
	o->fd = fd;
	o->error = 0;
	o->sink = NULL;
	o->used = 0;
	return o;
}

/* Writes all of it: an interrupted, short or would-block write goes on. Returns 0 or errno. */
static int write_fully(int fd, const char *s, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, s, len);
		if (n > 0) {
			s += n;
			len -= (size_t)n;
		} else if (n == 0) {
			return EIO;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			/* a parent left the descriptor non-blocking */
			struct pollfd p = { .fd = fd, .events = POLLOUT };
			if (poll(&p, 1, -1) < 0 && errno != EINTR)
				return errno;
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

static void deliver(struct out *o, const char *s, size_t len)
{
	if (o->error)
		return;
	if (!o->sink) {
		o->error = write_fully(o->fd, s, len);
		return;
	}
	strbuf_add(o->sink, s, len);
	if (o->sink->failed)
		o->error = ENOMEM;
}

void out_flush(struct out *o)
{
	deliver(o, o->buffer, o->used);
	o->used = 0;
}

void out_write(struct out *o, const char *s, size_t len)
{
	if (len > OUT_BUFFER - o->used)
		out_flush(o);
	if (len >= OUT_BUFFER) {
		deliver(o, s, len);
		return;
	}
	if (len > 0) /* nothing may be nowhere */
		memcpy(o->buffer + o->used, s, len);
	o->used += len;
}

void out_puts(struct out *o, const char *s)
{
	out_write(o, s, strlen(s));
}

void out_blanks(struct out *o, size_t n)
{
	static const char blanks[] = "                                                                ";
	const size_t most = sizeof(blanks) - 1;

	for (; n > most; n -= most)
		out_put(o, blanks, most);
	out_put(o, blanks, n);
}

/* Writes what was gathered and frees it. */
static void write_gathered(struct out *o, struct strbuf *b)
{
	if (b->failed && !o->error)
		o->error = ENOMEM;
	out_put(o, b->s ? b->s : "", b->len);
	strbuf_free(b);
}

void out_text(struct out *o, const char *s, size_t len)
{
	struct strbuf b = { 0 };

	strbuf_escape(&b, s, len, CRM_ESCAPE_LINE);
	write_gathered(o, &b);
}

void out_printf(struct out *o, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0) {
		if (!o->error)
			o->error = errno;
		return;
	}
	if ((size_t)n < sizeof(line)) {
		out_write(o, line, (size_t)n);
		return;
	}
	struct strbuf b = { 0 };
	if (strbuf_reserve(&b, (size_t)n)) {
		va_start(ap, fmt);
		vsnprintf(b.s, (size_t)n + 1, fmt, ap);
		va_end(ap);
		b.len = (size_t)n;
	}
	write_gathered(o, &b);
}

int out_error(const struct out *o)
{
	return o->error;
}

int out_close(struct out *o)
{
	if (!o)
		return 0;
	out_flush(o);
	int error = o->error;
	free(o);
	return error;
}
