#include "draw/page.h"
#include "cli/language.h"
#include "cli/words.h"
#include "draw/markup.h"

#include <stdlib.h>
#include <string.h>

enum {
	LONG_TEXT = 28,  /* columns of a cell that stays in one line */
	LONG_FIGURE = 8, /* of a tile */
};

static void put(struct strbuf *b, const char *s)
{
	markup_text(b, s, strlen(s));
}

static void element(struct strbuf *b, const char *open, const char *text, const char *close)
{
	strbuf_puts(b, open);
	put(b, text);
	strbuf_puts(b, close);
}

/* The text as a sentence begins. */
static void put_sentence(struct strbuf *b, const char *s)
{
	size_t at = b->len;

	put(b, s);
	if (!b->failed && b->len > at && b->s[at] >= 'a' && b->s[at] <= 'z')
		b->s[at] = (char)(b->s[at] - 'a' + 'A');
}

void page_begin(struct strbuf *b, const char *title, const char *question)
{
	const char *heading = crm_tr(title);

	strbuf_printf(b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
		language_is_chinese() ? "zh-CN" : "en");
	strbuf_puts(b, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		       "<meta name=\"color-scheme\" content=\"light dark\">\n"
		       "<meta http-equiv=\"Content-Security-Policy\" "
		       "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
	element(b, "<title>", heading, "</title>\n");
	strbuf_printf(b, "<style>%s%s</style>\n</head>\n<body>\n<main>\n<header>\n", page_style, chart_style);
	element(b, "<h1>", heading, "</h1>\n<p class=\"question\">");
	put_sentence(b, crm_tr(question));
	strbuf_puts(b, "</p>\n<dl class=\"facts\">\n");
}

void page_fact(struct strbuf *b, const char *name, const char *value)
{
	element(b, "<div><dt>", name, "</dt>");
	element(b, "<dd>", value, "</dd></div>\n");
}

void page_cards(struct strbuf *b, bool several)
{
	strbuf_printf(b, "</dl>\n</header>\n<div class=\"cards%s\">\n", several ? " several" : "");
}

void page_end(struct strbuf *b, const char *made_by)
{
	element(b, "</div>\n<footer>", made_by, "</footer>\n</main>\n</body>\n</html>\n");
}

void page_card(struct strbuf *b, const char *title, const char *question, bool wide)
{
	strbuf_printf(b, "<section class=\"card%s\">\n", wide ? " whole" : "");
	if (!title)
		return;
	element(b, "<h2>", crm_tr(title), "</h2>\n<p class=\"question\">");
	put_sentence(b, crm_tr(question));
	strbuf_puts(b, "</p>\n");
}

void page_card_end(struct strbuf *b)
{
	strbuf_puts(b, "</section>\n");
}

void page_chart(struct strbuf *b, const struct chart *c, const char *title, const char *about, unsigned width)
{
	strbuf_puts(b, "<figure class=\"roomy\">");
	chart_svg(b, c, title, about, width, false);
	strbuf_puts(b, "</figure>\n<figure class=\"phone\">");
	chart_svg(b, c, title, about, PAGE_PHONE, false);
	strbuf_puts(b, "</figure>\n");
}

/* --- tables --- */

/* A value that is shown in other words than its exact ones has these too. */
static void put_exact(struct strbuf *b, struct cells *cells, const crm_column *col, const crm_value *v)
{
	struct strbuf exact = { 0 };

	if (figure_is_absent(v) || (figure_unit(col) == FIGURE_NONE && col->type != CRM_ENUM && col->type != CRM_TIME))
		return;
	struct span text = cell_exact(cells, col, v);
	strbuf_escape(&exact, text.s, text.len, CRM_ESCAPE_LINE);
	element(b, " data-value=\"", need(exact.s), "\"");
	strbuf_free(&exact);
}

/* Figures stand at the right, long texts may have several lines. */
static const char *class_of(const crm_column *col, const char *text)
{
	if (figure_unit(col) != FIGURE_NONE)
		return " class=\"n\"";
	return crm_text_width(text, strlen(text)) > LONG_TEXT ? " class=\"t\"" : "";
}

static void put_cell(struct page_table *t, struct cells *cells, size_t i, const crm_value *v)
{
	const crm_column *col = &t->columns[i];
	cleanup(strbuf_freep) struct strbuf text = { 0 };

	figure_cell(&text, cells, col, v);
	strbuf_printf(&t->text, i == 0 ? "<th scope=\"row\"%s" : "<td%s", class_of(col, need_str(&text)));
	put_exact(&t->text, cells, col, v);
	element(&t->text, ">", need_str(&text), i == 0 ? "</th>" : "</td>");
}

void page_table_row(struct page_table *t, struct cells *cells, const crm_cursor *row)
{
	t->seen++;
	if (t->limit == 0 || (!t->latest && t->seen > t->limit))
		return;
	strbuf_puts(&t->text, "<tr>");
	for (size_t i = 0; i < t->n; i++)
		put_cell(t, cells, i, crm_cursor_value(row, i));
	strbuf_puts(&t->text, "</tr>\n");
	t->ends = need_room(t->ends, t->kept, &t->cap, sizeof(*t->ends));
	t->ends[t->kept++] = t->text.len;
}

static void put_note(struct strbuf *b, const struct page_table *t, size_t shown)
{
	struct strbuf part = { 0 }, all = { 0 }, note = { 0 };

	figure_put(&part, FIGURE_WHOLE, (double)shown);
	figure_put(&all, FIGURE_WHOLE, (double)t->seen);
	cleanup(freep) char *first = need_text(&part), *second = need_text(&all);
	strbuf_printf(
		&note, t->latest ? crm_tr("the last %s of %s rows") : crm_tr("the first %s of %s rows"), first, second);
	cleanup(freep) char *text = need_text(&note);
	strbuf_puts(b, "<p class=\"note\">");
	put_sentence(b, text);
	strbuf_puts(b, "</p>\n");
}

void page_table_put(struct strbuf *b, struct page_table *t)
{
	size_t shown = t->kept < t->limit ? t->kept : t->limit;
	size_t from = t->kept > shown ? t->ends[t->kept - shown - 1] : 0;

	if (t->seen == 0) {
		strbuf_puts(b, "<p class=\"note\">");
		put_sentence(b, crm_tr("nothing to show"));
		strbuf_puts(b, "</p>\n");
	}
	if (shown == 0)
		return;
	strbuf_puts(b, "<div class=\"table\" tabindex=\"0\"><table>\n<thead><tr>");
	for (size_t i = 0; i < t->n; i++) {
		strbuf_printf(b, "<th scope=\"col\"%s", class_of(&t->columns[i], ""));
		element(b, ">", t->columns[i].label, "</th>");
	}
	strbuf_puts(b, "</tr></thead>\n<tbody>\n");
	if (t->text.failed)
		need(NULL);
	strbuf_add(b, t->text.s + from, t->text.len - from);
	strbuf_puts(b, "</tbody>\n</table></div>\n");
	if (shown < t->seen)
		put_note(b, t, shown);
}

void page_table_free(struct page_table *t)
{
	strbuf_free(&t->text);
	free(t->ends);
}

/* --- single figures --- */

void page_tiles(struct strbuf *b)
{
	strbuf_puts(b, "<dl class=\"tiles\">\n");
}

void page_tile(struct strbuf *b, const char *name, const char *value, const char *exact, const char *before)
{
	bool big = crm_text_width(value, strlen(value)) > LONG_FIGURE;

	element(b, "<div><dt>", name, "</dt>");
	element(b, big ? "<dd class=\"value long\" data-value=\"" : "<dd class=\"value\" data-value=\"", exact, "\">");
	element(b, "", value, "</dd>");
	if (*before)
		element(b, "<dd class=\"before\">", before, "</dd>");
	strbuf_puts(b, "</div>\n");
}

void page_tiles_end(struct strbuf *b)
{
	strbuf_puts(b, "</dl>\n");
}
