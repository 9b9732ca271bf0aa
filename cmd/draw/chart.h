/*
 * Charts: what is drawn, apart from how. Rows of a report are gathered into labels and numbers, which chart_text() draws
 * in characters and chart_svg() as a picture.
 */
#ifndef DRAW_CHART_H
#define DRAW_CHART_H

#include "draw/figure.h"
#include "draw/scale.h"

enum {
	CHART_VALUES = 4,   /* figures of one row that are drawn side by side */
	CHART_LARGEST = 40, /* bars of at most so many rows */
	CHART_PLOTTED = 3   /* lines on one plot; more are drawn one below the other, each by its own scale */
};

enum chart_form {
	CHART_BARS,  /* a row a thing, each with a bar for each figure */
	CHART_LINES, /* a row a time, on one scale */
	CHART_STRIPS /* a row a time, each series by its own scale */
};

/* Which columns are drawn, and how. */
struct chart_plan {
	enum chart_form form;
	bool ascii;                           /* what is not data is plain ASCII */
	const crm_column *columns;            /* of the rows, with labels in the language; they outlive the chart */
	size_t keys[CHART_VALUES], nkeys;     /* what a row stands for; of strips the last says which series */
	size_t values[CHART_VALUES], nvalues; /* columns of figures of one unit */
	size_t apart;                         /* rows that differ in this column are not compared; SIZE_MAX: none */
};

struct chart_row {
	char *label, *apart;    /* escaped; apart may be NULL */
	double v[CHART_VALUES]; /* NAN: not known */
};

struct chart_series {
	char *name;
	double *v; /* a number for each label; NAN: not known */
};

/* Rows with the same `apart`, drawn by a scale of their own. */
struct chart_group {
	const char *name; /* NULL: no name */
	size_t first, n;
};

struct chart {
	struct chart_plan plan;
	struct chart_row *rows;
	size_t nrows, rows_cap;
	size_t seen; /* rows that there were, of which the largest are kept */

	/* ready after chart_finish() */
	enum figure_unit unit;
	char **labels;
	size_t n;
	struct chart_series *series;
	size_t nseries;
	struct chart_group *groups; /* of bars; others are one */
	size_t ngroups;
};

/* --- gathering; these end the program when memory runs out --- */

void chart_begin(struct chart *c, const struct chart_plan *plan);
void chart_row(struct chart *c, struct cells *cells, const crm_cursor *row);
void chart_finish(struct chart *c);
void chart_free(struct chart *c);

/* The least and the greatest known number of labels first … first + n; false when there is none. */
bool chart_range(double *low, double *high, const struct chart *c, size_t first, size_t n);

/* The last known number of a series, NAN when there is none. */
double chart_last(const struct chart_series *s, size_t n);

/* The steps that are round for its figures. */
enum scale_steps chart_steps(const struct chart *c);

/* --- drawing --- */

struct chart_look {
	size_t width; /* columns */
	bool color;
	crm_ambiguous ambiguous; /* where they are wide, only a plan in ASCII keeps its lines straight */
};

/* Lines of text. */
void chart_text(struct strbuf *b, const struct chart *c, const struct chart_look *look);

/*
 * An <svg> element, `width` units wide, drawn by the classes of chart_style. `title` and `about` are for those who
 * cannot see it. `alone`: a file of its own, with its style and title.
 */
void chart_svg(
	struct strbuf *b, const struct chart *c, const char *title, const char *about, unsigned width, bool alone);
extern const char chart_style[];

/* What is not drawn, as "the 40 largest of 2,000"; nothing when all is. */
void chart_note(struct strbuf *b, const struct chart *c);

#endif
