/*
 * crm customer show: the card that somebody reads before the next word. What is on it comes from crm_customer_card();
 * here is how it is said.
 */
#include "customer_card.h"
#include "cli/lines.h"
#include "record.h"

#include <crm/customer.h>
#include <string.h>

enum {
	FOLLOWUPS = 3,
	TICKETS = 5,
	LOGS = 5,
	ROOMY = 100 /* columns of a terminal that has room for when a promise runs out */
};

struct entry {
	const char *label; /* in English; NULL: goes on from the one before */
	char *text;        /* as stored, perhaps of several lines */
	enum line_look look;
};

struct card {
	struct cli *cli;
	struct out_settings set;
	int64_t id;
	crm_cursor *row; /* of the customer */
	struct entry *entries;
	size_t n, cap;
};

/* --- gathering --- */

/* Takes the text; nothing is said of what is empty. */
static void add(struct card *c, const char *label, enum line_look look, struct strbuf *text)
{
	if (text->len == 0 && !text->failed) {
		strbuf_free(text);
		return;
	}
	c->entries = need_room(c->entries, c->n, &c->cap, sizeof(*c->entries));
	c->entries[c->n++] = (struct entry){ .label = label, .text = need_text(text), .look = look };
	*text = (struct strbuf){ 0 };
}

static size_t column_of(const crm_cursor *row, const char *name)
{
	size_t i = 0;

	while (strcmp(crm_cursor_column(row, i)->name, name) != 0)
		i++;
	return i;
}

static const crm_value *value_of(const crm_cursor *row, const char *name)
{
	return crm_cursor_value(row, column_of(row, name));
}

/* Adds a value as people read it, behind `before` where something is there already. */
static void put_cell(struct card *c, struct strbuf *b, const char *before, const crm_cursor *row, size_t i)
{
	const crm_value *v = crm_cursor_value(row, i);
	const crm_column *column = crm_cursor_column(row, i);

	if (v->kind == CRM_NULL)
		return;
	size_t len = out_cell_human(NULL, 0, c->cli->store, column, v);
	if (len == 0)
		return;
	strbuf_puts(b, b->len ? before : "");
	if (!strbuf_reserve(b, len))
		return;
	out_cell_human(b->s + b->len, len + 1, c->cli->store, column, v);
	b->len += len;
}

static void put_value(struct card *c, struct strbuf *b, const char *before, const crm_cursor *row, const char *name)
{
	put_cell(c, b, before, row, column_of(row, name));
}

/* A part of the card: on its first row with *out, NULL where there is none. An exit status. */
static int open_row(struct card *c, crm_cursor **out, crm_card_part part, int64_t limit)
{
	crm_cursor *rows;
	int status = crm_customer_card(&rows, c->cli->store, c->id, part, limit);

	*out = NULL;
	if (status < 0)
		return cli_store_fail(c->cli, status);
	status = crm_cursor_next(rows);
	if (status == CRM_OK) {
		*out = rows;
		return EXIT_DONE;
	}
	int exit_status = status < 0 ? cli_store_fail(c->cli, status) : EXIT_DONE;
	crm_cursor_close(rows);
	return exit_status;
}

/* --- what is said --- */

static void add_field(struct card *c, const char *name)
{
	const size_t i = column_of(c->row, name);
	struct strbuf b = { 0 };

	put_cell(c, &b, "", c->row, i);
	add(c, crm_cursor_column(c->row, i)->label, LINE_PLAIN, &b);
}

/* The primary address or number, the further ones, and whether they may be used. */
static void add_reach(struct card *c, const char *primary, const char *further, const char *forbidden)
{
	const size_t i = column_of(c->row, primary), no = column_of(c->row, forbidden);
	const bool refused = crm_cursor_value(c->row, no)->i;
	struct strbuf b = { 0 };

	put_cell(c, &b, "", c->row, i);
	put_value(c, &b, crm_tr(", "), c->row, further);
	add(c, crm_cursor_column(c->row, i)->label, LINE_PLAIN, &b);
	if (refused)
		strbuf_puts(&b, crm_tr(crm_cursor_column(c->row, no)->help));
	add(c, crm_cursor_column(c->row, no)->label, LINE_ALARM, &b);
}

static void put_days_ago(struct strbuf *b, int64_t days)
{
	if (days == 0)
		strbuf_puts(b, crm_tr("today"));
	else if (days == 1)
		strbuf_puts(b, crm_tr("yesterday"));
	else
		strbuf_printf(b, crm_tr_n("%lld day ago", "%lld days ago", (uint64_t)days), (long long)days);
}

static int add_contact(struct card *c)
{
	struct strbuf b = { 0 };
	crm_cursor *row;
	int exit_status = open_row(c, &row, CRM_CARD_CONTACT, 1);

	if (exit_status)
		return exit_status;
	if (row) {
		put_value(c, &b, "", row, "at");
		strbuf_puts(&b, crm_tr(", "));
		put_days_ago(&b, value_of(row, "days")->i);
		put_value(c, &b, crm_tr(", "), row, "channel");
		put_value(c, &b, " ", row, "direction");
		put_value(c, &b, crm_tr(", "), row, "agent");
	} else {
		strbuf_puts(&b, crm_tr("never"));
	}
	crm_cursor_close(row);
	add(c, N_("Last contact"), LINE_PLAIN, &b);
	return EXIT_DONE;
}

static void put_days_ahead(struct strbuf *b, int64_t days, bool overdue)
{
	if (overdue && days == 0)
		strbuf_puts(b, crm_tr("overdue since today"));
	else if (overdue)
		strbuf_printf(
			b, crm_tr_n("overdue by %lld day", "overdue by %lld days", (uint64_t)-days), (long long)-days);
	else if (days == 0)
		strbuf_puts(b, crm_tr("today"));
	else if (days == 1)
		strbuf_puts(b, crm_tr("tomorrow"));
	else
		strbuf_printf(b, crm_tr_n("in %lld day", "in %lld days", (uint64_t)days), (long long)days);
}

static void add_followup(struct card *c, const crm_cursor *row, bool first)
{
	const bool overdue = value_of(row, "overdue")->i;
	struct strbuf b = { 0 };

	put_value(c, &b, "", row, value_of(row, "due_day")->kind == CRM_NULL ? "due" : "due_day");
	strbuf_puts(&b, crm_tr(", "));
	put_days_ahead(&b, value_of(row, "days")->i, overdue);
	put_value(c, &b, crm_tr(", "), row, "action");
	put_value(c, &b, crm_tr(", "), row, "owner");
	put_value(c, &b, crm_tr(": "), row, "purpose");
	strbuf_puts(&b, " ");
	strbuf_printf(&b, crm_tr("(follow-up %lld)"), (long long)value_of(row, "id")->i);
	add(c, first ? N_("Follow-up") : NULL, overdue ? LINE_ALARM : LINE_PLAIN, &b);
}

static int add_followups(struct card *c)
{
	struct strbuf b = { 0 };
	crm_cursor *row;
	int exit_status = open_row(c, &row, CRM_CARD_FOLLOWUPS, FOLLOWUPS + 1), status = CRM_OK;
	size_t n = 0;

	if (exit_status)
		return exit_status;
	for (; row && status == CRM_OK && n < FOLLOWUPS; n++) {
		add_followup(c, row, n == 0);
		status = crm_cursor_next(row);
	}
	if (!row)
		strbuf_puts(&b, crm_tr("none agreed upon"));
	else if (status == CRM_OK)
		strbuf_printf(
			&b, crm_tr("more: crm followup list customer:%lld status:open,snoozed"), (long long)c->id);
	add(c, row ? NULL : N_("Follow-up"), LINE_PLAIN, &b);
	crm_cursor_close(row);
	return status < 0 ? cli_store_fail(c->cli, status) : EXIT_DONE;
}

/* Adds a phrase, which has one %s, about a value that is there; of a time its day alone. */
static void put_phrase(struct card *c, struct strbuf *b, const char *phrase, const crm_cursor *row, const char *name)
{
	cleanup(strbuf_freep) struct strbuf text = { 0 };

	put_value(c, &text, "", row, name);
	if (text.len == 0)
		return;
	if (crm_cursor_column(row, column_of(row, name))->type == CRM_TIME)
		strbuf_truncate(&text, strlen("2026-01-02"));
	strbuf_puts(b, b->len ? crm_tr(", ") : "");
	strbuf_printf(b, phrase, text.s);
}

static int add_opinion(struct card *c)
{
	struct strbuf b = { 0 };
	crm_cursor *row;
	int exit_status = open_row(c, &row, CRM_CARD_OPINION, 1);

	if (exit_status || !row)
		return exit_status;
	const crm_value *mean = value_of(row, "satisfaction"), *score = value_of(row, "score");
	const uint64_t n = (uint64_t)value_of(row, "satisfaction_n")->i, nscore = (uint64_t)value_of(row, "score_n")->i;
	if (mean->kind == CRM_DOUBLE)
		strbuf_printf(&b, crm_tr_n("%.1f of 5 (%llu answer)", "%.1f of 5 (%llu answers)", n), mean->d,
			(unsigned long long)n);
	if (score->kind == CRM_DOUBLE) {
		strbuf_puts(&b, b.len ? crm_tr(", ") : "");
		strbuf_printf(&b, crm_tr_n("score %.1f of 5 (%llu answer)", "score %.1f of 5 (%llu answers)", nscore),
			score->d, (unsigned long long)nscore);
	}
	put_phrase(c, &b, crm_tr("NPS %s"), row, "nps");
	put_phrase(c, &b, crm_tr("CES %s"), row, "ces");
	put_phrase(c, &b, crm_tr("last answered %s"), row, "answered_at");
	crm_cursor_close(row);
	add(c, N_("Satisfaction"), LINE_PLAIN, &b);
	return EXIT_DONE;
}

static void add_orders(struct card *c)
{
	struct strbuf b = { 0 };

	if (value_of(c->row, "orders")->i > 0) {
		put_value(c, &b, "", c->row, "orders");
		put_value(c, &b, crm_tr(": "), c->row, "orders_totals");
		put_phrase(c, &b, crm_tr("last %s"), c->row, "last_order_at");
	}
	add(c, N_("Orders"), LINE_PLAIN, &b);
}

/* What else is known of the customer. */
static void add_rest(struct card *c)
{
	/* said elsewhere, or of no use to who talks with them */
	static const char *const others[] = { "id", "name", "given_name", "family_name", "pinyin", "company", "title",
		"stage", "owner", "tags", "phone", "phones", "email", "emails", "do_not_call", "no_email", "restricted",
		"note", "created_at", "updated_at", "last_contact_at", "last_contact_channel", "contacts",
		"open_tickets", "next_followup", "orders", "orders_total", "orders_currency", "orders_totals",
		"last_order_at", "version", NULL };

	for (size_t i = 0; i < crm_cursor_columns(c->row); i++)
		if (!words_have(others, crm_cursor_column(c->row, i)->name))
			add_field(c, crm_cursor_column(c->row, i)->name);
	add_field(c, "note");
}

static int gather(struct card *c)
{
	add_field(c, "stage");
	add_field(c, "owner");
	add_field(c, "tags");
	add_reach(c, "phone", "phones", "do_not_call");
	add_reach(c, "email", "emails", "no_email");
	int exit_status = add_contact(c);
	if (!exit_status)
		exit_status = add_followups(c);
	if (!exit_status)
		exit_status = add_opinion(c);
	add_orders(c);
	add_rest(c);
	return exit_status;
}

/* --- how it is printed --- */

static void print_line(struct card *c, enum line_look look, const char *s, size_t len, size_t column)
{
	cleanup(strbuf_freep) struct strbuf b = { 0 };

	strbuf_escape(&b, s, len, CRM_ESCAPE_LINE);
	line_text(c->cli->out, &c->set, look, need_str(&b), b.len, column, column);
}

static void print_blanks(struct card *c, size_t n)
{
	out_printf(c->cli->out, "%*s", (int)n, "");
}

static void print_entry(struct card *c, const struct entry *e, size_t column)
{
	size_t used = 0;

	if (e->label) {
		const char *label = crm_tr(e->label);

		line_label(c->cli->out, &c->set, label, strlen(label));
		used = line_width(&c->set, label, strlen(label)) + 1;
	}
	for (const char *s = e->text; *s; used = 0) {
		size_t len = strcspn(s, "\r\n");

		print_blanks(c, len > 0 ? column - used : 0);
		print_line(c, e->look, s, len, column);
		s += len;
		s += *s == '\r';
		s += *s == '\n';
	}
}

static void print_head(struct card *c)
{
	cleanup(strbuf_freep) struct strbuf name = { 0 }, head = { 0 }, post = { 0 };

	put_value(c, &name, "", c->row, "name");
	strbuf_printf(&head, crm_tr("%s (customer %lld)"), need_str(&name), (long long)c->id);
	print_line(c, LINE_BOLD, need_str(&head), head.len, 0);
	put_value(c, &post, "", c->row, "title");
	put_value(c, &post, crm_tr(", "), c->row, "company");
	if (post.len > 0)
		print_line(c, LINE_PLAIN, need_str(&post), post.len, 0);
	out_puts(c->cli->out, "\n");
}

static void print_entries(struct card *c)
{
	size_t widest = 0;

	for (size_t i = 0; i < c->n; i++) {
		const char *label = c->entries[i].label ? crm_tr(c->entries[i].label) : "";
		size_t width = line_width(&c->set, label, strlen(label));
		widest = width > widest ? width : widest;
	}
	for (size_t i = 0; i < c->n; i++)
		print_entry(c, &c->entries[i], widest + 2);
}

/* How many rows a part has, at most `limit`. */
static int count_rows(struct card *c, int64_t *n, crm_card_part part, int64_t limit)
{
	crm_cursor *rows;
	int exit_status = open_row(c, &rows, part, limit), status = CRM_OK;

	*n = 0;
	while (!exit_status && rows && status == CRM_OK) {
		++*n;
		status = crm_cursor_next(rows);
	}
	crm_cursor_close(rows);
	return !exit_status && status < 0 ? cli_store_fail(c->cli, status) : exit_status;
}

/* A part as a table, and where the rest of it is found if there is more. */
static int print_part(
	struct card *c, const char *heading, crm_card_part part, const char *fields, int64_t most, const char *rest)
{
	struct out_settings set = c->set;
	crm_cursor *rows;
	int64_t n;
	int exit_status = count_rows(c, &n, part, most + 1);

	if (exit_status || n == 0)
		return exit_status;
	out_puts(c->cli->out, "\n");
	line_put(c->cli->out, &c->set, LINE_BOLD, heading, strlen(heading));
	out_puts(c->cli->out, "\n");
	int status = crm_customer_card(&rows, c->cli->store, c->id, part, most);
	if (status == CRM_OK)
		status = crm_cursor_fields(&rows, c->cli->store, rows, fields);
	if (status < 0)
		return cli_store_fail(c->cli, status);
	set.format = OUT_TABLE;
	status = out_rows(c->cli->out, c->cli->store, rows, &set, NULL, NULL);
	crm_cursor_close(rows);
	if (status < 0)
		return out_error(c->cli->out) ? EXIT_FAILED : cli_store_fail(c->cli, status);
	if (n > most) {
		out_printf(c->cli->out, rest, (long long)c->id);
		out_puts(c->cli->out, "\n");
	}
	return EXIT_DONE;
}

static int print_tickets(struct card *c)
{
	const char *fields = c->set.width < ROOMY ? "id,priority,status,sla,assignee,subject"
						  : "id,priority,status,sla,sla_due,assignee,subject";

	return print_part(c, crm_tr("Open tickets"), CRM_CARD_TICKETS, fields, TICKETS,
		crm_tr("all of them: crm ticket list customer:%lld state:open,paused"));
}

static int print_logs(struct card *c)
{
	return print_part(c, crm_tr("Conversations"), CRM_CARD_LOGS, "at,channel,direction,agent,subject", LOGS,
		crm_tr("all that happened: crm customer show %lld --history"));
}

static void card_free(struct card *c)
{
	for (size_t i = 0; i < c->n; i++)
		freep(&c->entries[i].text);
	freep(&c->entries);
	crm_cursor_close(c->row);
}

static int show_card(struct cli *cli, int64_t id, bool logs)
{
	struct card c = { .cli = cli, .set = cli_settings(cli), .id = id };
	int exit_status = open_row(&c, &c.row, CRM_CARD_CUSTOMER, 1);

	if (exit_status || !c.row)
		return exit_status;
	exit_status = gather(&c);
	if (!exit_status) {
		print_head(&c);
		print_entries(&c);
		exit_status = print_tickets(&c);
	}
	if (!exit_status && logs)
		exit_status = print_logs(&c);
	card_free(&c);
	return exit_status;
}

/* --- the verb --- */

static int show_history(struct cli *cli, int64_t id, bool card)
{
	crm_cursor *rows;
	int exit_status = card ? show_card(cli, id, false) : EXIT_DONE;

	if (exit_status)
		return exit_status;
	int status = crm_customer_timeline(&rows, cli->store, id);
	if (status < 0)
		return cli_store_fail(cli, status);
	if (!card)
		return record_print_history(cli, id, rows);
	out_puts(cli->out, "\n");
	return cli_print(cli, rows, false);
}

int customer_show(struct cli *cli, const void *opts)
{
	const struct record_opts *o = opts;
	bool restricted = false;
	int64_t id;

	if (cli_fields_asked(cli))
		return cli_fields_help(cli, cli->entity, NULL, 0);
	int exit_status = record_shown(cli, &id);
	if (exit_status)
		return exit_status;
	int status = crm_record_restricted(&restricted, cli->store, cli->entity, id);
	if (status < 0)
		return cli_store_fail(cli, status);
	/* who is restricted is to be used for nothing: no card invites to talk with them */
	const bool card = cli->out_terminal && !cli->global.format && !cli->global.fields && !restricted;
	if (o->history)
		return show_history(cli, id, card);
	return card ? show_card(cli, id, true) : record_print(cli, cli->entity, id);
}
