/* crm classify: what texts are about, learnt from texts of which it is known. */
#include "classify.h"
#include "commands.h"

static const struct cli_verb verbs[] = {
	{ .name = "train",
		.summary = "learn from records or a file, and say how well",
		.args = "[FILTER…]",
		.complete = "none",
		.max_args = -1,
		.flags = VERB_WRITE | VERB_PAGER,
		.run = classify_train,
		.options = classify_train_options,
		.size = sizeof(struct classify_opts) },
};

const struct cli_command command_classify = {
	.name = "classify",
	.summary = "tell what texts are about, as learnt from others",
	.entity = "classifier",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};
