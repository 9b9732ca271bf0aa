/*
 * A page of HTML: self-contained, without scripts, light and dark, for screens of any width and for paper. Built from
 * top to bottom: begin, facts, sections, end.
 */
#ifndef DRAW_PAGE_H
#define DRAW_PAGE_H

#include "draw/chart.h"

enum {
	PAGE_WIDE = 720, /* of charts: alone on a page, one of two in a row, on a phone */
	PAGE_HALF = 500,
	PAGE_PHONE = 340
};

/* Titles and questions are English; they stand in the language of the process. */
void page_begin(struct strbuf *b, const char *title, const char *question);

/* What the page is about, as its period; `value` is escaped for the screen. */
void page_fact(struct strbuf *b, const char *name, const char *value);

/* Ends the heading; cards follow, side by side where there is room when `several`. */
void page_cards(struct strbuf *b, bool several);
void page_end(struct strbuf *b, const char *made_by);

/* A card; without a title when it is the only one. */
void page_card(struct strbuf *b, const char *title, const char *question, bool wide);
void page_card_end(struct strbuf *b);

/* The chart, drawn twice: `width` wide and for a phone; the page shows the one that can be read. */
void page_chart(struct strbuf *b, const struct chart *c, const char *title, const char *about, unsigned width);

/* --- tables --- */

/* Gathered row by row; of rows in the order of time the last ones are shown, else the first. */
struct page_table {
	const crm_column *columns;
	size_t n, limit;
	bool latest;
	struct strbuf text;
	size_t *ends; /* of each row kept, in `text` */
	size_t kept, cap, seen;
};

void page_table_row(struct page_table *t, struct cells *cells, const crm_cursor *row);
void page_table_put(struct strbuf *b, struct page_table *t);
void page_table_free(struct page_table *t);

/* --- single figures --- */

/* One of several beside each other: as people read it, and exactly; `before`, what it is compared with, may be empty. */
void page_tiles(struct strbuf *b);
void page_tile(struct strbuf *b, const char *name, const char *value, const char *exact, const char *before);
void page_tiles_end(struct strbuf *b);

extern const char page_style[];

#endif
