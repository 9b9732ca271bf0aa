/* crm classify: what its files share. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include "input.h"

struct classify_opts {
	struct input_opts input; /* of a file */
	const char *from, *text, *label, *test, *name, *method, *threshold, *model, *message;
	int64_t seed, top;
};

/* Verbs whose files are their own. */
extern const struct cli_opt classify_train_options[], classify_eval_options[], classify_suggest_options[],
	classify_explain_options[];
int classify_train(struct cli *cli, const void *opts);
int classify_eval(struct cli *cli, const void *opts);
int classify_suggest(struct cli *cli, const void *opts);
int classify_explain(struct cli *cli, const void *opts);

#endif
