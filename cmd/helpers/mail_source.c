/* Files of mail: their form by content, and the messages of an mbox one after the other. */
#include "helpers/mail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	WINDOW = 256 << 10,
	KEPT_MAX = 4 << 20, /* memory that the next message may have from the one before */
	LOOK_AHEAD = 4096   /* what tells whether a line parts messages */
};

struct mail_source {
	const char *name;
	enum mail_form form;
	struct maildir *maildir;
	int fd;
	uint64_t number;
	size_t begin, end; /* of what is read and not yet used, in `window` */
	bool eof, started; /* started: the window begins behind a separator of an mbox */
	char window[WINDOW];
};

/* --- the window --- */

/* At least `n` bytes, unless the file ends before. 0 or errno. */
static int fill(struct mail_source *s, size_t n)
{
	if (s->end - s->begin >= n || s->eof)
		return 0;
	memmove(s->window, s->window + s->begin, s->end - s->begin);
	s->end -= s->begin;
	s->begin = 0;
	while (s->end < n && !s->eof) {
		ssize_t got = read(s->fd, s->window + s->end, WINDOW - s->end);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		s->eof = got == 0;
		s->end += (size_t)got;
	}
	return 0;
}

void mail_append(struct mail *m, const char *s, size_t len)
{
	size_t room = MESSAGE_MAX - m->text.len;

	if (len > room) {
		m->lost += len - room;
		len = room;
	}
	strbuf_add(&m->text, s, len);
	need(m->text.failed ? NULL : m);
}

int mail_read(struct mail *m, int fd)
{
	char chunk[32 << 10];

	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : 0;
		mail_append(m, chunk, (size_t)n);
	}
}

/* --- an mbox --- */

static bool begins(const char *s, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && memcmp(s, word, n) == 0;
}

bool mail_is_header(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && s[i] > ' ' && s[i] != ':' && s[i] < 0x7f)
		i++;
	if (!i)
		return false;
	while (i < len && (s[i] == ' ' || s[i] == '\t'))
		i++;
	return i < len && s[i] == ':';
}

/* `Mon Jan ` of ctime(3), anywhere in the line. */
static bool has_date(const char *s, size_t len)
{
	static const char days[] = "Mon Tue Wed Thu Fri Sat Sun ";
	static const char months[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";

	for (size_t i = 0; i + 8 < len; i++)
		if (s[i + 3] == ' ' && s[i + 7] == ' ' && memmem(days, sizeof(days) - 1, s + i, 4) &&
			memmem(months, sizeof(months) - 1, s + i + 4, 4))
			return true;
	return false;
}

/*
 * True when the line at the beginning of the window parts messages: `From `, an address, a date. Some programs write no
 * date; then it must follow an empty line, and a header must follow it. (A body may well have a line `From here on …`;
 * lengths of Content-Length are wrong too often to help.)
 */
static bool separates(const struct mail_source *s, bool after_empty)
{
	const char *line = s->window + s->begin;
	size_t len = s->end - s->begin;

	if (!begins(line, len, "From "))
		return false;
	const char *end = memchr(line, '\n', len);
	if (has_date(line, end ? (size_t)(end - line) : len))
		return true;
	return after_empty && end && mail_is_header(end + 1, len - (size_t)(end + 1 - line));
}

/* Uses up the line at the beginning of the window, or as much of it as there is; appends it to `m` unless NULL. */
static bool take_line(struct mail_source *s, struct mail *m, bool *whole)
{
	const char *line = s->window + s->begin, *end = memchr(line, '\n', s->end - s->begin);
	size_t len = end ? (size_t)(end - line) + 1 : s->end - s->begin;

	if (m)
		mail_append(m, line, len);
	s->begin += len;
	*whole = end != NULL;
	return len <= 2 && (*line == '\n' || begins(line, len, "\r\n"));
}

/* `>From ` stands for `From `, `>>From ` for `>From `, and so on. */
static bool escaped(const struct mail_source *s)
{
	const char *line = s->window + s->begin, *end = s->window + s->end;

	if (line == end || *line != '>')
		return false;
	while (line < end && *line == '>')
		line++;
	return begins(line, (size_t)(end - line), "From ");
}

/* The rest of a separator's line, whatever its length. */
static int skip_line(struct mail_source *s)
{
	bool whole = false;
	int error = 0;

	while (!whole && !error && (error = fill(s, 1)) == 0 && s->begin < s->end)
		take_line(s, NULL, &whole);
	return error;
}

/* Only empty lines may stand before the first separator. 0, errno, or -1 after a message. */
static int mbox_start(struct mail_source *s)
{
	bool whole;
	int error;

	s->started = true;
	while ((error = fill(s, LOOK_AHEAD)) == 0 && s->begin < s->end && !separates(s, true)) {
		if (!take_line(s, NULL, &whole)) {
			place_say(&(struct place){ .file = s->name },
				"no mbox: it does not begin with a line `From ADDRESS DATE` (see --form)");
			return -1;
		}
	}
	return error;
}

/* The window begins with a separator, or the file is at its end. Returns as mbox_start(). */
static int mbox_message(struct mail_source *s, struct mail *m, bool *got)
{
	bool whole = true, empty = false;
	int error = s->started ? 0 : mbox_start(s);

	*got = !error && s->begin < s->end;
	if (!*got)
		return error;
	error = skip_line(s);
	while (!error && (error = fill(s, LOOK_AHEAD)) == 0 && s->begin < s->end) {
		if (whole && separates(s, empty))
			break;
		if (whole && escaped(s))
			s->begin++;
		bool start = whole;
		empty = take_line(s, m, &whole) && start;
	}
	return error;
}

/* --- any form --- */

/* The form by what the file begins with. 0 or errno. */
static int detect(struct mail_source *s)
{
	const char *text;
	size_t len;
	int error = fill(s, LOOK_AHEAD);

	if (error)
		return error;
	if (begins(s->window + s->begin, s->end - s->begin, "\xef\xbb\xbf"))
		s->begin += 3;
	text = s->window + s->begin;
	len = s->end - s->begin;
	while (len && (*text == '\n' || *text == '\r')) {
		text++;
		len--;
	}
	if (s->form != MAIL_AUTO)
		return 0;
	if (begins(text, len, "From "))
		s->form = MAIL_MBOX;
	else if (mail_is_header(text, len))
		s->form = MAIL_EML;
	return 0;
}

static int open_file(struct mail_source *s, const char *path)
{
	struct stat st;

	s->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0 || fstat(s->fd, &st) < 0)
		return errno;
	if (!S_ISDIR(st.st_mode))
		return s->form == MAIL_MAILDIR ? ENOTDIR : detect(s);
	if (s->form != MAIL_AUTO && s->form != MAIL_MAILDIR)
		return EISDIR;
	s->form = MAIL_MAILDIR;
	s->maildir = maildir_open(path);
	return s->maildir ? 0 : -1;
}

struct mail_source *mail_open(const char *path, enum mail_form form)
{
	struct mail_source *s = need_zeroed(1, sizeof(*s));
	struct place at = { .file = strcmp(path, "-") == 0 ? "stdin" : path };
	int error;

	s->name = at.file;
	s->form = form;
	s->fd = -1;
	error = open_file(s, path);
	if (!error && s->form == MAIL_AUTO && s->begin == s->end)
		error = -1, place_say(&at, "no mail: the file is empty");
	else if (!error && s->form == MAIL_AUTO)
		error = -1, place_say(&at, "no mail: neither an mbox (`From …`) nor headers at its beginning "
					   "(--form eml or mbox, if it is)");
	else if (error > 0)
		place_say(&at, "%s", strerror(error));
	if (!error)
		return s;
	mail_close(s);
	return NULL;
}

static int single_message(struct mail_source *s, struct mail *m, bool *got)
{
	int error = 0;

	if (!s->number) {
		mail_append(m, s->window + s->begin, s->end - s->begin);
		error = mail_read(m, s->fd);
	}
	*got = !error && m->text.len > 0;
	return error;
}

int mail_next(struct mail_source *s, struct mail *m)
{
	bool got = false;
	int error;

	if (m->text.cap > KEPT_MAX)
		strbuf_free(&m->text);
	strbuf_truncate(&m->text, 0);
	m->lost = 0;
	if (s->maildir)
		return maildir_next(s->maildir, m);
	m->at = (struct place){ .file = s->name, .number = s->number + 1 };
	error = s->form == MAIL_MBOX ? mbox_message(s, m, &got) : single_message(s, m, &got);
	if (error > 0)
		place_say(&m->at, "%s", strerror(error));
	s->number += got;
	return error ? -1 : got;
}

void mail_close(struct mail_source *s)
{
	if (!s)
		return;
	maildir_close(s->maildir);
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	free(s);
}
