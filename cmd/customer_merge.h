/* Customers that are one, or are not. */
#ifndef CMD_CUSTOMER_MERGE_H
#define CMD_CUSTOMER_MERGE_H

#include "cli/cli.h"

struct merge_opts {
	struct strings take;
	bool force, dry_run;
};

struct distinct_opts {
	bool remove;
};

extern const struct cli_opt customer_merge_options[], customer_distinct_options[];

int customer_merge(struct cli *cli, const void *opts);
int customer_unmerge(struct cli *cli, const void *opts);
int customer_distinct(struct cli *cli, const void *opts);

#endif
