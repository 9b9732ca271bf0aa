/* crm privacy retain: rules that say how long what is kept, and erasing what is over. */
#ifndef PRIVACY_RETAIN_H
#define PRIVACY_RETAIN_H

#include "record.h"

struct privacy_retain_opts {
	struct record_opts record; /* first: the generic verbs take it for theirs */
	bool dry_run, yes;
};

extern const struct cli_opt privacy_retain_run_options[];
extern const char *const privacy_retain_without_add[];

int privacy_retain_add(struct cli *cli, const void *opts);
int privacy_retain_run(struct cli *cli, const void *opts);

/* What `crm tick` does of it: the rules that are to be looked at today, told on stderr. Exit status. */
int privacy_retain_tick(struct cli *cli, bool dry_run);

#define PRIVACY_RETAIN_OPTS                                                                                            \
	.entity = "retention", .size = sizeof(struct privacy_retain_opts),                                             \
	.fields = offsetof(struct privacy_retain_opts, record.fields),                                                 \
	.list = offsetof(struct privacy_retain_opts, record.list),                                                     \
	.many = offsetof(struct privacy_retain_opts, record.many)

/* The lines of the table. */
#define PRIVACY_RETAIN_VERBS                                                                                           \
	{ .name = "retain add",                                                                                        \
		.summary = N_("add a rule: what is erased how long after the last thing that happened to it"),         \
		.args = "NAME [FILTER…]",                                                                              \
		.complete = "none",                                                                                    \
		.min_args = 1,                                                                                         \
		.max_args = -1,                                                                                        \
		.flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS,                                                      \
		.run = privacy_retain_add,                                                                             \
		.without = privacy_retain_without_add,                                                                 \
		PRIVACY_RETAIN_OPTS },                                                                                 \
		RECORD_LIST_AS("retain list", "list the rules", .entity = "retention"),                                \
		RECORD_EDIT_AS("retain edit", "RULE", "retention", .entity = "retention"),                             \
		RECORD_RM_AS("retain rm", "RULE", "retention", "remove a rule, after asking", .entity = "retention"),  \
	{                                                                                                              \
		.name = "retain run", .summary = N_("erase for good what is over, after asking"), .args = "[RULE…]",   \
		.complete = "retention", .max_args = -1, .flags = VERB_WRITE | VERB_COLUMNS,                           \
		.run = privacy_retain_run, .options = privacy_retain_run_options, PRIVACY_RETAIN_OPTS                  \
	}

#endif
