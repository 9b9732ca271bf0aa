/* crm followup: its table, and the policies; the others are in followup_task.c, followup_due.c, followup_digest.c. */
#include "followup_due.h"
#include "followup_task.h"

/* --- policies --- */

struct policy_opts {
	struct record_opts record; /* first: the generic verbs take it for theirs */
	const char *after, *action, *alternative;
};

#define AT(member) offsetof(struct policy_opts, member)

static const struct cli_opt step_options[] = {
	OPT(TEXT, 0, "after", AT(after), "TIME", "of a policy of one step: 7d, 72h, 3wd or never"),
	OPT(TEXT, 0, "action", AT(action), "ACTION", "of a policy of one step: what is owed"),
	OPT(TEXT, 0, "alternative", AT(alternative), "ACTION",
		"of a policy of one step: instead of a call to somebody who must not be called"),
	OPT_END,
};

/* `--after 7d --action visit` is `--steps '7d visit'`. */
static int run_policy_add(struct cli *cli, const void *opts)
{
	const struct policy_opts *o = opts;
	cleanup(record_freep) crm_record *r = NULL;
	cleanup(strbuf_freep) struct strbuf step = { 0 };

	if (!o->after && !o->action && !o->alternative)
		return record_add(cli, opts);
	if (!o->after || !o->action)
		return cli_fail(
			cli, EXIT_USAGE, "followup policy add: a step is --after and --action; --steps says several");
	strbuf_printf(&step, "%s %s%s%s", o->after, o->action, o->alternative ? " or " : "",
		o->alternative ? o->alternative : "");
	int status = crm_record_new(&r, cli->store, cli->entity);
	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = record_assign(cli, r, &o->record.fields);
	if (!exit_status && crm_record_get(r, "steps").kind != CRM_NULL)
		return cli_fail(cli, EXIT_USAGE, "followup policy add: either --steps or --after and --action");
	if (!exit_status)
		exit_status = record_set(cli, r, "steps", need(step.s));
	return exit_status ? exit_status : record_create(cli, r);
}

#define POLICY(verb) .name = "policy " verb, .entity = "followup_policy"

static const struct cli_verb verbs[] = {
	FOLLOWUP_TASK_VERBS,
	FOLLOWUP_DUE_VERBS,
	{ POLICY("add"), .summary = N_("add a policy: who is owed what after how long"),
		.flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS, .run = run_policy_add, .options = step_options,
		.size = sizeof(struct policy_opts), .fields = AT(record.fields), .list = AT(record.list),
		.many = AT(record.many) },
	{ POLICY("list"), .summary = N_("list the policies, in the order in which they are tried"), .args = "[FILTER…]",
		.complete = "filter", .max_args = -1, .flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER,
		.run = record_list, RECORD_OPTS },
	{ POLICY("edit"), .summary = N_("change a policy; an empty value clears a field"), .args = "POLICY…",
		.complete = "followup_policy", .min_args = 1, .max_args = -1,
		.flags = VERB_WRITE | VERB_FIELDS | VERB_WHERE | VERB_VERSION, .run = record_edit, RECORD_OPTS },
	{ POLICY("rm"), .summary = N_("remove a policy, after asking"), .args = "POLICY…",
		.complete = "followup_policy", .min_args = 1, .max_args = -1,
		.flags = VERB_WRITE | VERB_WHERE | VERB_VERSION, .run = record_rm, RECORD_OPTS },
};

const struct cli_command command_followup = {
	.name = "followup",
	.summary = N_("who is owed a contact: what was agreed upon, and after how long"),
	.entity = "followup",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};
