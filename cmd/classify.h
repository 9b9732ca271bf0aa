/* The verbs of crm classify that need more than a screen, for its table. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include "record.h"

/* suggest and explain */
struct classify_opts {
	const char *model, *threshold, *message;
	int64_t top;
};

int classify_suggest(struct cli *cli, const void *opts);
int classify_explain(struct cli *cli, const void *opts);

extern const struct cli_opt classify_suggest_options[], classify_explain_options[];

#define CLASSIFY_SUGGEST_VERBS                                                                                         \
	{ .name = "suggest",                                                                                           \
		.summary = "say what records or texts are about, each with its probability",                           \
		.args = "[RECORD…]",                                                                                   \
		.complete = "ticket",                                                                                  \
		.max_args = -1,                                                                                        \
		.flags = VERB_READ | VERB_COLUMNS | VERB_PAGER,                                                        \
		.run = classify_suggest,                                                                               \
		.options = classify_suggest_options,                                                                   \
		.size = sizeof(struct classify_opts) },                                                                \
	{                                                                                                              \
		.name = "explain", .summary = "show the terms that decided", .args = "[RECORD]", .complete = "ticket", \
		.max_args = 1, .flags = VERB_READ | VERB_COLUMNS | VERB_PAGER, .run = classify_explain,                \
		.options = classify_explain_options, .size = sizeof(struct classify_opts)                              \
	}

#endif
