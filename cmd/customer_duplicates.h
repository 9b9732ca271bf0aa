/* The verb that looks for customers who are there twice, for the table of crm customer. */
#ifndef CUSTOMER_DUPLICATES_H
#define CUSTOMER_DUPLICATES_H

#include "record.h"

struct duplicates_opts {
	struct list_opts list;
	const char *threshold;
	bool explain;
};

int customer_duplicates(struct cli *cli, const void *opts);

extern const struct cli_opt customer_duplicates_options[];

#define CUSTOMER_DUPLICATES_VERB                                                                                       \
	{                                                                                                              \
		.name = "duplicates", .none = "no two customers resemble each other so much",                          \
		.summary = "list pairs that are probably one, with score and reasons", .args = "[FILTER…]",            \
		.complete = "filter", .max_args = -1, .flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER,      \
		.run = customer_duplicates, .options = customer_duplicates_options,                                    \
		.size = sizeof(struct duplicates_opts), .list = offsetof(struct duplicates_opts, list)                 \
	}

#endif
