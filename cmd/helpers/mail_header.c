/* Headers of a message or part: where they are, and their values in one line. */
#include "helpers/mail.h"

#include <string.h>

const char *const header_names[HEADERS] = {
	[HEADER_DATE] = "Date",
	[HEADER_RECEIVED] = "Received",
	[HEADER_FROM] = "From",
	[HEADER_SENDER] = "Sender",
	[HEADER_TO] = "To",
	[HEADER_CC] = "Cc",
	[HEADER_SUBJECT] = "Subject",
	[HEADER_BCC] = "Bcc",
	[HEADER_MESSAGE_ID] = "Message-ID",
	[HEADER_TYPE] = "Content-Type",
	[HEADER_DISPOSITION] = "Content-Disposition",
	[HEADER_ENCODING] = "Content-Transfer-Encoding",
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static void keep(struct part *p, struct text line)
{
	for (size_t i = 0; i < HEADERS; i++) {
		const char *name = header_names[i];
		size_t n = 0;

		while (name[n] && n < line.len && lower(name[n]) == lower(line.s[n]))
			n++;
		if (name[n])
			continue;
		while (n < line.len && (line.s[n] == ' ' || line.s[n] == '\t'))
			n++;
		if (n == line.len || line.s[n] != ':')
			continue;
		if (!p->headers[i].s)
			p->headers[i] = (struct text){ line.s + n + 1, line.len - n - 1 };
		return;
	}
}

/* The length of the header that begins there, with the lines that continue it. */
static size_t header_length(const char *s, size_t len)
{
	size_t n = 0;

	do {
		const char *end = memchr(s + n, '\n', len - n);
		n = end ? (size_t)(end - s) + 1 : len;
	} while (n < len && (s[n] == ' ' || s[n] == '\t'));
	return n;
}

static size_t empty_line(const char *s, size_t len)
{
	if (len && *s == '\n')
		return 1;
	return len > 1 && *s == '\r' && s[1] == '\n' ? 2 : 0;
}

/*
 * Lines between headers that are none are skipped: broken programs fold without a blank. But where the first line is none,
 * there are no headers at all, and everything is text.
 */
void part_read(struct part *p, struct text raw)
{
	size_t at = 0, n;
	bool any = false;

	if (!raw.s)
		raw.s = ""; /* nothing behind the separator of an mbox */
	*p = (struct part){ .body = raw };
	while (at < raw.len) {
		const char *s = raw.s + at;
		size_t left = raw.len - at;

		if ((n = empty_line(s, left)) > 0) {
			at += n;
			break;
		}
		n = header_length(s, left);
		bool header = mail_is_header(s, n);
		if (!any && !header && !(n > 5 && memcmp(s, "From ", 5) == 0))
			break;
		if (at + n > HEAD_MAX)
			p->cut = true;
		else if (header)
			keep(p, (struct text){ s, n });
		any = true;
		at += n;
	}
	p->body = (struct text){ raw.s + at, raw.len - at };
}

bool header_line(struct strbuf *out, const struct part *p, enum header which, size_t max)
{
	struct text v = p->headers[which];
	size_t start = out->len;

	while (v.len && is_blank(*v.s)) {
		v.s++;
		v.len--;
	}
	while (v.len && is_blank(v.s[v.len - 1]))
		v.len--;
	strbuf_add(out, "", 0);
	for (size_t i = 0; i < v.len && out->len - start < max;) {
		size_t n = 0, room = max - (out->len - start);

		while (i + n < v.len && n < room && v.s[i + n] != '\r' && v.s[i + n] != '\n')
			n++;
		strbuf_add(out, v.s + i, n);
		i += n;
		while (i < v.len && (v.s[i] == '\r' || v.s[i] == '\n'))
			i++;
	}
	need(out->failed ? NULL : out->s);
	return v.len > max;
}
