/* crm log: every communication with a customer. */
#include "record.h"

#include <stdlib.h>
#include <string.h>

struct log_opts {
	struct record_opts record; /* first: the generic verbs take it for theirs */
	const char *message, *file;
	bool in, out, last;
};

#define AT(member) offsetof(struct log_opts, member)
#define TEXT_OPTIONS                                                                                                   \
	OPT(TEXT, 'm', "message", AT(message), "TEXT", "what was said or written"),                                    \
		OPT(TEXT, 'F', "file", AT(file), "FILE", "take the text from a file; -: from stdin",                   \
			.complete = "file")

static const struct cli_opt add_options[] = {
	TEXT_OPTIONS,
	OPT(FLAG, 0, "in", AT(in), NULL, "from the customer"),
	OPT(FLAG, 0, "out", AT(out), NULL, "to the customer"),
	OPT_END,
};

static const struct cli_opt edit_options[] = {
	TEXT_OPTIONS,
	OPT(FLAG, 0, "last", AT(last), NULL, "the communication that you wrote down last"),
	OPT_END,
};

static int run_add(struct cli *cli, const void *opts)
{
	const struct log_opts *o = opts;
	const char *channel = strcmp(cli->verb->name, "add") == 0 ? NULL : cli->verb->name;
	cleanup(record_freep) crm_record *r = NULL;
	cleanup(freep) char *text = NULL;

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	if (o->in && o->out)
		return cli_fail(cli, EXIT_USAGE, "log %s: --in and --out contradict each other", cli->verb->name);
	int status = crm_record_new(&r, cli->store, cli->entity);
	if (status < 0)
		return cli_store_fail(cli, status);
	int exit_status = record_set_customer(cli, r);
	if (!exit_status)
		exit_status = record_set(cli, r, "channel", channel);
	if (!exit_status)
		exit_status = record_set(cli, r, "direction", o->in ? "in" : o->out ? "out" : NULL);
	if (!exit_status)
		exit_status = record_assign(cli, r, &o->record.fields);
	if (!exit_status && !channel && crm_record_get(r, "channel").kind == CRM_NULL)
		return cli_fail(cli, EXIT_USAGE, "log add: which --channel?");
	if (!exit_status)
		exit_status = cli_read_text(cli, &text, o->message, o->file, NULL);
	if (!exit_status && !*text && !o->message)
		return cli_fail(cli, EXIT_FAILED, "the text is empty: nothing was written down");
	if (!exit_status)
		exit_status = record_set(cli, r, "content", text);
	return exit_status ? exit_status : record_create(cli, r);
}

/* --- edit --- */

static int find_last(struct cli *cli, int64_t *id)
{
	static const char *const mine[] = { "agent:me", "customer.restricted:yes,no" };
	cleanup(query_freep) crm_query *q = NULL;
	cleanup(freep) int64_t *ids = NULL;
	size_t n = 0;
	int status = crm_query_new(&q, cli->store, cli->entity);

	if (status == CRM_OK)
		status = crm_query_filter(q, COUNT(mine), mine);
	if (status == CRM_OK)
		status = crm_query_sort(q, "-id");
	if (status == CRM_OK) {
		crm_query_limit(q, 1);
		status = crm_query_collect(&ids, &n, q);
	}
	if (status < 0)
		return cli_store_fail(cli, status);
	if (n == 0)
		return cli_fail(cli, EXIT_NOTFOUND, "%s has written down nothing yet", crm_store_agent(cli->store));
	*id = ids[0];
	return EXIT_DONE;
}

/* The new text, edited from the old one where the editor is used: then what was seen must still be there. */
static int read_content(struct cli *cli, char **text, const struct log_opts *o, int64_t id)
{
	cleanup(record_freep) crm_record *r = NULL;
	int status = crm_record_load(&r, cli->store, cli->entity, id);

	if (status < 0)
		return cli_store_fail(cli, status);
	if (!o->message && !o->file && cli->if_unchanged < 0)
		cli->if_unchanged = crm_record_version(r);
	return cli_read_text(cli, text, o->message, o->file, crm_record_get(r, "content").s);
}

/* What was typed is not lost because another wrote meanwhile. */
static void give_back(struct cli *cli, const char *text)
{
	cli_note(cli, "what you wrote:");
	for (const char *s = text; *s;) {
		size_t len = strcspn(s, "\n");
		out_text(cli->out, s, len);
		out_puts(cli->out, "\n");
		s += len + (s[len] == '\n');
	}
}

/* Of one record the text may come from the editor; that of several is the same for all. */
static int edit_one(struct cli *cli, const struct log_opts *o)
{
	struct record_opts changed = o->record;
	struct assigns *fields = &changed.fields;
	cleanup(freep) char *text = NULL;
	int64_t id;
	int exit_status = EXIT_DONE;

	if (o->last) {
		exit_status = find_last(cli, &id);
	} else {
		int status = crm_resolve(&id, cli->store, cli->entity, cli->argv[0], CRM_NAME_WRITE);
		if (status < 0)
			exit_status = cli_store_fail(cli, status);
	}
	if (exit_status)
		return exit_status;
	if (!o->message && !o->file && fields->n > 0)
		return record_change(cli, &id, 1, &changed);
	exit_status = read_content(cli, &text, o, id);
	if (exit_status)
		return exit_status;
	fields->v = need_zeroed(fields->n + 1, sizeof(*fields->v));
	for (size_t i = 0; i < fields->n; i++)
		fields->v[i] = o->record.fields.v[i];
	const crm_field *content = crm_field_find(NULL, cli->entity, "content");
	fields->v[fields->n++] = (struct assign){ .field = content, .name = "content", .value = text };
	exit_status = record_change(cli, &id, 1, &changed);
	free(fields->v);
	if (exit_status == EXIT_CONFLICT && !o->message && !o->file)
		give_back(cli, text);
	return exit_status;
}

static int run_edit(struct cli *cli, const void *opts)
{
	const struct log_opts *o = opts;
	bool many = o->record.many.where || cli->argc > 1 || (cli->argc == 1 && strcmp(cli->argv[0], "-") == 0);

	if (o->last && (cli->argc > 0 || many))
		return cli_fail(cli, EXIT_USAGE, "log edit: --last is a record already");
	if (!o->last && cli->argc == 0)
		return cli_fail(cli, EXIT_USAGE, "log edit: which LOG? (--last: the one that you wrote down last)");
	if (!many)
		return edit_one(cli, o);
	if (o->message || o->file)
		return cli_fail(cli, EXIT_USAGE, "log edit: a text belongs to one record");
	return record_edit(cli, &o->record);
}

/* --- the table --- */

static const char *const without_add[] = { "customer", "direction", "content", NULL };
static const char *const without_channel[] = { "customer", "channel", "direction", "content", NULL };
static const char *const without_edit[] = { "content", NULL };

#undef RECORD_OPTS
#define RECORD_OPTS                                                                                                    \
	.size = sizeof(struct log_opts), .fields = AT(record.fields), .list = AT(record.list), .many = AT(record.many)

#define LOG_ADD(verb, what, fields_without)                                                                            \
	{                                                                                                              \
		.name = verb, .summary = what, .args = "CUSTOMER", .complete = "customer", .min_args = 1,              \
		.max_args = 1, .flags = VERB_WRITE | VERB_FIELDS | VERB_COLUMNS, .run = run_add,                       \
		.options = add_options, .without = fields_without, RECORD_OPTS                                         \
	}
#define CHANNEL(verb, what) LOG_ADD(verb, "write down " what, without_channel)

static const struct cli_verb verbs[] = {
	LOG_ADD("add", "write down a communication; prints its number", without_add),
	CHANNEL("phone", "a phone call"),
	CHANNEL("email", "an e-mail"),
	CHANNEL("chat", "a chat"),
	CHANNEL("sms", "a text message"),
	CHANNEL("wechat", "a WeChat conversation"),
	CHANNEL("whatsapp", "a WhatsApp conversation"),
	CHANNEL("telegram", "a Telegram conversation"),
	CHANNEL("visit", "a visit"),
	CHANNEL("social", "a contact through social media"),
	CHANNEL("web", "a message through the web site"),
	CHANNEL("api", "a contact through a program"),
	CHANNEL("fax", "a fax"),
	CHANNEL("letter", "a letter"),
	CHANNEL("other", "a communication of another kind"),
	RECORD_SHOW("LOG", "log"),
	RECORD_LIST("list communications, newest first",
		.none = "no conversation is written down yet: crm log phone CUSTOMER -m TEXT, or crm import log FILE"),
	{ .name = "edit",
		.summary = N_("change fields or the text; an empty value clears one"),
		.args = "[LOG…]",
		.complete = "log",
		.max_args = -1,
		.flags = VERB_WRITE | VERB_FIELDS | VERB_WHERE | VERB_VERSION,
		.run = run_edit,
		.options = edit_options,
		.without = without_edit,
		RECORD_OPTS },
	RECORD_RM("LOG", "log", "remove, after asking"),
};

const struct cli_command command_log = {
	.name = "log",
	.summary = N_("every communication: calls, e-mails, chats, visits"),
	.entity = "log",
	.verbs = verbs,
	.nverbs = COUNT(verbs),
};
