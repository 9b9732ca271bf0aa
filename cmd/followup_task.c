/* crm followup add, done, snooze, skip: what was agreed upon with a customer. */
#include "followup_task.h"

#include <crm/followup.h>
#include <stdlib.h>

#define AT(member) offsetof(struct followup_task_opts, member)
#define FILE_OPTION                                                                                                    \
	OPT(TEXT, 'F', "file", AT(file), "FILE", "take the text from a file; -: from stdin", .complete = "file")

const struct cli_opt followup_add_options[] = {
	OPT(TEXT, 'm', "message", AT(message), "TEXT", "what it is about: the same as --purpose"),
	OPT_END,
};

const struct cli_opt followup_done_options[] = {
	OPT(TEXT, 'm', "message", AT(message), "TEXT", "what came of it; with --channel, what was said"),
	FILE_OPTION,
	OPT(TEXT, 0, "channel", AT(channel), "CHANNEL", "write the contact down too: phone, visit, email, …"),
	OPT(FLAG, 0, "in", AT(in), NULL, "the contact came from the customer"),
	OPT(FLAG, 0, "out", AT(out), NULL, "it went to the customer, as usual"),
	OPT(TEXT, 0, "at", AT(at), "TIME", "when it was done, where that is not now"),
	OPT(TEXT, 0, "next", AT(next), "ACTION:TIME", "what was agreed upon next: call:+7d, visit:next monday 10:00"),
	OPT_END,
};

const struct cli_opt followup_snooze_options[] = {
	OPT(TEXT, 0, "until", AT(until), "TIME", "when it is due instead"),
	OPT_END,
};

const struct cli_opt followup_skip_options[] = {
	OPT(TEXT, 'm', "message", AT(message), "TEXT", "why"),
	FILE_OPTION,
	OPT_END,
};

const char *const followup_without_add[] = { "customer", "outcome", NULL };

int followup_task_add(struct cli *cli, const void *opts)
{
	const struct followup_task_opts *o = opts;
	cleanup(record_freep) crm_record *r = NULL;

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int exit_status = record_new_of_customer(cli, &r, &o->record.fields);
	if (!exit_status && o->message && crm_record_get(r, "purpose").kind != CRM_NULL)
		return cli_fail(cli, EXIT_USAGE, "followup add: either -m or --purpose");
	if (!exit_status)
		exit_status = record_set(cli, r, "purpose", o->message);
	if (!exit_status && crm_record_get(r, "due").kind == CRM_NULL)
		return cli_fail(cli, EXIT_USAGE, "followup add: when? (--due TIME)");
	return exit_status ? exit_status : record_create(cli, r);
}

/* --- steps on one or several --- */

struct task {
	struct cli *cli;
	crm_followup_done_options done;
	int64_t until;
	crm_followup_result result; /* of the last one, missed of all */
	size_t repeated;
};

typedef int (*step_fn)(struct task *t, int64_t followup);

/* What follows, so that nobody has to look: `followup 8: call on 2026-03-17`. */
static int tell_next(struct cli *cli, int64_t id, int64_t missed)
{
	cleanup(record_freep) crm_record *r = NULL;
	char time[32];

	int status = id ? crm_record_load(&r, cli->store, cli->entity, id) : CRM_OK;
	if (status < 0)
		return cli_store_fail(cli, status);
	if (!id)
		return EXIT_DONE;
	crm_value day = crm_record_get(r, "due_day");
	crm_time_format(time, cli->store, crm_record_get(r, "due").i, CRM_TIME_SHORT);
	const char *action = crm_tr(crm_record_get(r, "action").s), *due = day.kind == CRM_STRING ? day.s : time;
	if (missed > 0)
		cli_note(cli, "followup %lld: %s, due %s (%lld passed meanwhile)", (long long)id, action, due,
			(long long)missed);
	else
		cli_note(cli, "followup %lld: %s, due %s", (long long)id, action, due);
	return EXIT_DONE;
}

static int tell(struct task *t, size_t n)
{
	const crm_followup_result *r = &t->result;

	if (n == 1) {
		int exit_status = tell_next(t->cli, r->repeated, r->missed);
		return exit_status ? exit_status : tell_next(t->cli, r->next, 0);
	}
	if (t->repeated > 0)
		cli_note(t->cli, "%zu of them come again; %lld passed meanwhile", t->repeated, (long long)r->missed);
	return EXIT_DONE;
}

/* All arguments are follow-ups; all steps are one operation. */
static int for_each(struct task *t, const char *did, step_fn fn)
{
	struct cli *cli = t->cli;
	cleanup(ids_freep) struct ids ids = { 0 };
	int exit_status = record_named_ids(cli, &ids, cli->argc, CRM_NAME_WRITE);

	if (!exit_status && ids.n == 0)
		cli_note(cli, "no record is meant: nothing to do");
	if (exit_status || ids.n == 0)
		return exit_status;
	exit_status = record_begin(cli, ids.v, ids.n);
	for (size_t i = 0; i < ids.n && !exit_status; i++) {
		int status = fn(t, ids.v[i]);
		if (status < 0)
			exit_status = cli_store_fail(cli, status);
	}
	if (exit_status) {
		crm_rollback(cli->store);
		return exit_status;
	}
	exit_status = record_commit(cli, did, cli->entity, ids.v, ids.n);
	return exit_status ? exit_status : tell(t, ids.n);
}

static void gather(struct task *t, const crm_followup_result *one)
{
	int64_t missed = t->result.missed + one->missed;

	t->result = *one;
	t->result.missed = missed;
	t->repeated += one->repeated != 0;
}

static int done_step(struct task *t, int64_t followup)
{
	crm_followup_result one;
	int status = crm_followup_done(&one, t->cli->store, followup, &t->done);

	if (status == CRM_OK)
		gather(t, &one);
	return status;
}

int followup_task_done(struct cli *cli, const void *opts)
{
	const struct followup_task_opts *o = opts;
	struct task t = { .cli = cli, .done = { .channel = o->channel, .inbound = o->in, .next = o->next } };
	cleanup(freep) char *text = NULL;
	int exit_status = EXIT_DONE;

	if (o->in && o->out)
		return cli_fail(cli, EXIT_USAGE, "followup done: --in and --out contradict each other");
	if ((o->in || o->out) && !o->channel)
		return cli_fail(cli, EXIT_USAGE, "followup done: --in and --out are of a contact: by which --channel?");
	if (o->at && crm_time_parse(&t.done.at, NULL, cli->store, o->at, CRM_TIME_PAST) < 0)
		return cli_fail(cli, EXIT_USAGE, "--at: %s", crm_errmsg(cli->store));
	if (o->message || o->file)
		exit_status = cli_read_text(cli, &text, o->message, o->file, NULL);
	t.done.text = text;
	return exit_status ? exit_status : for_each(&t, N_("done with %s"), done_step);
}

static int snooze_step(struct task *t, int64_t followup)
{
	return crm_followup_snooze(t->cli->store, followup, t->until);
}

int followup_task_snooze(struct cli *cli, const void *opts)
{
	const struct followup_task_opts *o = opts;
	struct task t = { .cli = cli };

	if (!o->until)
		return cli_fail(cli, EXIT_USAGE, "followup snooze: until when? (--until TIME)");
	if (crm_time_parse(&t.until, NULL, cli->store, o->until, CRM_TIME_FUTURE) < 0)
		return cli_fail(cli, EXIT_USAGE, "--until: %s", crm_errmsg(cli->store));
	if (t.until <= crm_store_now(cli->store))
		return cli_fail(cli, EXIT_USAGE, "--until '%s': has passed already", o->until);
	return for_each(&t, N_("snoozed %s"), snooze_step);
}

static int skip_step(struct task *t, int64_t followup)
{
	crm_followup_result one;
	int status = crm_followup_skip(&one, t->cli->store, followup, t->done.text);

	if (status == CRM_OK)
		gather(t, &one);
	return status;
}

int followup_task_skip(struct cli *cli, const void *opts)
{
	const struct followup_task_opts *o = opts;
	struct task t = { .cli = cli };
	cleanup(freep) char *text = NULL;
	int exit_status = o->message || o->file ? cli_read_text(cli, &text, o->message, o->file, NULL) : EXIT_DONE;

	t.done.text = text;
	return exit_status ? exit_status : for_each(&t, N_("skipped %s"), skip_step);
}
