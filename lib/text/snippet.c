#include "text/snippet.h"

#include "text/text.h"
#include <utf8proc.h>

enum {
	NARROWEST = 8,
	BEFORE = 3,           /* what stands before the hit takes at most one of so many parts of the width */
	BYTES_PER_COLUMN = 8, /* that are looked at: enough but for long runs of blanks and of what is never seen */
	SPANS_MAX = 200,      /* of which the best place is chosen */
	WORD_MAX = 24         /* bytes: longer ones are cut in two */
};

static const char ellipsis[] = "\u2026";

/* --- choosing the place --- */

/* The span near which most others are, the first of equals. */
static size_t best_span(const struct spans *found, size_t width)
{
	const size_t n = found->n < SPANS_MAX ? found->n : SPANS_MAX;
	size_t best = 0, most = 0;

	for (size_t i = 0, k = 0; i < n; i++) {
		while (k < n && found->v[k].to <= found->v[i].from + width)
			k++;
		if (k > i && k - i > most) {
			most = k - i;
			best = i;
		}
	}
	return best;
}

static bool is_blank(const char *s, size_t len, size_t *bytes)
{
	uint32_t cp = 0;

	*bytes = utf8_decode(s, len, &cp);
	if (*bytes <= 1) {
		*bytes = 1;
		return ascii_blank(*s);
	}
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return cp == 0x85;
	}
}

static size_t to_character(const char *s, size_t len, size_t at)
{
	while (at > 0 && at < len && (s[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* --- one line --- */

/* The neighbourhood of the best span, its white space made single blanks. */
struct line {
	struct buf text;
	size_t from, to;   /* which bytes of the text it was made of */
	size_t *at;        /* where each of these went, and the end */
	struct span focus; /* the best span, in the line */
	bool more_before, more_behind;
};

static void line_free(struct line *line)
{
	buf_free(&line->text);
	free(line->at);
}

static void squeeze(struct line *line, const char *s)
{
	struct buf *b = &line->text;
	bool blank = false;

	for (size_t i = line->from, bytes; i < line->to; i += bytes) {
		const bool white = is_blank(s + i, line->to - i, &bytes);

		if (!white && blank)
			buf_putc(b, ' ');
		blank = white && b->len > 0;
		for (size_t k = 0; k < bytes; k++)
			line->at[i + k - line->from] = b->len;
		if (!white)
			buf_add(b, s + i, bytes);
	}
	line->at[line->to - line->from] = b->len;
}

static size_t in_line(const struct line *line, size_t at)
{
	at = at < line->from ? line->from : at > line->to ? line->to : at;
	return line->at[at - line->from];
}

static bool all_blank(const char *s, size_t from, size_t to)
{
	for (size_t bytes; from < to; from += bytes)
		if (!is_blank(s + from, to - from, &bytes))
			return false;
	return true;
}

static int make_line(struct line *line, const char *s, size_t len, const struct spans *found, size_t width)
{
	const size_t around = width * BYTES_PER_COLUMN;
	struct span best = found->n > 0 ? found->v[best_span(found, width)] : (struct span){ 0, 0 };

	line->from = to_character(s, len, best.from > around ? best.from - around : 0);
	line->to = to_character(s, len, len - best.from > around ? best.from + around : len);
	line->at = calloc(line->to - line->from + 1, sizeof(*line->at));
	if (!line->at)
		return CRM_NOMEM;
	squeeze(line, s);
	line->focus = (struct span){ in_line(line, best.from), in_line(line, best.to) };
	line->more_before = !all_blank(s, 0, line->from);
	line->more_behind = !all_blank(s, line->to, len);
	return buf_str(&line->text) ? CRM_OK : CRM_NOMEM;
}

/* --- cutting --- */

/* A letter or digit of what is written with blanks between words. */
static bool is_word_character(const char *s, size_t len)
{
	uint32_t cp = 0;

	if (utf8_decode(s, len, &cp) == 0 || utf8_is_cjk(cp))
		return false;
	return text_kind(cp) != TEXT_OTHER && text_kind(cp) != TEXT_SYMBOL;
}

static bool in_word(const struct buf *b, size_t at)
{
	size_t before;

	if (at == 0 || at >= b->len)
		return false;
	before = to_character(b->s, b->len, at - 1);
	return is_word_character(b->s + before, b->len - before) && is_word_character(b->s + at, b->len - at);
}

/* The first place behind `at`, not behind `last`, where no word is cut; `at` when there is none near. */
static size_t word_begin(const struct buf *b, size_t at, size_t last)
{
	for (size_t i = at; i <= last && i < at + WORD_MAX; i++)
		if ((b->s[i] & 0xc0) != 0x80 && !in_word(b, i))
			return b->s[i] == ' ' && i < last ? i + 1 : i;
	return at;
}

static size_t word_end(const struct buf *b, size_t at, size_t first)
{
	for (size_t i = at; i >= first && i + WORD_MAX > at && i > 0; i--)
		if ((b->s[i] & 0xc0) != 0x80 && !in_word(b, i))
			return b->s[i - 1] == ' ' && i > first ? i - 1 : i;
	return at;
}

/* Bytes of the beginning that takes `columns`, or one more where a wide character stands across. */
static size_t skip_columns(const char *s, size_t len, size_t columns)
{
	size_t n = crm_text_fit(s, len, columns);

	return crm_text_width(s, n) < columns ? crm_text_fit(s, len, columns + 1) : n;
}

/* Where the snippet begins: the focus stands in its first part, but nearer to its end where little follows. */
static size_t choose_begin(const struct line *line, size_t width)
{
	const char *s = line->text.s;
	const size_t before = crm_text_width(s, line->focus.from) + line->more_before;
	const size_t hit = crm_text_width(s + line->focus.from, line->focus.to - line->focus.from) +
			   (line->focus.to < line->text.len || line->more_behind);
	const size_t behind =
		crm_text_width(s + line->focus.from, line->text.len - line->focus.from) + line->more_behind;
	size_t lead = width / BEFORE, skip;

	if (behind < width - lead)
		lead = width - behind;
	if (lead + hit > width)
		lead = hit < width ? width - hit : 0;
	if (before <= lead)
		return 0;
	skip = before - (lead > 0 ? lead - 1 : 0) - line->more_before; /* one column is for the ellipsis */
	return word_begin(&line->text, skip_columns(s, line->focus.from, skip), line->focus.from);
}

/* Where it ends: `room` columns from its beginning. */
static size_t choose_end(const struct line *line, size_t begin, size_t room)
{
	const struct buf *b = &line->text;
	const size_t first = begin > line->focus.to ? begin : line->focus.to;
	size_t end;

	if (crm_text_width(b->s + begin, b->len - begin) + line->more_behind <= room)
		return b->len;
	end = begin + crm_text_fit(b->s + begin, b->len - begin, room - 1);
	return end > first ? word_end(b, end, first) : end;
}

static int put_mark(struct spans *marks, size_t from, size_t to)
{
	if (marks->n > 0 && from <= marks->v[marks->n - 1].to) {
		if (to > marks->v[marks->n - 1].to)
			marks->v[marks->n - 1].to = to;
		return CRM_OK;
	}
	if (!GROW(marks->v, marks->n, marks->cap))
		return CRM_NOMEM;
	marks->v[marks->n++] = (struct span){ from, to };
	return CRM_OK;
}

/* What of the spans is in the part `cut` of the line, which was written `shift` bytes behind the beginning. */
static int put_marks(
	struct spans *marks, const struct line *line, const struct spans *found, struct span cut, size_t shift)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < found->n && found->v[i].from < line->to; i++) {
		size_t from = in_line(line, found->v[i].from), to = in_line(line, found->v[i].to);

		from = from > cut.from ? from : cut.from;
		to = to < cut.to ? to : cut.to;
		if (from < to)
			status = put_mark(marks, from - cut.from + shift, to - cut.from + shift);
	}
	return status;
}

int snippet_make(
	struct buf *out, struct spans *marks, const char *s, size_t len, const struct spans *found, size_t width)
{
	cleanup(line_free) struct line line = { .from = 0 };
	const size_t mark = out->len;
	struct span cut;
	bool before;

	width = width > NARROWEST ? width : NARROWEST;
	if (make_line(&line, s, len, found, width) < 0)
		return CRM_NOMEM;
	if (line.text.len == 0)
		return CRM_OK;
	cut.from = choose_begin(&line, width);
	before = cut.from > 0 || line.more_before;
	cut.to = choose_end(&line, cut.from, width - before);
	if (before)
		buf_puts(out, ellipsis);
	if (marks && put_marks(marks, &line, found, cut, out->len - mark) < 0)
		return CRM_NOMEM;
	buf_add(out, line.text.s + cut.from, cut.to - cut.from);
	if (cut.to < line.text.len || line.more_behind)
		buf_puts(out, ellipsis);
	return buf_str(out) ? CRM_OK : CRM_NOMEM;
}
