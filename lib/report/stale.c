/* Stale: customers with whom there was contact once, but none for long. */
#include "base/time.h"
#include "report/made.h"
#include "report/silence.h"

#define USUAL "-90d"

static const crm_column columns[] = {
	COLUMN("customer", "Customer", "number of the customer", CRM_INTEGER),
	COLUMN("name", "Name", "name of the customer", CRM_TEXT),
	COLUMN("owner", "Owner", "agent who looks after them; empty: nobody", CRM_TEXT),
	COLUMN("last_contact_at", "Last contact", "latest communication in or out", CRM_TIME),
	COLUMN("days", "Days", "since then, by the calendar", CRM_INTEGER),
	COLUMN("contacts", "Contacts", "communications in and out", CRM_INTEGER),
	COLUMN("mean_gap_days", "Mean gap", "days between two of them on average; empty below two", CRM_REAL),
	COLUMN("open_tickets", "Open tickets", "tickets that are not resolved", CRM_INTEGER),
	COLUMN("orders_total", "Orders in all", "what their orders come to; empty: none, or in several currencies",
		CRM_MONEY),
	COLUMN("orders_currency", "Currency", "the currency of what they come to", CRM_TEXT),
	COLUMN("orders_totals", "Orders by currency", "what they come to in each currency", CRM_TEXT),
};

/* Columns of the statement: these, and what else a row is made and ordered by. */
static const char fields[] =
	"id,name,owner,last_contact_at,contacts,open_tickets,orders_total,orders_currency,orders_totals";

enum column {
	ID,
	NAME,
	OWNER,
	LAST,
	CONTACTS,
	OPEN,
	TOTAL,
	CURRENCY,
	TOTALS,
	FIRST
};

struct stale {
	struct made made;
	struct stmt *st;
	int64_t today;
};

static void release(struct made *m)
{
	db_release(((struct stale *)m)->st);
}

static int make_row(struct made *m, size_t row)
{
	static const enum column texts[][2] = { { NAME, 1 }, { OWNER, 2 }, { TOTAL, 8 }, { CURRENCY, 9 },
		{ TOTALS, 10 } };
	struct stale *x = (struct stale *)m;
	int status = db_step(x->st);
	int64_t last, contacts;

	(void)row;
	if (status != CRM_OK)
		return status;
	last = db_int(x->st, LAST);
	contacts = db_int(x->st, CONTACTS);
	made_int(m, 0, db_int(x->st, ID));
	made_int(m, 3, last);
	made_int(m, 4, x->today - zone_day(m->s->zone, last));
	made_int(m, 5, contacts);
	if (contacts >= 2)
		made_real(m, 6, silence_gap(db_int(x->st, FIRST), last, contacts));
	made_int(m, 7, db_int(x->st, OPEN));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		made_str(m, texts[i][1], db_text(x->st, (int)texts[i][0]));
	return CRM_OK;
}

/*
 * Those in several currencies come first, as their worth cannot be compared; then by currency what came to most first;
 * last those who never ordered; of equal worth the longest silent first.
 */
static int put_statement(struct sql *q, int64_t since, const crm_report_options *opt)
{
	const struct crm_field *f;
	int status = silence_select(q, fields);

	buf_puts(&q->text, ", ");
	silence_first(q);
	buf_puts(&q->text, ", CASE WHEN ");
	if (status == CRM_OK)
		status = sql_path(q, &entity_customer, "orders_currency", strlen("orders_currency"), "t0", &f);
	buf_puts(&q->text, " IS NULL AND ");
	if (status == CRM_OK)
		status = sql_path(q, &entity_customer, "orders_totals", strlen("orders_totals"), "t0", &f);
	buf_puts(&q->text, " IS NOT NULL THEN 0 ELSE 1 END, ");
	q->sizes = true;
	if (status == CRM_OK)
		status = sql_path(q, &entity_customer, "orders_total", strlen("orders_total"), "t0", &f);
	q->sizes = false;
	if (status == CRM_OK)
		status = silence_from(q, opt);
	buf_puts(&q->text, " AND ");
	if (status == CRM_OK)
		status = sql_path(q, &entity_customer, "last_contact_at", strlen("last_contact_at"), "t0", &f);
	buf_puts(&q->text, " < ");
	sql_param_int(q, since);
	buf_puts(&q->text, " ORDER BY 11, 8 NULLS LAST, 12 DESC NULLS LAST, 4, 1");
	return status;
}

static int run_stale(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	cleanup(sql_release) struct sql q = { .s = s };
	struct stale *x;
	int64_t since;
	int status = crm_time_parse(&since, NULL, s, opt->since ? opt->since : USUAL, CRM_TIME_PAST);

	if (status == CRM_OK)
		status = put_statement(&q, since, opt);
	if (status < 0)
		return status;
	x = calloc(1, sizeof(*x));
	if (!x)
		return err_nomem(&s->err);
	x->made = (struct made){ .s = s, .n = SIZE_MAX, .make = make_row, .release = release };
	x->today = zone_day(s->zone, crm_store_now(s));
	status = sql_prepare(&x->st, &q, DB_SCAN | DB_ONCE);
	if (status < 0) {
		made_free(&x->made);
		return status;
	}
	return made_open(out, &x->made, r->columns, r->ncolumns);
}

static const struct crm_report reports[] = {
	{
		.name = "stale",
		.title = N_("Silent customers"),
		.help = N_("with whom there was no contact since --since, by default for 90 days, the most valuable "
			   "first"),
		.entity = "customer",
		COLUMNS(columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "days" },
		.takes = REPORT_SINCE,
		.no_rows = N_("a row is a customer"),
		.run = run_stale,
	},
};

const struct report_table reports_stale = { reports, ARRAY_SIZE(reports) };
