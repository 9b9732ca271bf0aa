#include "cli/progress.h"

#include <crm/language.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* A bar that is gone at once only flickers. */
static const double patience = 1.0;

void progress_init(struct progress *p, bool terminal, bool quiet)
{
	*p = (struct progress){ .fd = STDERR_FILENO, .terminal = terminal, .quiet = quiet };
}

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What cannot be said on stderr cannot be said. */
static void say(const struct progress *p, const struct strbuf *b)
{
	size_t done = 0;

	while (done < b->len) {
		ssize_t n = write(p->fd, b->s + done, b->len - done);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			break;
	}
}

static size_t terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}

/* --- the bar --- */

static void add_grouped(struct strbuf *b, uint64_t n)
{
	char text[32];
	size_t at = sizeof(text), digits = 0;

	do {
		if (digits > 0 && digits % 3 == 0)
			text[--at] = ',';
		text[--at] = (char)('0' + n % 10);
		n /= 10;
		digits++;
	} while (n > 0);
	strbuf_add(b, text + at, sizeof(text) - at);
}

static void add_time_left(struct strbuf *b, double seconds)
{
	/* beyond 100 hours nobody knows */
	if (!(seconds >= 0 && seconds < 360000))
		return;
	unsigned s = (unsigned)(seconds + 0.5);
	strbuf_puts(b, "  ");
	if (s >= 3600)
		strbuf_printf(b, crm_tr("%u h %u min left"), s / 3600, s / 60 % 60);
	else if (s >= 60)
		strbuf_printf(b, crm_tr("%u min %u s left"), s / 60, s % 60);
	else
		strbuf_printf(b, crm_tr("%u s left"), s);
}

void progress_line(struct strbuf *out, const crm_event *event, uint64_t from, double seconds, size_t width)
{
	size_t start = out->len;
	uint64_t done = event->done, total = event->total;
	double rate = seconds > 0 && done > from ? (double)(done - from) / seconds : 0;

	if (event->text && *event->text) {
		strbuf_escape(out, event->text, strlen(event->text), CRM_ESCAPE_LINE);
		strbuf_puts(out, "  ");
	}
	add_grouped(out, done);
	if (total > 0) {
		strbuf_puts(out, crm_tr(" of "));
		add_grouped(out, total);
		/* never 100 % before the end */
		strbuf_printf(out, "  %u %%", done >= total ? 100 : (unsigned)((double)done / (double)total * 100));
	}
	if (rate >= 1 && rate < 1e12) {
		strbuf_puts(out, "  ");
		add_grouped(out, (uint64_t)(rate + 0.5));
		strbuf_puts(out, crm_tr("/s"));
	}
	if (total > done && rate > 0)
		add_time_left(out, (double)(total - done) / rate);
	if (!out->failed)
		strbuf_truncate(out, start + crm_text_fit(out->s + start, out->len - start, width));
}

/* A new text, or a count that went back, is a new phase with a rate of its own. */
static void follow_phase(struct progress *p, const crm_event *event, double now)
{
	const char *text = event->text ? event->text : "";

	if (p->began > 0 && event->done >= p->last_done && p->text.s && strcmp(p->text.s, text) == 0) {
		p->last_done = event->done;
		return;
	}
	if (p->began <= 0)
		p->began = now;
	p->phase = now;
	p->phase_done = p->last_done = event->done;
	strbuf_truncate(&p->text, 0);
	strbuf_puts(&p->text, text);
}

static void show_progress(struct progress *p, const crm_event *event)
{
	if (!p->terminal || p->quiet)
		return;

	double now = seconds_now();
	follow_phase(p, event, now);
	/* in the background the terminal is another's */
	if (now - p->began < patience || (isatty(p->fd) && tcgetpgrp(p->fd) != getpgrp()))
		return;

	struct strbuf b = { 0 };
	strbuf_puts(&b, "\r");
	/* the last column stays free: some terminals wrap when it is written */
	progress_line(&b, event, p->phase_done, now - p->phase, terminal_width(p->fd) - 1);
	strbuf_puts(&b, "\033[K");
	if (!b.failed)
		say(p, &b);
	p->shown = true;
	strbuf_free(&b);
}

void progress_clear(struct progress *p)
{
	static char erase[] = "\r\033[K";

	if (!p->shown)
		return;
	p->shown = false;
	say(p, &(struct strbuf){ .s = erase, .len = sizeof(erase) - 1 });
}

void progress_end(struct progress *p)
{
	progress_clear(p);
	strbuf_free(&p->text);
}

/* --- lines --- */

static void say_line(struct progress *p, const char *begin, const char *text)
{
	struct strbuf b = { 0 };

	progress_clear(p);
	strbuf_puts(&b, begin);
	if (text)
		strbuf_escape(&b, text, strlen(text), CRM_ESCAPE_LINE);
	strbuf_puts(&b, "\n");
	if (!b.failed)
		say(p, &b);
	strbuf_free(&b);
}

static void say_waiting(struct progress *p, const char *holder)
{
	bool known = holder && *holder;

	say_line(p, known ? crm_tr("crm: waiting for the store: ") : crm_tr("crm: waiting for the store"), holder);
}

void progress_event(const crm_event *event, void *payload)
{
	struct progress *p = payload;

	switch (event->kind) {
	case CRM_EVENT_PROGRESS:
		show_progress(p, event);
		break;
	case CRM_EVENT_WAITING:
		if (!p->waited && !p->quiet)
			say_waiting(p, event->text);
		p->waited = true;
		break;
	case CRM_EVENT_WARNING:
		say_line(p, crm_tr("crm: warning: "), event->text);
		break;
	case CRM_EVENT_NOTE:
		if (!p->quiet)
			say_line(p, "", event->text);
		break;
	}
}
