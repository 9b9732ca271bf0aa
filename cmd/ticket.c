/* crm ticket: requests of customers, from the first word to the solution. */
#include "record.h"

#include <crm/ticket.h>
#include <stdlib.h>
#include <string.h>

struct ticket_opts {
	struct record_opts record; /* first: the generic verbs take it for theirs */
	const char *message, *file, *at, *until, *channel, *team, *by, *as_of, *agent;
	bool remove, explain;
};

#define AT(member) offsetof(struct ticket_opts, member)
#define TEXT_OPTIONS(what)                                                                                             \
	OPT(TEXT, 'm', "message", AT(message), "TEXT", what),                                                          \
		OPT(TEXT, 'F', "file", AT(file), "FILE", "take the text from a file; -: from stdin",                   \
			.complete = "file")
#define AT_OPTION OPT(TEXT, 0, "at", AT(at), "TIME", "when it took place, where that is not now")

static const struct cli_opt add_options[] = {
	TEXT_OPTIONS("what the customer asks"),
	AT_OPTION,
	OPT_END,
};

static const struct cli_opt show_options[] = {
	OPT(FLAG, 0, "history", AT(record.history), NULL, "all that happened to it and was said, newest first"),
	OPT_END,
};

static const struct cli_opt list_options[] = {
	OPT(TEXT, 0, "as-of", AT(as_of), "TIME", "as the tickets were then (tracked fields only)"),
	OPT_END,
};

static const char *const assign_ways[] = { "round-robin", "least-loaded", NULL };

static const struct cli_opt assign_options[] = {
	OPT(TEXT, 0, "team", AT(team), "TEAM", "to a member of the team instead of an agent", .complete = "team"),
	OPT(CHOICE, 0, "by", AT(by), "WAY", "how the member is chosen: round-robin (usual) or least-loaded",
		.words = assign_ways),
	AT_OPTION,
	OPT_END,
};

static const struct cli_opt step_options[] = { AT_OPTION, OPT_END };

static const struct cli_opt reply_options[] = {
	TEXT_OPTIONS("what the customer is told"),
	OPT(TEXT, 0, "channel", AT(channel), "CHANNEL", "by which way; else as the customer wrote last"),
	AT_OPTION,
	OPT_END,
};

static const struct cli_opt note_options[] = { TEXT_OPTIONS("what colleagues should know"), AT_OPTION, OPT_END };

static const struct cli_opt pend_options[] = {
	OPT(TEXT, 0, "until", AT(until), "TIME", "when it comes back by itself (crm tick)"),
	AT_OPTION,
	OPT_END,
};

static const struct cli_opt solve_options[] = { TEXT_OPTIONS("how it was solved"), AT_OPTION, OPT_END };

static const struct cli_opt next_options[] = {
	OPT(TEXT, 0, "agent", AT(agent), "AGENT", "for whom; else for yourself", .complete = "agent"),
	OPT(FLAG, 0, "explain", AT(explain), NULL, "the terms of its urgency instead of the ticket"),
	OPT_END,
};

static const struct cli_opt link_options[] = {
	OPT(FLAG, 0, "remove", AT(remove), NULL, "take the link away"),
	OPT_END,
};

/* --- add, show, list --- */

static int read_step(struct cli *cli, const struct ticket_opts *o, crm_step *step)
{
	*step = (crm_step){ 0 };
	if (!o->at)
		return EXIT_DONE;
	int status = crm_time_parse(&step->at, NULL, cli->store, o->at, CRM_TIME_PAST);
	return status < 0 ? cli_fail(cli, EXIT_USAGE, "--at: %s", crm_errmsg(cli->store)) : EXIT_DONE;
}

static int run_add(struct cli *cli, const void *opts)
{
	const struct ticket_opts *o = opts;
	cleanup(record_freep) crm_record *r = NULL;
	cleanup(freep) char *text = NULL;
	crm_step step;

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int exit_status = record_new_of_customer(cli, &r, &o->record.fields);
	if (!exit_status && (o->message || o->file))
		exit_status = cli_read_text(cli, &text, o->message, o->file, NULL);
	if (!exit_status)
		exit_status = record_set(cli, r, "body", text && *text ? text : NULL);
	if (!exit_status)
		exit_status = read_step(cli, o, &step);
	if (exit_status)
		return exit_status;
	int status = crm_begin(cli->store, "ticket add");
	if (status == CRM_OK)
		status = crm_ticket_add(r, &step);
	if (status == CRM_OK)
		status = crm_commit(cli->store);
	if (status < 0) {
		exit_status = cli_store_fail(cli, status);
		crm_rollback(cli->store);
		return exit_status;
	}
	return record_print_created(cli, r);
}

static int run_show(struct cli *cli, const void *opts)
{
	const struct ticket_opts *o = opts;
	crm_cursor *card, *rows;
	int64_t id;

	if (!o->record.history)
		return record_show(cli, &o->record);
	int status = crm_resolve(&id, cli->store, cli->entity, cli->argv[0], CRM_NAME_READ);
	if (status == CRM_OK)
		status = crm_ticket_timeline(&rows, cli->store, id);
	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = record_warn_restricted(cli, cli->entity, &id, 1);
	if (!exit_status)
		exit_status = record_open_one(cli, &card, cli->entity, id);
	if (!exit_status)
		return cli_print_parts(cli, card, &(struct print_part){ "history", rows }, 1);
	crm_cursor_close(rows);
	return exit_status;
}

/* The tickets as they were at a past time. */
static int list_as_of(struct cli *cli, const struct ticket_opts *o)
{
	cleanup(query_freep) crm_query *q = NULL;
	crm_cursor *rows;
	int64_t t;
	int status = crm_time_parse(NULL, &t, cli->store, o->as_of, CRM_TIME_PAST);

	if (status < 0)
		return cli_fail(cli, EXIT_USAGE, "--as-of: %s", crm_errmsg(cli->store));
	status = crm_query_new(&q, cli->store, cli->entity);
	if (status == CRM_OK)
		status = crm_query_as_of(q, t);
	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = record_choose(cli, q, cli->argv, cli->argc, &o->record.list);
	if (exit_status)
		return exit_status;
	status = crm_query_open(&rows, q);
	return status < 0 ? cli_store_fail(cli, status) : cli_print(cli, rows, false);
}

static int run_list(struct cli *cli, const void *opts)
{
	const struct ticket_opts *o = opts;

	return o->as_of && !cli_fields_asked(cli) ? list_as_of(cli, o) : record_list(cli, &o->record);
}

/* --- steps on one ticket or several --- */

struct task {
	struct cli *cli;
	const struct ticket_opts *o;
	crm_step step;
	const char *text; /* reply, note, solve */
	const char *agent;
	int64_t until;
};

typedef int (*step_fn)(struct task *t, int64_t ticket);

/* The arguments, but for the last `rest`, are tickets; all steps are one operation. */
static int for_each(struct task *t, size_t rest, const char *did, step_fn fn)
{
	struct cli *cli = t->cli;
	cleanup(ids_freep) struct ids ids = { 0 };
	int exit_status = record_named_ids(cli, &ids, cli->argc - rest, CRM_NAME_WRITE);

	if (!exit_status)
		exit_status = read_step(cli, t->o, &t->step);
	if (exit_status || ids.n == 0)
		return exit_status;
	exit_status = record_begin(cli, ids.v, ids.n);
	for (size_t i = 0; i < ids.n && !exit_status; i++) {
		int status = fn(t, ids.v[i]);
		if (status < 0)
			exit_status = cli_store_fail(cli, status);
	}
	if (!exit_status)
		return record_commit(cli, did, cli->entity, ids.v, ids.n);
	crm_rollback(cli->store);
	return exit_status;
}

static int assign_step(struct task *t, int64_t ticket)
{
	bool least = t->o->by && strcmp(t->o->by, "least-loaded") == 0;

	if (!t->o->team)
		return crm_ticket_assign(t->cli->store, ticket, t->agent, &t->step);
	return crm_ticket_assign_team(
		t->cli->store, ticket, t->o->team, least ? CRM_ASSIGN_LEAST_LOADED : CRM_ASSIGN_ROUND_ROBIN, &t->step);
}

static int run_assign(struct cli *cli, const void *opts)
{
	struct task t = { .cli = cli, .o = opts };

	if (t.o->by && !t.o->team)
		return cli_fail(cli, EXIT_USAGE, "ticket assign: --by chooses a member of a --team");
	if (!t.o->team && cli->argc < 2)
		return cli_fail(cli, EXIT_USAGE, "ticket assign: which AGENT? (or --team TEAM)");
	if (t.o->team)
		return for_each(&t, 0, "assigned", assign_step);
	t.agent = cli->argv[cli->argc - 1];
	if (strcmp(t.agent, "me") == 0)
		t.agent = crm_store_agent(cli->store);
	return for_each(&t, 1, "assigned", assign_step);
}

static int run_take(struct cli *cli, const void *opts)
{
	struct task t = { .cli = cli, .o = opts, .agent = crm_store_agent(cli->store) };

	return for_each(&t, 0, "took", assign_step);
}

static int run_unassign(struct cli *cli, const void *opts)
{
	struct task t = { .cli = cli, .o = opts };

	return for_each(&t, 0, "unassigned", assign_step);
}

/* Runs a step that says something. An empty text says nothing. */
static int with_text(struct cli *cli, const struct ticket_opts *o, const char *did, bool required, step_fn fn)
{
	struct task t = { .cli = cli, .o = o };
	cleanup(freep) char *text = NULL;
	int exit_status =
		required || o->message || o->file ? cli_read_text(cli, &text, o->message, o->file, NULL) : EXIT_DONE;

	if (exit_status)
		return exit_status;
	if (required && !*text)
		return cli_fail(cli, EXIT_FAILED, "the text is empty: nothing was written down");
	t.text = text;
	return for_each(&t, 0, did, fn);
}

static int reply_step(struct task *t, int64_t ticket)
{
	return crm_ticket_reply(NULL, t->cli->store, ticket, t->o->channel, t->text, &t->step);
}

static int run_reply(struct cli *cli, const void *opts)
{
	return with_text(cli, opts, "answered", true, reply_step);
}

static int note_step(struct task *t, int64_t ticket)
{
	return crm_ticket_note(NULL, t->cli->store, ticket, t->text, &t->step);
}

static int run_note(struct cli *cli, const void *opts)
{
	return with_text(cli, opts, "noted on", true, note_step);
}

static int solve_step(struct task *t, int64_t ticket)
{
	return crm_ticket_solve(t->cli->store, ticket, t->text, &t->step);
}

static int run_solve(struct cli *cli, const void *opts)
{
	return with_text(cli, opts, "solved", false, solve_step);
}

/* pend, hold, close, reopen, spam: the verb and the status that it leads to. */
static const struct {
	const char *verb, *status, *did;
} moves[] = {
	{ "pend", "pending", "pended" },
	{ "hold", "hold", "held" },
	{ "close", "closed", "closed" },
	{ "reopen", "open", "reopened" },
	{ "spam", "spam", "marked as spam:" },
};

static int move_step(struct task *t, int64_t ticket)
{
	return crm_ticket_move(t->cli->store, ticket, t->text, t->until, &t->step);
}

static int run_move(struct cli *cli, const void *opts)
{
	struct task t = { .cli = cli, .o = opts };
	const char *did = NULL;

	for (size_t i = 0; i < COUNT(moves); i++)
		if (strcmp(moves[i].verb, cli->verb->name) == 0) {
			t.text = moves[i].status;
			did = moves[i].did;
		}
	if (t.o->until && crm_time_parse(&t.until, NULL, cli->store, t.o->until, CRM_TIME_FUTURE) < 0)
		return cli_fail(cli, EXIT_USAGE, "--until: %s", crm_errmsg(cli->store));
	if (t.o->until && t.until <= crm_store_now(cli->store))
		return cli_fail(cli, EXIT_USAGE, "--until '%s': has passed already", t.o->until);
	return for_each(&t, 0, did, move_step);
}

/* --- the most urgent one --- */

static int run_next(struct cli *cli, const void *opts)
{
	const struct ticket_opts *o = opts;
	crm_cursor *rows;
	int64_t id;

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int status = crm_ticket_next(&id, cli->store, o->agent ? o->agent : crm_store_agent(cli->store));
	if (status == CRM_OK && o->explain)
		status = crm_ticket_urgency(&rows, cli->store, id);
	if (status < 0)
		return cli_store_fail(cli, status);
	if (!o->explain)
		return record_print(cli, cli->entity, id);
	cli_note(cli, "ticket %lld", (long long)id);
	return cli_print_columns(cli, rows);
}

/* --- two tickets --- */

static int run_merge(struct cli *cli, const void *opts)
{
	cleanup(ids_freep) struct ids ids = { 0 };
	crm_step step;
	int exit_status = record_named_ids(cli, &ids, cli->argc, CRM_NAME_DESTROY);

	if (!exit_status)
		exit_status = read_step(cli, opts, &step);
	if (exit_status)
		return exit_status;
	if (ids.n < cli->argc)
		return cli_fail(cli, EXIT_USAGE, "ticket merge: a ticket is named twice");
	exit_status = record_begin(cli, ids.v, 1);
	if (exit_status)
		return exit_status;
	int status = crm_ticket_merge(cli->store, ids.v[0], ids.v + 1, ids.n - 1, &step);
	if (status == CRM_OK)
		return record_commit(cli, "merged into", cli->entity, ids.v, 1);
	exit_status = cli_store_fail(cli, status);
	crm_rollback(cli->store);
	return exit_status;
}

static int run_link(struct cli *cli, const void *opts)
{
	const struct ticket_opts *o = opts;
	int64_t a, b;
	int status = crm_resolve(&a, cli->store, cli->entity, cli->argv[0], CRM_NAME_WRITE);

	if (status == CRM_OK)
		status = crm_resolve(&b, cli->store, cli->entity, cli->argv[2], CRM_NAME_WRITE);
	if (status == CRM_OK)
		status = o->remove ? crm_ticket_unlink(cli->store, a, cli->argv[1], b)
				   : crm_ticket_link(cli->store, a, cli->argv[1], b);
	if (status < 0)
		return cli_store_fail(cli, status);
	cli_note(cli, o->remove ? "ticket %lld: no longer %s %lld" : "ticket %lld: %s %lld", (long long)a, cli->argv[1],
		(long long)b);
	return EXIT_DONE;
}

/* --- the table --- */

static const char *const without_add[] = { "customer", "body", "status", "resolution", "pending_until", NULL };

#undef RECORD_OPTS
#define RECORD_OPTS                                                                                                    \
	.size = sizeof(struct ticket_opts), .fields = AT(record.fields), .list = AT(record.list),                      \
	.many = AT(record.many)

#define STEP(verb, what, words, fn, opts)                                                                              \
	{                                                                                                              \
		.name = verb, .summary = what, .args = words, .complete = "ticket", .min_args = 1, .max_args = -1,     \
		.flags = VERB_WRITE | VERB_VERSION, .run = fn, .options = opts, RECORD_OPTS                            \
	}

static const struct cli_verb verbs[] = {
	{ .name = "add",
		.summary = N_("write down a request; prints its number"),
		.args = "CUSTOMER",
		.complete = "customer",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS,
		.run = run_add,
		.options = add_options,
		.without = without_add,
		RECORD_OPTS },
	{ .name = "show",
		.summary = N_("show one, with all its fields"),
		.args = "TICKET",
		.complete = "ticket",
		.min_args = 1,
		.max_args = 1,
		.flags = VERB_READ | VERB_COLUMNS,
		.run = run_show,
		.options = show_options,
		RECORD_OPTS },
	{ .name = "list",
		.summary = N_("list tickets"),
		.none = N_("there is no ticket yet: crm ticket add CUSTOMER --subject TEXT, or crm import ticket FILE"),
		.args = "[FILTER…]",
		.complete = "filter",
		.max_args = -1,
		.flags = VERB_READ | VERB_LIST | VERB_COLUMNS | VERB_PAGER,
		.run = run_list,
		.options = list_options,
		RECORD_OPTS },
	RECORD_EDIT("TICKET", "ticket"),
	RECORD_RM("TICKET", "ticket", "remove with its events, after asking; its communications stay"),
	RECORD_TAG("TICKET", "ticket"),
	STEP("assign", "give tickets to an agent, or to a member of a team", "TICKET… [AGENT]", run_assign,
		assign_options),
	STEP("take", "give them to yourself", "TICKET…", run_take, step_options),
	STEP("unassign", "give them to nobody", "TICKET…", run_unassign, step_options),
	STEP("reply", "answer the customer", "TICKET…", run_reply, reply_options),
	STEP("note", "write a note among ourselves", "TICKET…", run_note, note_options),
	STEP("pend", "wait for the customer", "TICKET…", run_move, pend_options),
	STEP("hold", "wait for somebody else", "TICKET…", run_move, pend_options),
	STEP("solve", "say that it is solved, and how", "TICKET…", run_solve, solve_options),
	STEP("close", "close for good", "TICKET…", run_move, step_options),
	STEP("reopen", "take up again", "TICKET…", run_move, step_options),
	STEP("spam", "say that it is no request at all", "TICKET…", run_move, step_options),
	{ .name = "next",
		.summary = N_("show the open ticket to work on now"),
		.flags = VERB_READ | VERB_COLUMNS,
		.run = run_next,
		.options = next_options,
		RECORD_OPTS },
	{ .name = "merge",
		.summary = N_("let further tickets go on as the first"),
		.args = "KEEP OTHER…",
		.complete = "ticket",
		.min_args = 2,
		.max_args = -1,
		.flags = VERB_WRITE,
		.run = run_merge,
		.options = step_options,
		RECORD_OPTS },
	{ .name = "link",
		.summary = N_("say what a ticket is to another: blocks, relates, parent"),
		.args = "TICKET KIND OTHER",
		.complete = "ticket",
		.min_args = 3,
		.max_args = 3,
		.flags = VERB_WRITE,
		.run = run_link,
		.options = link_options,
		RECORD_OPTS },
	RECORD_LIST_AS("events", "list what happened to tickets, newest first", .entity = "ticket_event"),
	RECORD_LIST_AS("links", "list links between tickets", .entity = "ticket_link"),
	RECORD_ADD_AS("status add", "make a status of your own", .entity = "ticket_status"),
	RECORD_LIST_AS("status list", "list the statuses", .entity = "ticket_status"),
	RECORD_EDIT_AS("status edit", "STATUS", "ticket_status", .entity = "ticket_status"),
	RECORD_RM_AS(
		"status rm", "STATUS", "ticket_status", "remove one that no ticket has", .entity = "ticket_status"),
	RECORD_ADD_AS("category add", "add to the list of categories", .entity = "ticket_category"),
	RECORD_LIST_AS("category list", "list the categories", .entity = "ticket_category"),
	RECORD_EDIT_AS("category edit", "CATEGORY", "ticket_category", .entity = "ticket_category"),
	RECORD_RM_AS("category rm", "CATEGORY", "ticket_category", "take one off the list; tickets keep it",
		.entity = "ticket_category"),
};

const struct cli_command command_ticket = {
	.name = "ticket",
	.summary = N_("requests of customers, from the first word to the solution"),
	.entity = "ticket",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};
