/* The verbs that say what is owed now, for the table of crm followup. */
#ifndef FOLLOWUP_DUE_H
#define FOLLOWUP_DUE_H

#include "record.h"

struct followup_due_opts {
	struct list_opts list;
	const char *agent, *group_by;
	bool reachable;
};

struct followup_digest_opts {
	const char *agent, *lang;
	int64_t limit;
};

int followup_due(struct cli *cli, const void *opts);
int followup_digest(struct cli *cli, const void *opts);

extern const struct cli_opt followup_due_options[], followup_digest_options[];

/* The agent's name as the store has it, `me` the acting one; NULL and "" stay. Returns an exit status. */
int followup_agent(struct cli *cli, char **out, const char *name);

#define FOLLOWUP_DUE_VERBS                                                                                             \
	{ .name = "due",                                                                                               \
		.summary = "list what is owed to whom now: only reads, for cron and pipes",                            \
		.entity = "customer",                                                                                  \
		.args = "[FILTER…]",                                                                                   \
		.complete = "filter",                                                                                  \
		.none = "nobody is owed a contact now (crm followup policy list says after how long somebody is)",     \
		.max_args = -1,                                                                                        \
		.flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER,                                            \
		.run = followup_due,                                                                                   \
		.options = followup_due_options,                                                                       \
		.size = sizeof(struct followup_due_opts),                                                              \
		.list = offsetof(struct followup_due_opts, list) },                                                    \
	{                                                                                                              \
		.name = "digest", .summary = "write the mail that tells an agent what is owed today, and what comes",  \
		.flags = VERB_READ | VERB_LETTER, .run = followup_digest, .options = followup_digest_options,          \
		.size = sizeof(struct followup_digest_opts)                                                            \
	}

#endif
