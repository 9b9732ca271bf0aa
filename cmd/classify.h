/* The verbs of crm classify that need more than a screen, for its table. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include "input.h"
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

/* train and eval */
struct train_opts {
	struct input_opts input; /* how a file is read */
	const char *from, *text, *label, *test, *name, *method, *threshold, *model;
	int64_t seed;
};

int classify_train(struct cli *cli, const void *opts);
int classify_eval(struct cli *cli, const void *opts);

extern const struct cli_opt classify_train_options[], classify_eval_options[];

#define CLASSIFY_TRAIN_VERBS                                                                                           \
	{ .name = "train",                                                                                             \
		.summary = "learn from records or a file, and say how well",                                           \
		.args = "[FILTER…]",                                                                                   \
		.complete = "none",                                                                                    \
		.max_args = -1,                                                                                        \
		.flags = VERB_WRITE | VERB_PAGER,                                                                      \
		.run = classify_train,                                                                                 \
		.options = classify_train_options,                                                                     \
		.size = sizeof(struct train_opts) },                                                                   \
	{                                                                                                              \
		.name = "eval", .summary = "say how well a model does on a file with labels", .args = "FILE",          \
		.complete = "file", .min_args = 1, .max_args = 1, .flags = VERB_READ | VERB_PAGER,                     \
		.run = classify_eval, .options = classify_eval_options, .size = sizeof(struct train_opts)              \
	}

#endif
