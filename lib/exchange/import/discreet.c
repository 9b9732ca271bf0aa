/* Messages without what stands in the file: cron mails them to people whom it does not concern. */
#include "exchange/import/import.h"
#include <crm/text.h>

/* True when the cell, as messages show it, has this text in it. */
static bool shows(const struct cell *c, const char *s, size_t len)
{
	size_t n = crm_text_escape(NULL, 0, c->s, c->len, CRM_ESCAPE_LINE);
	cleanup(freep) char *text = malloc(n + 1);

	if (!text)
		return true;
	crm_text_escape(text, n + 1, c->s, c->len, CRM_ESCAPE_LINE);
	return memmem(text, n, s, len) != NULL;
}

/* Whether this comes from the row; of one that could not be taken apart everything may. A message cuts with "…". */
static bool is_content(const struct draft *d, const char *s, size_t len)
{
	const size_t dots = strlen("…");

	if (len > dots && memcmp(s + len - dots, "…", dots) == 0)
		len -= dots;
	for (size_t i = 0; i < d->ncells && len > 0; i++)
		if (shows(&d->cells[i], s, len))
			return true;
	return d->ncells == 0;
}

/* The closing quote of what begins behind the quote at `s` and comes from the row, the farthest; NULL: nothing does. */
static const char *content_end(const struct draft *d, const char *s)
{
	for (const char *end = s + strlen(s); --end > s;)
		if (*end == '\'' && is_content(d, s + 1, (size_t)(end - s - 1)))
			return end;
	return NULL;
}

void discreet_reason(struct buf *out, const struct draft *d, const char *reason)
{
	while (*reason) {
		const char *end = *reason == '\'' ? content_end(d, reason) : NULL;

		if (end)
			buf_puts(out, "'…'");
		else
			buf_putc(out, *reason);
		reason = end ? end + 1 : reason + 1;
	}
}

void discreet_likeness(struct buf *b)
{
	size_t kept = 0;
	int depth = 0;

	for (size_t i = 0; i < b->len; i++) {
		if (b->s[i] == '(' && depth++ == 0 && kept > 0 && b->s[kept - 1] == ' ')
			kept--;
		if (depth == 0)
			b->s[kept++] = b->s[i];
		if (b->s[i] == ')' && depth > 0)
			depth--;
	}
	buf_truncate(b, kept);
}
