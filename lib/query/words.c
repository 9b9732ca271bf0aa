#include "query/words.h"
#include "model/search.h"
#include "text/segment.h"
#include "text/text.h"

enum {
	NUMBER_MIN = 4, /* digits that are the beginning of something longer: of a telephone number, of a day */
	PHONE_MIN =
		7 /* digits of a telephone number that somebody wrote in groups, or with what is dialled before it */
};

static void put_phrase(struct sought *out, const char *words, size_t len, bool goes_on)
{
	bool first = out->match.len == 0;

	buf_puts(&out->match, first ? "\"" : " OR \"");
	buf_add(&out->match, words, len);
	buf_puts(&out->match, goes_on ? "\" *" : "\"");
	buf_puts(&out->words, first ? " " : "| ");
	buf_add(&out->words, words, len);
	buf_puts(&out->words, goes_on ? "" : " ");
}

/* Digits, and what stands between them in telephone numbers. */
static bool is_number(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!ascii_digit(s[i]) && !strchr(" +-().", s[i]))
			return false;
	return true;
}

/* A number written in groups, or with zeros before it, in one piece. */
static void put_number(struct sought *out, const char *words, size_t len)
{
	struct buf digits = BUF_INIT;

	for (size_t i = 0; i < len; i++)
		if (words[i] != ' ' && (words[i] != '0' || digits.len > 0))
			buf_putc(&digits, words[i]);
	if (digits.len >= PHONE_MIN && digits.len < len)
		put_phrase(out, digits.s, digits.len, true);
	out->words.failed |= digits.failed;
	buf_free(&digits);
}

int sought_read(struct sought *out, const char *s, size_t len)
{
	bool goes_on = len > 1 && s[len - 1] == '*', quoted, number;
	struct buf folded = BUF_INIT, words = BUF_INIT;
	int status;

	*out = (struct sought){ 0 };
	len -= goes_on;
	quoted = len >= 2 && s[0] == '"' && s[len - 1] == '"';
	status = text_fold(&folded, s, len);
	number = status == CRM_OK && !quoted && is_number(buf_str(&folded), folded.len);
	if (status == CRM_OK)
		status = text_words(&words, s, len);
	if (status == CRM_OK && words.len == 0)
		status = CRM_INVALID;
	if (status == CRM_OK) {
		put_phrase(out, words.s, words.len, goes_on || (number && words.len >= NUMBER_MIN));
		if (number)
			put_number(out, words.s, words.len);
		if (out->match.failed || out->words.failed)
			status = CRM_NOMEM;
	}
	buf_free(&folded);
	buf_free(&words);
	return status;
}

void sought_free(struct sought *w)
{
	buf_free(&w->match);
	buf_free(&w->words);
}

void sql_has_words(struct sql *q, const struct crm_entity *e, const char *alias, const struct sought *w)
{
	buf_puts(&q->text, "has_words(");
	sql_param_text(q, w->words.s, w->words.len);
	buf_puts(&q->text, ", ");
	search_texts(&q->text, e, alias);
	buf_putc(&q->text, ')');
}

/* What an open operation has changed is not in the index yet. */
void sql_words(struct sql *q, const struct crm_entity *e, const char *alias, const struct sought *w)
{
	struct buf texts = BUF_INIT;
	bool any = search_texts(&texts, e, alias);

	buf_free(&texts);
	if (!any) {
		buf_puts(&q->text, "0");
		return;
	}
	if (!search_indexed(e) || q->s->op.open) {
		sql_has_words(q, e, alias, w);
		return;
	}
	buf_printf(&q->text,
		"(%s.id IN (SELECT search_index.rowid - m.base FROM search_mark m JOIN search_index"
		" WHERE m.entity = '%s' AND search_index MATCH ",
		alias, e->name);
	sql_param_text(q, w->match.s, w->match.len);
	buf_printf(&q->text,
		" AND search_index.rowid BETWEEN m.base + 1 AND m.base + m.upto)"
		" OR (%s.id > coalesce((SELECT upto FROM search_mark WHERE entity = '%s'), 0) AND ",
		alias, e->name);
	sql_has_words(q, e, alias, w);
	buf_puts(&q->text, "))");
}
