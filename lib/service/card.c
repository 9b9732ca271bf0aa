/* The card of a customer: of all that hangs on one, what somebody wants to know before the next word. */
#include "analysis/satisfaction.h"
#include "analysis/stats.h"
#include "base/cursor.h"
#include "model/followup.h"
#include "store/store.h"
#include <crm/customer.h>
#include <stdio.h>

/* Local days from now to an instant: below 0 what has passed. */
static int64_t days_ahead(const crm_store *s, int64_t t)
{
	return zone_day(s->zone, t) - zone_day(s->zone, crm_store_now(s));
}

static int prepare(struct stmt **st, crm_store *s, const char *sql, unsigned flags, int64_t customer)
{
	int status = db_prepare(st, s, sql, flags);

	if (status < 0)
		return status;
	db_bind_int(*st, 1, customer);
	db_bind_int(*st, 2, crm_store_now(s));
	return CRM_OK;
}

/* A new row that begins with the n columns of the statement's. */
static void begin_row(struct rowset *rows, struct stmt *st, size_t n)
{
	rowset_begin(rows);
	for (size_t i = 0; i < n; i++) {
		crm_value v = db_value(st, (int)i);

		rowset_value(rows, i, &v);
	}
}

static int to_cursor(crm_cursor **out, crm_store *s, struct rowset *rows)
{
	return rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

/* --- communications --- */

/* In the order of the index by customer and time: of thousands only the newest are read (a + keeps it from being sorted). */
#define NEWEST_FIRST " ORDER BY at DESC, internal DESC, channel DESC, id DESC LIMIT $3"

static const crm_column contact_columns[] = {
	COLUMN("at", "Time", "when it took place", CRM_TIME),
	COLUMN("channel", "Channel", "how it took place", CRM_ENUM),
	COLUMN("direction", "Direction", "in: from the customer, out: to the customer", CRM_ENUM),
	COLUMN("agent", "Agent", "who talked to the customer", CRM_TEXT),
	COLUMN("days", "Days", "local days since", CRM_INTEGER),
};

static const char contact_sql[] =
	"SELECT at, channel, direction, agent FROM log WHERE customer = $1 AND at <= $2 AND +internal = 0" NEWEST_FIRST;

static int open_contact(crm_cursor **out, crm_store *s, int64_t customer)
{
	enum {
		DAYS = ARRAY_SIZE(contact_columns) - 1
	};
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(rowset_freep) struct rowset *rows = NULL;
	int status = prepare(&st, s, contact_sql, 0, customer);

	if (status == CRM_OK && rowset_new(&rows, contact_columns, ARRAY_SIZE(contact_columns)) < 0)
		status = err_nomem(&s->err);
	if (status < 0)
		return status;
	db_bind_int(st, 3, 1);
	status = db_step(st);
	if (status == CRM_OK) {
		begin_row(rows, st, DAYS);
		rowset_int(rows, DAYS, -days_ahead(s, db_int(st, 0)));
	}
	return status < 0 ? status : to_cursor(out, s, TAKE_PTR(rows));
}

static const crm_column log_columns[] = {
	COLUMN("id", "Id", "number of the communication", CRM_INTEGER),
	COLUMN("at", "Time", "when it took place", CRM_TIME),
	COLUMN("channel", "Channel", "how it took place; note: a note among ourselves", CRM_ENUM),
	COLUMN("direction", "Direction", "in: from the customer, out: to the customer", CRM_ENUM),
	COLUMN("agent", "Agent", "who talked to the customer", CRM_TEXT),
	COLUMN("subject", "Subject", "what it was about; else the first line of what was said", CRM_TEXT),
};

static const char log_sql[] =
	"SELECT id, at, CASE WHEN internal THEN 'note' ELSE channel END, direction, agent, coalesce(subject,"
	" substr(content, 1, CASE WHEN instr(content, char(10)) BETWEEN 2 AND 200 THEN instr(content, char(10)) - 1"
	" ELSE 200 END)) FROM log WHERE customer = $1 AND at <= $2" NEWEST_FIRST;

/* --- follow-ups --- */

static const crm_column followup_columns[] = {
	COLUMN("id", "Id", "number of the follow-up", CRM_INTEGER),
	COLUMN("due", "Due", "when it is due", CRM_TIME),
	COLUMN("due_day", "Due day", "the day, where it is due on a day as a whole", CRM_DATE),
	COLUMN("action", "Action", "what is owed", CRM_ENUM),
	COLUMN("purpose", "Purpose", "what it is about", CRM_TEXT),
	COLUMN("owner", "Owner", "who owes it; empty: who looks after the customer", CRM_TEXT),
	COLUMN("days", "Days", "local days ahead; below 0: since it was due", CRM_INTEGER),
	COLUMN("overdue", "Overdue", "it was due before now", CRM_BOOL),
};

static const char followup_sql[] = "SELECT f.id, " FOLLOWUP_DUE(
	"f") ", CASE WHEN f.snoozed_until IS NULL THEN f.due_day END, f.due_action, f.purpose,"
	     " f.owner FROM followup f WHERE f.customer = $1 AND f.created_at <= $2 AND (" FOLLOWUP_PENDING(
		     "f") " OR f.done_at > $2) ORDER BY 2, 1 LIMIT $3";

static void add_followup(struct rowset *rows, crm_store *s, struct stmt *st)
{
	enum {
		DAYS = ARRAY_SIZE(followup_columns) - 2,
		OVERDUE
	};
	const int64_t due = db_int(st, 1), days = days_ahead(s, due);

	begin_row(rows, st, DAYS);
	rowset_int(rows, DAYS, days);
	rowset_int(rows, OVERDUE, db_is_null(st, 2) ? due < crm_store_now(s) : days < 0);
}

static int open_followups(crm_cursor **out, crm_store *s, int64_t customer, int64_t limit)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(rowset_freep) struct rowset *rows = NULL;
	int status = prepare(&st, s, followup_sql, DB_SCAN, customer); /* sorts those of one customer */

	if (status == CRM_OK && rowset_new(&rows, followup_columns, ARRAY_SIZE(followup_columns)) < 0)
		status = err_nomem(&s->err);
	if (status == CRM_OK)
		db_bind_int(st, 3, limit);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		add_followup(rows, s, st);
	return status < 0 ? status : to_cursor(out, s, TAKE_PTR(rows));
}

/* --- tickets --- */

static int open_tickets(crm_cursor **out, crm_store *s, int64_t customer, int64_t limit)
{
	char of[48];
	const char *const terms[] = { of, "state:open,paused" };
	crm_query *q = NULL;
	int status = crm_query_new(&q, s, crm_entity_find("ticket"));

	snprintf(of, sizeof(of), "customer:%lld", (long long)customer);
	if (status == CRM_OK)
		status = crm_query_filter(q, ARRAY_SIZE(terms), terms);
	if (status == CRM_OK)
		status = crm_query_fields(q, "id,status,priority,sla,sla_due,assignee,subject");
	if (status == CRM_OK)
		status = crm_query_sort(q, "-urgency");
	if (status == CRM_OK) {
		crm_query_limit(q, limit);
		status = crm_query_open(out, q);
	}
	crm_query_free(q);
	return status;
}

/* --- what they think --- */

static const crm_column opinion_columns[] = {
	COLUMN("n", "N", "surveys that were answered", CRM_INTEGER),
	COLUMN("answered_at", "Answered", "when the last of them was", CRM_TIME),
	COLUMN("satisfaction", "Satisfaction", "as report satisfaction has it, from 1 to 5", CRM_REAL),
	COLUMN("satisfaction_n", "Of", "answers that it is the mean of", CRM_INTEGER),
	COLUMN("score", "Score", "mean of the scores for all, 1 to 5", CRM_REAL),
	COLUMN("score_n", "Of", "answers that it is the mean of", CRM_INTEGER),
	COLUMN("nps", "NPS", "how likely to recommend, 0 to 10, as they said last", CRM_INTEGER),
	COLUMN("ces", "CES", "how easy it was, 1 to 7 (easy), as they said last", CRM_INTEGER),
};

struct opinion {
	int64_t n, last;
	struct sample satisfaction, score;
	crm_value nps, ces;
};

enum {
	OPINION_SCORES = 4 /* columns before those of survey_scores */
};

static void take_answer(struct opinion *o, struct stmt *st, const struct weights *w)
{
	crm_value scores[2 * SURVEY_DIMENSIONS];
	double satisfaction;

	if (o->n++ == 0)
		o->last = db_int(st, 0);
	if (!db_is_null(st, 1))
		sample_add(&o->score, (double)db_int(st, 1));
	if (o->nps.kind == CRM_NULL)
		db_read(st, 2, &o->nps);
	if (o->ces.kind == CRM_NULL)
		db_read(st, 3, &o->ces);
	for (size_t i = 0; i < ARRAY_SIZE(scores); i++)
		db_read(st, (int)i + OPINION_SCORES, &scores[i]);
	if (satisfaction_of(&satisfaction, w, scores))
		sample_add(&o->satisfaction, satisfaction);
}

static int prepare_answers(struct stmt **st, crm_store *s, int64_t customer)
{
	struct buf sql = BUF_INIT;

	buf_puts(&sql, "SELECT answered_at, score, nps, ces");
	for (size_t i = 0; i < 2 * SURVEY_DIMENSIONS; i++)
		buf_printf(&sql, ", %s", survey_scores[i].field);
	buf_puts(&sql, " FROM survey WHERE customer = $1 AND answered_at <= $2 ORDER BY answered_at DESC");
	int status = buf_str(&sql) ? prepare(st, s, sql.s, 0, customer) : err_nomem(&s->err);
	buf_free(&sql);
	return status;
}

static int opinion_row(crm_cursor **out, crm_store *s, const struct opinion *o)
{
	enum {
		N,
		ANSWERED,
		SATISFACTION,
		SATISFACTION_N,
		SCORE,
		SCORE_N,
		NPS,
		CES
	};
	struct rowset *rows = NULL;

	if (rowset_new(&rows, opinion_columns, ARRAY_SIZE(opinion_columns)) < 0)
		return err_nomem(&s->err);
	if (o->n > 0) {
		rowset_begin(rows);
		rowset_int(rows, N, o->n);
		rowset_int(rows, ANSWERED, o->last);
		rowset_int(rows, SATISFACTION_N, o->satisfaction.n);
		if (o->satisfaction.n > 0)
			rowset_real(rows, SATISFACTION, sample_mean(&o->satisfaction));
		rowset_int(rows, SCORE_N, o->score.n);
		if (o->score.n > 0)
			rowset_real(rows, SCORE, sample_mean(&o->score));
		rowset_value(rows, NPS, &o->nps);
		rowset_value(rows, CES, &o->ces);
	}
	return to_cursor(out, s, rows);
}

static int open_opinion(crm_cursor **out, crm_store *s, int64_t customer)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct opinion o = { 0 };
	struct weights w;
	int status = weights_read(&w, s, true);

	if (status == CRM_OK)
		status = prepare_answers(&st, s, customer);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		take_answer(&o, st, &w);
	return status < 0 ? status : opinion_row(out, s, &o);
}

/* --- all of them --- */

static int open_logs(crm_cursor **out, crm_store *s, int64_t customer, int64_t limit)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = prepare(&st, s, log_sql, 0, customer);

	if (status < 0)
		return status;
	db_bind_int(st, 3, limit);
	return db_gather(out, s, st, log_columns, ARRAY_SIZE(log_columns));
}

static int open_customer(crm_cursor **out, crm_store *s, int64_t customer)
{
	crm_query *q = NULL;
	int status = crm_query_new(&q, s, crm_entity_find("customer"));

	if (status == CRM_OK)
		status = crm_query_fields_all(q);
	if (status == CRM_OK)
		status = crm_query_ids(q, &customer, 1);
	if (status == CRM_OK)
		status = crm_query_open(out, q);
	crm_query_free(q);
	return status;
}

int crm_customer_card(crm_cursor **out, crm_store *s, int64_t customer, crm_card_part part, int64_t limit)
{
	switch (part) {
	case CRM_CARD_CUSTOMER:
		return open_customer(out, s, customer);
	case CRM_CARD_CONTACT:
		return open_contact(out, s, customer);
	case CRM_CARD_FOLLOWUPS:
		return open_followups(out, s, customer, limit);
	case CRM_CARD_TICKETS:
		return open_tickets(out, s, customer, limit);
	case CRM_CARD_OPINION:
		return open_opinion(out, s, customer);
	case CRM_CARD_LOGS:
		return open_logs(out, s, customer, limit);
	}
	return err_set(&s->err, CRM_INVALID, "a customer's card has no part %d", (int)part);
}
