/*
 * Churn: how likely a customer is to leave, from 0 to 100, out of what is known of them, and what it is made of:
 *
 *   silence       up to 50: the time since the last contact against the mean gap between their contacts, the ratio; none
 *                 up to 1, all from 3 on, in between in proportion: 25 * (ratio - 1). A gap below a day counts as a day.
 *   satisfaction  up to 30: the mean score of their last answered survey, none for 5, all for 1: 30 * (5 - score) / 4.
 *   complaints    up to 20: 10 for each complaint that is not resolved.
 *
 * Who answered no survey is judged by the other two alone: the points out of 70, in percent. The weights are ours: no
 * standard has any, so the factors are shown. Silence against one's own rhythm: Fader and Hardie, customer-base analysis
 * in non-contractual settings, where the same silence says more of who used to come often.
 */
#include "model/ticket.h"
#include "report/made.h"
#include "report/silence.h"

static const crm_column columns[] = {
	COLUMN("customer", "Customer", "number of the customer", CRM_INTEGER),
	COLUMN("name", "Name", "name of the customer", CRM_TEXT),
	COLUMN("risk", "Risk", "0 to 100: the points in percent of those that could be", CRM_REAL),
	COLUMN("silence_ratio", "Silence", "days since the last contact for each day of the mean gap", CRM_REAL),
	COLUMN("silence_points", "Points", "0 to 50", CRM_REAL),
	COLUMN("satisfaction", "Satisfaction", "mean of the scores of the last survey, 1 to 5; empty: none answered",
		CRM_REAL),
	COLUMN("satisfaction_points", "Points", "0 to 30; empty: not known", CRM_REAL),
	COLUMN("complaints", "Complaints", "that are not resolved", CRM_INTEGER),
	COLUMN("complaint_points", "Points", "0, 10 or 20", CRM_INTEGER),
	COLUMN("last_contact_at", "Last contact", "latest communication in or out", CRM_TIME),
	COLUMN("mean_gap_days", "Mean gap", "days between two communications on average", CRM_REAL),
};

enum {
	SILENCE_MOST = 50,
	SATISFACTION_MOST = 30,
	COMPLAINTS_MOST = 20,
	COMPLAINT_POINTS = 10
};

struct customer {
	int64_t id, last, complaints;
	double gap, ratio, satisfaction; /* satisfaction below 0: not known */
};

struct churn {
	struct made made;
	struct customer *v;
	size_t cap;
	int64_t few; /* customers with fewer than two contacts */
};

static void release(struct made *m)
{
	free(((struct churn *)m)->v);
}

static double at_most(double value, double most)
{
	return value < 0 ? 0 : value > most ? most : value;
}

static double silence_points(const struct customer *c)
{
	return at_most((c->ratio - 1) * SILENCE_MOST / 2, SILENCE_MOST);
}

static double satisfaction_points(const struct customer *c)
{
	return at_most((5 - c->satisfaction) * SATISFACTION_MOST / 4, SATISFACTION_MOST);
}

static int64_t complaint_points(const struct customer *c)
{
	return c->complaints * COMPLAINT_POINTS > COMPLAINTS_MOST ? COMPLAINTS_MOST : c->complaints * COMPLAINT_POINTS;
}

static double risk_of(const struct customer *c)
{
	double points = silence_points(c) + (double)complaint_points(c);

	return c->satisfaction < 0 ? points * 100 / (SILENCE_MOST + COMPLAINTS_MOST) : points + satisfaction_points(c);
}

/* What is looked up of one customer ($1) at the clock ($2). */
static const char survey_sql[] =
	"SELECT service_quality, service_efficiency, service_speed, service_professionalism, service_value, score"
	" FROM survey WHERE customer = $1 AND answered_at <= $2 AND coalesce(service_quality, service_efficiency,"
	" service_speed, service_professionalism, service_value, score) IS NOT NULL"
	" ORDER BY answered_at DESC, id DESC LIMIT 1";

static const char complaints_sql[] = "SELECT count(*) FROM ticket k WHERE k.customer = $1 AND k.created_at <= $2"
				     " AND " TICKET_AT("k", "type", "$2") " = 'complaint' AND NOT " TICKET_AT(
					     "k", "status", "$2") " IN " TICKET_RESOLVED;

struct lookups {
	struct stmt *survey, *complaints;
};

static void lookups_release(struct lookups *l)
{
	db_release(l->survey);
	db_release(l->complaints);
}

static int look_up(struct stmt *st, crm_store *s, int64_t customer)
{
	db_rewind(st);
	db_bind_int(st, 1, customer);
	db_bind_int(st, 2, crm_store_now(s));
	return db_step(st);
}

/* The mean of the last survey's scores of service, or its one score. */
static int find_satisfaction(double *out, crm_store *s, struct stmt *st, int64_t customer)
{
	enum {
		SCORES = 5
	};
	int64_t sum = 0, n = 0;
	int status = look_up(st, s, customer);

	*out = -1;
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	for (int i = 0; i < SCORES; i++) {
		n += !db_is_null(st, i);
		sum += db_int(st, i);
	}
	*out = n > 0 ? (double)sum / (double)n : (double)db_int(st, SCORES);
	return CRM_OK;
}

enum column {
	ID,
	LAST,
	CONTACTS,
	OPEN,
	FIRST
};

static int take_customer(struct churn *x, struct stmt *st, const struct lookups *l)
{
	crm_store *s = x->made.s;
	struct customer c = { .id = db_int(st, ID), .last = db_int(st, LAST) };
	int status;

	if (db_int(st, CONTACTS) < 2) {
		x->few++;
		return CRM_OK;
	}
	c.gap = silence_gap(db_int(st, FIRST), c.last, db_int(st, CONTACTS));
	c.ratio = (double)(crm_store_now(s) - c.last) / 86400 / (c.gap < 1 ? 1 : c.gap);
	status = find_satisfaction(&c.satisfaction, s, l->survey, c.id);
	if (status == CRM_OK && db_int(st, OPEN) > 0) {
		status = look_up(l->complaints, s, c.id);
		c.complaints = status == CRM_OK ? db_int(l->complaints, 0) : 0;
	}
	if (status < 0)
		return status;
	if (!GROW(x->v, x->made.n, x->cap))
		return err_nomem(&s->err);
	x->v[x->made.n++] = c;
	return CRM_OK;
}

static int select_customers(struct stmt **st, crm_store *s, const crm_report_options *opt)
{
	cleanup(sql_release) struct sql q = { .s = s };
	int status = silence_select(&q, "id,last_contact_at,contacts,open_tickets");

	buf_puts(&q.text, ", ");
	silence_first(&q);
	if (status == CRM_OK)
		status = silence_from(&q, opt);
	buf_puts(&q.text, " ORDER BY t0.id");
	if (status == CRM_OK)
		status = sql_prepare(st, &q, DB_SCAN | DB_ONCE);
	return status;
}

static int gather(struct churn *x, const crm_report_options *opt)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(lookups_release) struct lookups l = { 0 };
	crm_store *s = x->made.s;
	int status = db_prepare(&l.survey, s, survey_sql, 0);

	if (status == CRM_OK)
		status = db_prepare(&l.complaints, s, complaints_sql, DB_SCAN); /* of the statuses */
	if (status == CRM_OK)
		status = select_customers(&st, s, opt);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = take_customer(x, st, &l);
	return status == CRM_END ? CRM_OK : status;
}

static int compare_customers(const void *a, const void *b)
{
	const struct customer *x = a, *y = b;
	const double p = risk_of(x), q = risk_of(y);
	int order = (p < q) - (p > q);

	if (order == 0)
		order = (x->ratio < y->ratio) - (x->ratio > y->ratio);
	return order ? order : (x->id > y->id) - (x->id < y->id);
}

static int make_row(struct made *m, size_t row)
{
	const struct customer *c = &((struct churn *)m)->v[row];

	made_int(m, 0, c->id);
	made_real(m, 2, risk_of(c));
	made_real(m, 3, c->ratio);
	made_real(m, 4, silence_points(c));
	if (c->satisfaction >= 0) {
		made_real(m, 5, c->satisfaction);
		made_real(m, 6, satisfaction_points(c));
	}
	made_int(m, 7, c->complaints);
	made_int(m, 8, complaint_points(c));
	made_int(m, 9, c->last);
	made_real(m, 10, c->gap);
	return made_name(m, 1, c->id);
}

/* They are no part of the list, as nothing is known of their rhythm; nor are those without any contact. */
static void tell_few(const struct churn *x)
{
	if (x->few > 0)
		store_say(x->made.s, CRM_EVENT_WARNING, (uint64_t)x->few,
			crm_tr_n("%lld customer with a single contact left out: that is no rhythm",
				"%lld customers with a single contact left out: that is no rhythm", (uint64_t)x->few),
			(long long)x->few);
}

static int run_churn(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct churn *x = calloc(1, sizeof(*x));
	int status;

	if (!x)
		return err_nomem(&s->err);
	x->made = (struct made){ .s = s, .make = make_row, .release = release };
	status = gather(x, opt);
	if (status < 0) {
		made_free(&x->made);
		return status;
	}
	tell_few(x);
	if (x->made.n > 0)
		qsort(x->v, x->made.n, sizeof(*x->v), compare_customers);
	return made_open(out, &x->made, r->columns, r->ncolumns);
}

static const struct crm_report reports[] = {
	{
		.name = "churn",
		.title = N_("Customers at risk"),
		.help = N_(
			"who is likely to leave: by silence against their own rhythm, satisfaction, open complaints"),
		.entity = "customer",
		COLUMNS(columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "risk" },
		.no_rows = N_("a row is a customer"),
		.run = run_churn,
	},
};

const struct report_table reports_churn = { reports, ARRAY_SIZE(reports) };
