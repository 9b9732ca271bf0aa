/* One report on its way to paper: its rows, as a chart and as a table. */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include "cli/cli.h"
#include "draw/page.h"

struct view {
	struct cli *cli;
	bool ascii;
	const crm_report *report; /* NULL: the list of follow-ups due */
	const char *name;
	crm_report_options opt;
	char *since; /* of `opt` where it was made for it */

	/* after opening */
	crm_cursor *rows;    /* open until the release: its columns have their names */
	crm_column *columns; /* those of the rows, with labels for this --by, in the language */
	char **labels;
	size_t ncolumns;
	bool charted;
	struct chart chart;
	struct page_table table;
};

void view_init(struct view *v, struct cli *cli, const crm_report *r, const crm_report_options *opt);
const char *view_title(const struct view *v); /* in English */
const char *view_question(const struct view *v);

/* The word of --by that holds, NULL without one, and what people call it. */
const char *view_by(const struct view *v);
const char *view_by_label(const struct view *v);

void view_release(struct view *v);

/*
 * Reads the rows: into a chart if there is one, of the figures named `values` (NULL: the usual), and at most `limit` of
 * them into a table. Returns an exit status.
 */
int view_gather(struct view *v, size_t limit, const char *values);

/* The chart alone, of the figures that --fields names if any; EXIT_USAGE when there is none. */
int view_gather_chart(struct view *v);

/* For rows that are something else: opens them; the column of that name, or SIZE_MAX. */
int view_open(struct view *v);
size_t view_column(const struct view *v, const char *name);

#endif
