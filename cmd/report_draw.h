/* Reports drawn: charts in the terminal, as pictures, and pages. */
#ifndef REPORT_DRAW_H
#define REPORT_DRAW_H

#include "cli/cli.h"

struct draw_opts {
	const char *lang; /* NULL: as the configuration says */
	bool chart, ascii;
};

/*
 * Whether the options ask for a drawing rather than rows, and which; EXIT_USAGE after a message when they contradict
 * each other. OUT_TABLE stands for the chart in the terminal, OUT_AUTO for rows.
 */
int report_drawing(struct cli *cli, enum out_format *out, const struct draw_opts *o, const char *path);

/* Runs the report and draws it to the file, or to stdout when that is NULL. Returns an exit status. */
int report_draw(struct cli *cli, const crm_report *r, const crm_report_options *opt, const struct draw_opts *o,
	enum out_format format, const char *path);

#endif
