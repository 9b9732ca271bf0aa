/* crm followup digest: the letter for an agent, gathered here and written in digest.c. */
#include "cli/language.h"
#include "digest.h"
#include "followup_due.h"
#include <string.h>

enum {
	USUAL_LIMIT = 100
};

#define AT(member) offsetof(struct followup_digest_opts, member)

const struct cli_opt followup_digest_options[] = {
	OPT(TEXT, 0, "for", AT(agent), "AGENT", "whom it is for; needed", .complete = "agent"),
	OPT(CHOICE, 0, "lang", AT(lang), "LANGUAGE", "of the letter; else report.language",
		.words = language_names + 1),
	OPT(INTEGER, 0, "limit", AT(limit), "N", "at most so many in each part, the others counted; default 100"),
	OPT_END,
};

/* The columns that are asked for, in their order. */
static const char fields[] = "customer,name,phone,email,action,reason,followup,due";
enum {
	CUSTOMER,
	NAME,
	PHONE,
	EMAIL,
	ACTION,
	REASON,
	FOLLOWUP,
	DUE
};

static char *text_of(const crm_cursor *c, size_t column)
{
	const crm_value *v = crm_cursor_value(c, column);

	return need_copy(v->kind == CRM_STRING ? v->s : "");
}

static void day_of(char date[11], const crm_store *s, int64_t t)
{
	char text[32];

	crm_time_format(text, s, t, CRM_TIME_SHORT);
	memcpy(date, text, 10);
	date[10] = '\0';
}

static void add_item(struct digest_part *part, const crm_cursor *c, size_t limit)
{
	char *action = text_of(c, ACTION);
	bool writes = strcmp(action, "email") == 0;
	const crm_value *followup = crm_cursor_value(c, FOLLOWUP);

	if (part->n >= limit) {
		part->more++;
		free(action);
		return;
	}
	part->v = need_room(part->v, part->n, &part->cap, sizeof(*part->v));
	part->v[part->n++] = (struct digest_item){
		.name = text_of(c, NAME),
		.reach = text_of(c, writes ? EMAIL : PHONE),
		.action = action,
		.reason = text_of(c, REASON),
		.customer = crm_cursor_value(c, CUSTOMER)->i,
		.followup = followup->kind == CRM_INT ? followup->i : 0,
	};
}

static int gather(struct cli *cli, struct digest *d, int64_t until, size_t limit)
{
	const crm_due_options due = { .owner = d->agent, .until = until, .fields = fields, .limit = -1 };
	crm_cursor *c;
	int status = crm_followup_due(&c, cli->store, &due);

	if (status < 0)
		return cli_store_fail(cli, status);
	while ((status = crm_cursor_next(c)) == CRM_OK) {
		const crm_value *at = crm_cursor_value(c, DUE);
		struct digest_part *part = until ? &d->ahead : &d->today;
		char day[11];

		if (!until && at->kind == CRM_INT) {
			day_of(day, cli->store, at->i);
			part = strcmp(day, d->date) < 0 ? &d->overdue : part;
		}
		add_item(part, c, limit);
	}
	crm_cursor_close(c);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

/* What would be in nobody's letter. */
static int count_nobodys(struct cli *cli, struct digest *d)
{
	const crm_due_options due = { .owner = "", .fields = "customer", .limit = -1 };
	crm_cursor *c;
	int status = crm_followup_due(&c, cli->store, &due);

	if (status < 0)
		return cli_store_fail(cli, status);
	while ((status = crm_cursor_next(c)) == CRM_OK)
		d->nobodys++;
	crm_cursor_close(c);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

/* The last second of the last day that it looks ahead to. */
static int look_ahead(struct cli *cli, int64_t *until)
{
	char day[11];
	int64_t at = 0;
	cleanup(strbuf_freep) struct strbuf offset = { 0 };

	strbuf_printf(&offset, "+%dd", DIGEST_DAYS);
	int status = crm_time_parse(&at, NULL, cli->store, need(offset.s), CRM_TIME_FUTURE);
	day_of(day, cli->store, at);
	if (status == CRM_OK)
		status = crm_time_parse(NULL, until, cli->store, day, CRM_TIME_FUTURE);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

int followup_digest(struct cli *cli, const void *opts)
{
	const struct followup_digest_opts *o = opts;
	const char *lang = o->lang ? o->lang : config_get(&cli->config, "report.language");
	cleanup(digest_free) struct digest d = { 0 };
	size_t limit = o->limit < 0 ? USUAL_LIMIT : (size_t)o->limit;
	struct strbuf letter = { 0 };
	int64_t until = 0;

	if (!o->agent || !*o->agent)
		return cli_fail(cli, EXIT_USAGE, "followup digest: for whom? (--for AGENT)");
	if (strcmp(lang, "auto") != 0)
		language_use(lang);
	day_of(d.date, cli->store, crm_store_now(cli->store));
	int exit_status = followup_agent(cli, &d.agent, o->agent);
	if (!exit_status)
		exit_status = look_ahead(cli, &until);
	if (!exit_status)
		exit_status = gather(cli, &d, 0, limit);
	if (!exit_status)
		exit_status = gather(cli, &d, until, limit);
	if (!exit_status)
		exit_status = count_nobodys(cli, &d);
	if (exit_status)
		return exit_status;
	if (cli->global.format && strcmp(cli->global.format, "html") == 0)
		digest_html(&letter, &d);
	else
		digest_text(&letter, &d);
	return cli_print_text(cli, &letter);
}
