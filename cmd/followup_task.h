/* The verbs of follow-ups that were agreed upon, for the table of crm followup. */
#ifndef FOLLOWUP_TASK_H
#define FOLLOWUP_TASK_H

#include "record.h"

struct followup_task_opts {
	struct record_opts record; /* first: the generic verbs take it for theirs */
	const char *message, *file, *channel, *at, *next, *until;
	bool in, out;
};

int followup_task_add(struct cli *cli, const void *opts);
int followup_task_done(struct cli *cli, const void *opts);
int followup_task_snooze(struct cli *cli, const void *opts);
int followup_task_skip(struct cli *cli, const void *opts);

extern const struct cli_opt followup_add_options[], followup_done_options[], followup_snooze_options[],
	followup_skip_options[];
extern const char *const followup_without_add[];

#define FOLLOWUP_TASK_OPTS                                                                                             \
	.size = sizeof(struct followup_task_opts), .fields = offsetof(struct followup_task_opts, record.fields),       \
	.list = offsetof(struct followup_task_opts, record.list),                                                      \
	.many = offsetof(struct followup_task_opts, record.many)

#define FOLLOWUP_STEP(verb, what, opts)                                                                                \
	{                                                                                                              \
		.name = #verb, .summary = what, .args = "FOLLOWUP…", .complete = "followup", .min_args = 1,            \
		.max_args = -1, .flags = VERB_WRITE | VERB_VERSION, .run = followup_task_##verb, .options = opts,      \
		FOLLOWUP_TASK_OPTS                                                                                     \
	}

/* The lines of the table. */
#define FOLLOWUP_TASK_VERBS                                                                                            \
	{ .name = "add",                                                                                               \
		.summary = "write down what was agreed upon, once or again and again; prints its number",              \
		.args = "CUSTOMER",                                                                                    \
		.complete = "customer",                                                                                \
		.min_args = 1,                                                                                         \
		.max_args = 1,                                                                                         \
		.flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS,                                                      \
		.run = followup_task_add,                                                                              \
		.options = followup_add_options,                                                                       \
		.without = followup_without_add,                                                                       \
		FOLLOWUP_TASK_OPTS },                                                                                  \
		RECORD_SHOW("FOLLOWUP", "followup"),                                                                   \
		RECORD_LIST("list what was agreed upon, the earliest due first",                                       \
			.none = "nothing is agreed upon yet: crm followup add CUSTOMER --due TIME -m TEXT"),           \
		RECORD_EDIT("FOLLOWUP", "followup"), RECORD_RM("FOLLOWUP", "followup", "remove, after asking"),        \
		RECORD_TAG("FOLLOWUP", "followup"),                                                                    \
		FOLLOWUP_STEP(done, "say that it is done, and what came of it", followup_done_options),                \
		FOLLOWUP_STEP(snooze, "put off until another time", followup_snooze_options),                          \
		FOLLOWUP_STEP(skip, "say that it need not be done", followup_skip_options)

#endif
