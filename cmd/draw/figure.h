/* Figures as people read them: 12,345.5, 93.1 %, 2 h 5 min. Exact ones are the business of cell.h. */
#ifndef DRAW_FIGURE_H
#define DRAW_FIGURE_H

#include "cli/cell.h"

enum figure_unit {
	FIGURE_NONE, /* no figure: text, times */
	FIGURE_WHOLE,
	FIGURE_REAL,
	FIGURE_PERCENT,
	FIGURE_CHANGE, /* percent with its sign */
	FIGURE_DAYS,
	FIGURE_DURATION, /* seconds */
	FIGURE_MONEY
};

/* By the column's type and, as scripts rely on it, the end of its name: _percent, _days. */
enum figure_unit figure_unit(const crm_column *col);

/* Nothing is known, or the text is empty. */
bool figure_is_absent(const crm_value *v);

/* The number in a cell; false when there is none. */
bool figure_number(double *out, const crm_value *v);

/* Adds it; a number that is none (NAN) is a dash. */
void figure_put(struct strbuf *b, enum figure_unit unit, double v);

/*
 * Adds a cell of that column, escaped: all digits of whole numbers and amounts, words in the language, short times, a
 * dash where nothing is known.
 */
void figure_cell(struct strbuf *b, struct cells *cells, const crm_column *col, const crm_value *v);

#endif
