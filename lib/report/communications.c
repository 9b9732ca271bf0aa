/* Reports on communications: how many when, and how often with each customer. */
#include "base/time.h"
#include "model/restricted.h"
#include "report/group.h"

/* --- activity --- */

static const crm_column activity_columns[] = {
	COLUMN("bucket", "Group", "day, week, month, hour or weekday, or value of the field; empty: none", CRM_TEXT),
	COLUMN("count", "Count", "communications, internal notes not counted", CRM_INTEGER),
	COLUMN("average", "Average",
		"mean of this and the buckets before it: 7 days, 4 weeks, 3 months; otherwise the mean a day",
		CRM_REAL),
	COLUMN("change_percent", "Change %", "against the period before; empty when that had none", CRM_REAL),
};

static const char *const activity_by[] = { "day", "week", "month", "hour", "weekday", "channel", "agent", NULL };

/* Counts by number: of days, weeks or months without gaps, of hours and weekdays, or of the words of a field. */
struct tally {
	crm_store *s;
	const char *by; /* a field; NULL: a period */
	struct period_clock clock;
	int64_t first; /* number of v[0] */
	int64_t *v;
	size_t n, cap;
	struct words words;
	const struct crm_field *field;
	struct groups groups;             /* of the words, in the order of the rows */
	int64_t first_at, last_at, total; /* of all that was counted */
};

struct word_count {
	struct group group;
	int64_t count;
};

/* Days, weeks and months follow each other: they have a moving average, and a change. */
static bool is_series(const struct tally *t)
{
	return !t->by && t->clock.period <= PERIOD_MONTH;
}

/* Room for a number, before or after those that are there; NULL when out of memory. */
static int64_t *counter(struct tally *t, int64_t number)
{
	if (t->n == 0)
		t->first = number;
	while (number < t->first) {
		size_t shift = (size_t)(t->first - number);

		if (!grow_array((void **)&t->v, &t->cap, t->n + shift, sizeof(*t->v)))
			return NULL;
		memmove(t->v + shift, t->v, t->n * sizeof(*t->v));
		memset(t->v, 0, shift * sizeof(*t->v));
		t->n += shift;
		t->first = number;
	}
	while ((int64_t)t->n <= number - t->first) {
		if (!GROW(t->v, t->n, t->cap))
			return NULL;
		t->v[t->n++] = 0;
	}
	return &t->v[number - t->first];
}

static void note_times(struct tally *t, int64_t first, int64_t last, int64_t n)
{
	t->first_at = t->total == 0 || first < t->first_at ? first : t->first_at;
	t->last_at = t->total == 0 || last > t->last_at ? last : t->last_at;
	t->total += n;
}

static int count_periods(struct tally *t, struct stmt *st)
{
	int status;

	while ((status = db_step(st)) == CRM_OK) {
		const int64_t at = db_int(st, 0);
		int64_t *slot = counter(t, period_number(&t->clock, at));

		if (!slot)
			return err_nomem(&t->s->err);
		++*slot;
		note_times(t, at, at, 1);
	}
	return status;
}

/* The words that were counted, in order; such as channels in that of the alphabet. */
static bool group_words(struct tally *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct word_count *g = (struct word_count *)groups_get(&t->groups, t->first + (int64_t)i);

		if (!g)
			return false;
		g->count = t->v[i];
	}
	groups_sort_words(&t->groups, &t->words, t->field->nwords ? NULL : t->field);
	return true;
}

static int count_words(struct tally *t, struct stmt *st)
{
	int status;

	while ((status = db_step(st)) == CRM_OK) {
		const int64_t at = db_int(st, 0);
		const char *text = db_text(st, 1);
		const int word = words_number(&t->words, text, text ? db_bytes(st, 1) : 0);
		int64_t *slot = word == WORD_FAILED ? NULL : counter(t, word);

		if (!slot)
			return err_nomem(&t->s->err);
		++*slot;
		note_times(t, at, at, 1);
	}
	return status < 0 || group_words(t) ? status : err_nomem(&t->s->err);
}

/* The first communication from a time on; `none` when there is none. */
static int find_next(int64_t *out, struct stmt *st, int64_t from, int64_t none)
{
	int status;

	db_rewind(st);
	db_bind_int(st, 1, from);
	status = db_step(st);
	if (status == CRM_OK)
		*out = db_is_null(st, 0) ? none : db_int(st, 0);
	return status;
}

static int count_day(struct tally *t, int64_t *n, struct stmt *st, int64_t from, int64_t to)
{
	int64_t *slot;
	int status;

	db_rewind(st);
	db_bind_int(st, 1, from);
	db_bind_int(st, 2, to);
	status = db_step(st);
	if (status < 0)
		return status;
	*n = db_int(st, 0);
	if (*n == 0)
		return CRM_OK;
	slot = counter(t, t->clock.number);
	if (!slot)
		return err_nomem(&t->s->err);
	*slot += *n;
	note_times(t, from, to, *n);
	return CRM_OK;
}

/*
 * Day after day, counted by SQL, which takes two thirds of the time that stepping takes. Only without a filter: its
 * searches would be made anew for each day. Empty stretches are passed over.
 */
static int count_days(struct tally *t, int64_t from, int64_t to)
{
	cleanup(db_releasep) struct stmt *next = NULL;
	cleanup(db_releasep) struct stmt *count = NULL;
	int status = db_prepare(&next, t->s, "SELECT min(at) FROM log WHERE at >= $1 AND internal = 0", 0);
	int64_t n = 0;

	if (status == CRM_OK)
		status = db_prepare(
			&count, t->s, "SELECT count(*) FROM log WHERE at >= $1 AND at <= $2 AND internal = 0", 0);
	while (status == CRM_OK && from <= to) {
		if (n == 0)
			status = find_next(&from, next, from, INT64_MAX);
		if (status < 0 || from > to)
			break;
		period_number(&t->clock, from);
		status = count_day(t, &n, count, from, t->clock.until <= to ? t->clock.until - 1 : to);
		from = t->clock.until;
	}
	return status < 0 ? status : CRM_END;
}

/* Buckets of the whole period are there, also the empty ones: from --since (or the first) to --until (or now, or the last). */
static int fill_period(struct tally *t, int64_t from, int64_t to, const crm_report_options *opt)
{
	const enum period period = t->clock.period;

	if (t->by)
		return CRM_OK;
	if (period == PERIOD_HOUR || period == PERIOD_WEEKDAY)
		return counter(t, 0) && counter(t, period == PERIOD_HOUR ? 23 : 6) ? CRM_OK : err_nomem(&t->s->err);
	if (opt->since && !counter(t, period_of_day(period, zone_day(t->s->zone, from))))
		return err_nomem(&t->s->err);
	if ((opt->until || opt->since) && t->n > 0 && to >= from &&
		!counter(t, period_of_day(period, zone_day(t->s->zone, to))))
		return err_nomem(&t->s->err);
	return CRM_OK;
}

static double moving_average(const struct tally *t, size_t i)
{
	static const size_t windows[] = { [PERIOD_DAY] = 7, [PERIOD_WEEK] = 4, [PERIOD_MONTH] = 3 };
	const size_t window = windows[t->clock.period], from = i + 1 < window ? 0 : i + 1 - window;
	int64_t sum = 0;

	for (size_t k = from; k <= i; k++)
		sum += t->v[k];
	return (double)sum / (double)(i + 1 - from);
}

static void put_activity(struct rowset *rows, const struct tally *t)
{
	const int64_t days = t->total ? zone_day(t->s->zone, t->last_at) - zone_day(t->s->zone, t->first_at) + 1 : 1;

	for (size_t i = 0; i < (t->by ? t->groups.n : t->n); i++) {
		const struct word_count *g = t->by ? (const struct word_count *)t->groups.v[i] : NULL;
		const int64_t count = g ? g->count : t->v[i];

		rowset_begin(rows);
		if (g)
			group_put_word(rows, 0, t->field, &t->words, g->group.key);
		else
			group_put_period(rows, 0, t->clock.period, t->first + (int64_t)i);
		rowset_int(rows, 1, count);
		rowset_real(rows, 2, is_series(t) ? moving_average(t, i) : (double)count / (double)days);
		if (is_series(t) && i > 0 && t->v[i - 1] > 0)
			rowset_real(rows, 3, (double)(count - t->v[i - 1]) * 100 / (double)t->v[i - 1]);
	}
}

static int tally_activity(struct tally *t, const crm_report_options *opt)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int64_t from, to;
	bool some; /* communications are not shown */
	int status = report_period(&from, &to, t->s, opt);

	if (status == CRM_OK)
		status = restricted_any(&some, t->s);
	if (status < 0)
		return status;
	if (to > crm_store_now(t->s)) /* what is planned has not taken place */
		to = crm_store_now(t->s);
	if (!t->by && t->clock.period != PERIOD_HOUR && opt->nfilter == 0 && !some) {
		status = count_days(t, from, to);
	} else {
		status = report_select_by(&st, &t->field, t->s, &report_public_log, "t0.at", t->by, "", opt);
		if (status == CRM_OK)
			status = t->by ? count_words(t, st) : count_periods(t, st);
	}
	return status < 0 ? status : fill_period(t, from, to, opt);
}

static int run_activity(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct tally t = {
		.s = s, .by = report_by(r, opt), .clock.zone = s->zone, .groups.size = sizeof(struct word_count)
	};
	struct rowset *rows = NULL;
	int status;

	if (report_period_of(&t.clock.period, r, t.by))
		t.by = NULL;
	status = tally_activity(&t, opt);
	if (status == CRM_OK && rowset_new(&rows, r->columns, r->ncolumns) < 0)
		status = err_nomem(&s->err);
	if (status == CRM_OK) {
		put_activity(rows, &t);
		status = rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
	}
	free(t.v);
	words_free(&t.words);
	groups_free(&t.groups);
	return status;
}

/* --- frequency --- */

static const crm_column frequency_columns[] = {
	COLUMN("customer", "Customer", "number of the customer", CRM_INTEGER),
	COLUMN("name", "Name", "name of the customer", CRM_TEXT),
	COLUMN("contacts", "Contacts", "communications, internal notes not counted", CRM_INTEGER),
	COLUMN("first_at", "First", "the first of them", CRM_TIME),
	COLUMN("last_at", "Last", "the last of them", CRM_TIME),
	COLUMN("per_day", "Per day",
		"contacts for each day from the first to the last; empty below two contacts or a day", CRM_REAL),
	COLUMN("mean_gap_days", "Mean gap", "days between two contacts on average; empty below two contacts", CRM_REAL),
};

struct frequency_cursor {
	struct crm_cursor cursor;
	crm_value values[ARRAY_SIZE(frequency_columns)];
	crm_store *s;
	struct stmt *log, *name;
	bool ahead, ended; /* a row of the next customer has been read */
};

static int step_log(struct frequency_cursor *c)
{
	int status = c->ahead ? CRM_OK : db_step(c->log);

	c->ahead = false;
	c->ended = status == CRM_END;
	return status;
}

static int put_name(struct frequency_cursor *c, int64_t customer)
{
	int status;

	db_rewind(c->name);
	db_bind_int(c->name, 1, customer);
	status = db_step(c->name);
	if (status >= 0)
		c->values[1] = status == CRM_OK ? db_value(c->name, 0) : (crm_value){ .kind = CRM_NULL };
	return status < 0 ? status : CRM_OK;
}

static int frequency_next(crm_cursor *cursor)
{
	struct frequency_cursor *c = (struct frequency_cursor *)cursor;
	int status = c->ended ? CRM_END : step_log(c);
	int64_t customer, first, last, n = 0, days;

	if (status != CRM_OK)
		return status;
	customer = db_int(c->log, 0);
	first = last = db_int(c->log, 1);
	do {
		last = db_int(c->log, 1);
		n++;
		status = db_step(c->log);
	} while (status == CRM_OK && db_int(c->log, 0) == customer);
	c->ahead = status == CRM_OK;
	c->ended = status == CRM_END;
	if (status < 0)
		return status;
	days = zone_day(c->s->zone, last) - zone_day(c->s->zone, first);
	memset(c->values, 0, sizeof(c->values));
	c->values[0] = (crm_value){ .kind = CRM_INT, .i = customer };
	c->values[2] = (crm_value){ .kind = CRM_INT, .i = n };
	c->values[3] = (crm_value){ .kind = CRM_INT, .i = first };
	c->values[4] = (crm_value){ .kind = CRM_INT, .i = last };
	if (n >= 2 && days > 0)
		c->values[5] = (crm_value){ .kind = CRM_DOUBLE, .d = real_settled((double)n / (double)days) };
	if (n >= 2)
		c->values[6] = (crm_value){ .kind = CRM_DOUBLE,
			.d = real_settled((double)(last - first) / 86400 / (double)(n - 1)) };
	return put_name(c, customer);
}

static void frequency_close(crm_cursor *cursor)
{
	struct frequency_cursor *c = (struct frequency_cursor *)cursor;

	db_release(c->log);
	db_release(c->name);
	free(c);
}

static int run_frequency(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct frequency_cursor *c = calloc(1, sizeof(*c));
	int status;

	if (!c)
		return err_nomem(&s->err);
	c->s = s;
	c->cursor = (struct crm_cursor){ .columns = r->columns,
		.n = r->ncolumns,
		.values = c->values,
		.next = frequency_next,
		.close = frequency_close };
	status = report_communications(&c->log, s, "t0.customer, t0.at", "ORDER BY t0.customer, t0.at", opt);
	if (status == CRM_OK)
		status = db_prepare(&c->name, s, "SELECT name FROM customer WHERE id = $1", 0);
	if (status < 0) {
		frequency_close(&c->cursor);
		return status;
	}
	*out = &c->cursor;
	return CRM_OK;
}

static const struct crm_report reports[] = {
	{
		.name = "activity",
		.title = N_("Activity"),
		.help = N_("how many communications there were, and when, or by channel, agent or another field"),
		.entity = "log",
		COLUMNS(activity_columns),
		.keys = 1,
		.chart = { CRM_CHART_LINE, "count" },
		.takes = REPORT_PERIOD | REPORT_BY_FIELD,
		.by = activity_by,
		.rows = &report_public_log,
		.run = run_activity,
	},
	{
		.name = "frequency",
		.title = N_("Contact frequency"),
		.help = N_("how often each customer is in contact with us"),
		.entity = "log",
		COLUMNS(frequency_columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "contacts" },
		.takes = REPORT_PERIOD,
		.rows = &report_public_log,
		.run = run_frequency,
	},
};

const struct report_table reports_communications = { reports, ARRAY_SIZE(reports) };
