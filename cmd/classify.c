/* crm classify: what texts are about, learnt from texts of which it is known. */
#include "classify.h"
#include "record.h"

/* All versions of the models that are named, or the one of NAME@VERSION. */
static int run_rm(struct cli *cli, const void *opts)
{
	const struct record_opts *o = opts;
	cleanup(ids_freep) struct ids ids = { 0 };

	if (o->many.where)
		return record_rm(cli, opts);
	for (size_t i = 0; i < cli->argc; i++) {
		cleanup(freep) int64_t *versions = NULL;
		size_t n;
		int status = crm_classifier_versions(&versions, &n, cli->store, cli->argv[i]);
		if (status < 0)
			return cli_store_fail(cli, status);
		for (size_t k = 0; k < n; k++)
			ids_add(&ids, versions[k]);
	}
	return record_remove(cli, ids.v, ids.n, o->many.yes);
}

static const struct cli_verb verbs[] = {
	{ .name = "train",
		.summary = N_("learn from records or a file, and say how well"),
		.args = "[FILTER…]",
		.complete = "none",
		.max_args = -1,
		.flags = VERB_WRITE | VERB_PAGER,
		.run = classify_train,
		.options = classify_train_options,
		.size = sizeof(struct classify_opts) },
	{ .name = "eval",
		.summary = N_("say how well a model does on a file with labels"),
		.args = "FILE",
		.complete = "file",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_READ | VERB_PAGER,
		.run = classify_eval,
		.options = classify_eval_options,
		.size = sizeof(struct classify_opts) },
	{ .name = "suggest",
		.summary = N_("say what records or texts are about, each with its probability"),
		.args = "[RECORD…]",
		.complete = "ticket",
		.max_args = -1,
		.flags = VERB_READ | VERB_COLUMNS | VERB_PAGER,
		.run = classify_suggest,
		.options = classify_suggest_options,
		.size = sizeof(struct classify_opts) },
	{ .name = "explain",
		.summary = N_("show the terms that decided"),
		.args = "[RECORD]",
		.complete = "ticket",
		.max_args = 1,
		.flags = VERB_READ | VERB_COLUMNS | VERB_PAGER,
		.run = classify_explain,
		.options = classify_explain_options,
		.size = sizeof(struct classify_opts) },
	RECORD_LIST("list what was trained"),
	{ .name = "rm",
		.summary = N_("remove models, all versions or MODEL@VERSION, after asking"),
		.args = "MODEL…",
		.complete = "classifier",
		.min_args = 1,
		.max_args = -1,
		.flags = VERB_WRITE | VERB_WHERE,
		.run = run_rm,
		RECORD_OPTS },
};

const struct cli_command command_classify = {
	.name = "classify",
	.summary = N_("tell what texts are about, as learnt from others"),
	.entity = "classifier",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};
