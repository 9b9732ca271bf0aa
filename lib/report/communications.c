/* Reports on communications: how many when, and how often with each customer. */
#include "base/time.h"
#include "report/period.h"
#include "report/report.h"

/* --- activity --- */

static const crm_column activity_columns[] = {
	{ "bucket", "Period", "day, week, month, hour, weekday, channel or agent", CRM_TEXT },
	{ "count", "Count", "communications, internal notes not counted", CRM_INTEGER },
	{ "average", "Average",
		"mean of this and the buckets before it: 7 days, 4 weeks, 3 months; otherwise the mean a day",
		CRM_REAL },
	{ "change_percent", "Change %", "against the period before; empty when that had none", CRM_REAL },
};

enum by {
	BY_DAY = PERIOD_DAY,
	BY_WEEK = PERIOD_WEEK,
	BY_MONTH = PERIOD_MONTH,
	BY_HOUR = PERIOD_HOUR,
	BY_WEEKDAY = PERIOD_WEEKDAY,
	BY_CHANNEL,
	BY_AGENT
};

static const char *const activity_by[] = { "day", "week", "month", "hour", "weekday", "channel", "agent", NULL };

/* Counts by number (a serial day, week or month; an hour; a weekday), or by word. */
struct counts {
	int64_t first; /* number of v[0] */
	int64_t *v;
	size_t n, cap;
	const char **words; /* for channel and agent: v[i] counts words[i] */
	struct arena mem;
	int64_t first_day, last_day; /* of all that was counted */
	size_t total;
};

struct tally {
	crm_store *s;
	enum by by;
	struct counts c;
	struct period_clock clock;
};

/* Room for a number, before or after those that are there. */
static int64_t *counter(struct counts *c, int64_t number)
{
	if (c->n == 0)
		c->first = number;
	while (number < c->first) {
		size_t shift = (size_t)(c->first - number);

		if (!grow_array((void **)&c->v, &c->cap, c->n + shift, sizeof(*c->v)))
			return NULL;
		memmove(c->v + shift, c->v, c->n * sizeof(*c->v));
		memset(c->v, 0, shift * sizeof(*c->v));
		c->n += shift;
		c->first = number;
	}
	while ((int64_t)c->n <= number - c->first) {
		if (!GROW(c->v, c->n, c->cap))
			return NULL;
		c->v[c->n++] = 0;
	}
	return &c->v[number - c->first];
}

static int64_t *word_counter(struct counts *c, const char *word, size_t len)
{
	size_t cap = c->n;

	for (size_t i = 0; i < c->n; i++)
		if (strncmp(c->words[i], word, len) == 0 && c->words[i][len] == '\0')
			return &c->v[i];
	if (!GROW(c->v, c->n, c->cap) || !grow_array((void **)&c->words, &cap, c->n + 1, sizeof(*c->words)))
		return NULL;
	c->words[c->n] = arena_copy(&c->mem, word, len);
	c->v[c->n] = 0;
	return c->words[c->n] ? &c->v[c->n++] : NULL;
}

static int count_row(struct tally *t, struct stmt *st)
{
	int64_t number = period_number(&t->clock, db_int(st, 0)), *slot;

	if (t->by == BY_CHANNEL || t->by == BY_AGENT)
		slot = word_counter(&t->c, db_is_null(st, 1) ? "" : db_text(st, 1), db_bytes(st, 1));
	else
		slot = counter(&t->c, number);
	if (!slot)
		return err_nomem(&t->s->err);
	++*slot;
	if (t->c.total++ == 0)
		t->c.first_day = t->c.last_day = t->clock.day;
	t->c.first_day = t->clock.day < t->c.first_day ? t->clock.day : t->c.first_day;
	t->c.last_day = t->clock.day > t->c.last_day ? t->clock.day : t->c.last_day;
	return CRM_OK;
}

/* Buckets of the whole period are there, also the empty ones: from --since (or the first) to --until (or now, or the last). */
static int fill_period(struct tally *t, const crm_report_options *opt)
{
	struct counts *c = &t->c;
	int64_t from, to;
	int status = report_period(&from, &to, t->s, opt);

	if (status < 0 || t->by == BY_CHANNEL || t->by == BY_AGENT)
		return status;
	if (t->by == BY_HOUR || t->by == BY_WEEKDAY)
		return counter(c, 0) && counter(c, t->by == BY_HOUR ? 23 : 6) ? CRM_OK : err_nomem(&t->s->err);
	if (opt->since && !counter(c, period_of_day((enum period)t->by, zone_day(t->s->zone, from))))
		return err_nomem(&t->s->err);
	if (to > crm_store_now(t->s))
		to = crm_store_now(t->s);
	if ((opt->until || opt->since) && (c->n > 0) && to >= from &&
		!counter(c, period_of_day((enum period)t->by, zone_day(t->s->zone, to))))
		return err_nomem(&t->s->err);
	return CRM_OK;
}

static double average(const struct tally *t, size_t i)
{
	static const size_t windows[] = { [BY_DAY] = 7, [BY_WEEK] = 4, [BY_MONTH] = 3 };
	size_t window = t->by <= BY_MONTH ? windows[t->by] : 0, from;
	int64_t sum = 0;

	if (window == 0)
		return (double)t->c.v[i] / (double)(t->c.last_day - t->c.first_day + 1);
	from = i + 1 < window ? 0 : i + 1 - window;
	for (size_t k = from; k <= i; k++)
		sum += t->c.v[k];
	return (double)sum / (double)(i + 1 - from);
}

static int compare_words(const void *a, const void *b, void *words)
{
	const char *const *w = words;

	return strcmp(w[*(const size_t *)a], w[*(const size_t *)b]);
}

static int put_rows(struct rowset *rows, const struct tally *t)
{
	size_t *order = calloc(t->c.n + 1, sizeof(*order));
	char name[32];

	for (size_t i = 0; order && i < t->c.n; i++)
		order[i] = i;
	if (order && t->c.words)
		qsort_r(order, t->c.n, sizeof(*order), compare_words, t->c.words);
	for (size_t k = 0; order && k < t->c.n; k++) {
		size_t i = order[k];
		int64_t count = t->c.v[i], before = i > 0 ? t->c.v[i - 1] : 0;

		rowset_begin(rows);
		if (t->c.words) {
			rowset_text(rows, 0, *t->c.words[i] ? t->c.words[i] : NULL, strlen(t->c.words[i]));
		} else {
			period_name(name, (enum period)t->by, t->c.first + (int64_t)i);
			rowset_str(rows, 0, name);
		}
		rowset_int(rows, 1, count);
		rowset_real(rows, 2, t->c.total ? average(t, i) : 0);
		if (t->by <= BY_MONTH && before > 0)
			rowset_real(rows, 3, (double)(count - before) * 100 / (double)before);
	}
	free(order);
	return order ? CRM_OK : CRM_NOMEM;
}

static enum by find_by(const char *word)
{
	int i = 0;

	while (word && activity_by[i] && strcmp(activity_by[i], word) != 0)
		i++;
	return (enum by)i;
}

static int run_activity(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct tally t = { .s = s, .by = find_by(opt->by) };
	cleanup(db_releasep) struct stmt *st = NULL;
	struct rowset *rows = NULL;
	int status;

	t.clock =
		(struct period_clock){ .zone = s->zone, .period = t.by <= BY_WEEKDAY ? (enum period)t.by : PERIOD_DAY };
	status = report_communications(&st, s,
		t.by == BY_CHANNEL ? "t0.at, t0.channel"
		: t.by == BY_AGENT ? "t0.at, t0.agent"
				   : "t0.at",
		"", opt);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = count_row(&t, st);
	if (status == CRM_END)
		status = fill_period(&t, opt);
	if (status == CRM_OK && (rowset_new(&rows, r->columns, r->ncolumns) < 0 || put_rows(rows, &t) < 0 ||
					rowset_cursor(out, rows) < 0))
		status = err_nomem(&s->err);
	free(t.c.v);
	free(t.c.words);
	arena_free(&t.c.mem);
	return status;
}

/* --- frequency --- */

static const crm_column frequency_columns[] = {
	{ "customer", "Customer", "number of the customer", CRM_INTEGER },
	{ "name", "Name", "name of the customer", CRM_TEXT },
	{ "contacts", "Contacts", "communications, internal notes not counted", CRM_INTEGER },
	{ "first_at", "First", "the first of them", CRM_TIME },
	{ "last_at", "Last", "the last of them", CRM_TIME },
	{ "per_day", "Per day", "contacts for each day from the first to the last; empty below two contacts or a day",
		CRM_REAL },
	{ "mean_gap_days", "Mean gap", "days between two contacts on average; empty below two contacts", CRM_REAL },
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
		c->values[5] = (crm_value){ .kind = CRM_DOUBLE, .d = (double)n / (double)days };
	if (n >= 2)
		c->values[6] = (crm_value){ .kind = CRM_DOUBLE, .d = (double)(last - first) / 86400 / (double)(n - 1) };
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
		.title = "Activity",
		.help = "how many communications there were: by day, week, month, hour, weekday, channel or agent",
		.entity = "log",
		COLUMNS(activity_columns),
		.keys = 1,
		.chart = { CRM_CHART_LINE, "count" },
		.takes = REPORT_PERIOD,
		.by = activity_by,
		.rows = &report_public_log,
		.run = run_activity,
	},
	{
		.name = "frequency",
		.title = "Contact frequency",
		.help = "how often each customer is in contact with us",
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
