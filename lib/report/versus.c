/*
 * --vs: a report of one period beside the same report of another. Rows are those of the period; after their columns stand,
 * for each figure, what it was in the other period, the change, and the change in percent. What only the other period has
 * comes last, with nothing in the columns of the period. Rows of both belong together by their keys; days, weeks and
 * months by their place in the period.
 */
#include "base/words.h"
#include "report/group.h"
#include "text/money.h"
#include <math.h>
#include <stdio.h>

struct figure {
	size_t column; /* of the report */
	size_t cell;   /* the first of its own */
	bool percent;  /* is one itself: its change is in points, and has no percentage */
};

/* One of the two periods, as options of the report: its ends are texts there. */
struct run {
	crm_report_options opt;
	char since[32], until[32];
	int64_t from, to;
	struct words buckets; /* names of its days, weeks or months: their numbers are the places */
};

struct versus {
	struct crm_cursor cursor;
	crm_store *s;
	struct run now, then;
	crm_cursor *rows;      /* of the period */
	struct rowset *others; /* of the other */
	bool *used;            /* which of these belong to a row of the period */
	struct words keys;     /* of the others: `place` leads from the number to the row */
	size_t *place, nplaces, places_cap;
	size_t nkeys, ncolumns, at; /* of the report; the next of the others that are left */
	bool series, held, ended;
	enum period period;
	struct figure *figures;
	size_t nfigures;
	struct arena mem, row;
};

/* --- columns --- */

/* How many columns name a row: some reports leave the first ones out where they would say nothing. */
static size_t key_columns(const struct crm_report *r, const crm_cursor *c)
{
	const size_t left_out = c->n < r->ncolumns ? r->ncolumns - c->n : 0;

	if (left_out > r->keys || strcmp(r->columns[left_out].name, c->columns[0].name) != 0)
		return r->keys;
	return r->keys - left_out;
}

static bool is_figure(const crm_column *c)
{
	if (strcmp(c->name, "change_percent") == 0)
		return false;
	return c->type == CRM_INTEGER || c->type == CRM_REAL || c->type == CRM_DURATION || c->type == CRM_MONEY;
}

/* Takes the text. */
static const char *kept(struct versus *v, struct buf *text)
{
	const char *copy = NULL;

	if (buf_str(text))
		copy = arena_copy(&v->mem, text->s, text->len);
	else
		v->mem.failed = true;
	buf_free(text);
	return copy;
}

static crm_column beside(
	struct versus *v, const crm_column *c, const char *end, const char *label, const char *help, crm_type type)
{
	struct buf name = BUF_INIT, text = BUF_INIT;

	buf_printf(&name, "%s%s", c->name, end);
	buf_printf(&text, crm_tr(label), crm_tr(c->label));
	return (crm_column){ kept(v, &name), kept(v, &text), help, type, NULL };
}

static void add_columns(struct versus *v, crm_column *columns)
{
	size_t n = v->ncolumns;

	if (v->series)
		columns[n++] =
			beside(v, &columns[0], "_previous", N_("%s before"), N_("of the other period"), CRM_TEXT);
	for (size_t i = v->nkeys; i < v->ncolumns; i++) {
		const crm_column *c = &columns[i];
		size_t len = strlen(c->name);
		const bool percent = len >= 7 && strcmp(c->name + len - 7, "percent") == 0;

		if (!is_figure(c))
			continue;
		v->figures[v->nfigures++] = (struct figure){ i, n, percent };
		columns[n++] = beside(v, c, "_previous", N_("%s before"), N_("in the other period"), c->type);
		columns[n++] = beside(v, c, "_change", N_("%s change"), N_("against the other period"), c->type);
		if (!percent)
			columns[n++] = beside(v, c, "_change_percent", N_("%s change %%"),
				N_("against the other period, in percent of what it was; empty: that was 0 or is not "
				   "known"),
				CRM_REAL);
	}
	v->cursor.columns = columns;
	v->cursor.n = n;
}

static int make_columns(struct versus *v, const struct crm_report *r)
{
	const size_t n = v->rows->n;
	crm_column *columns = arena_alloc(&v->mem, (n * 4 + 1) * sizeof(*columns));

	v->ncolumns = n;
	v->nkeys = key_columns(r, v->rows);
	v->figures = arena_alloc(&v->mem, (n + 1) * sizeof(*v->figures));
	if (!columns || !v->figures)
		return err_nomem(&v->s->err);
	memcpy(columns, v->rows->columns, n * sizeof(*columns));
	add_columns(v, columns);
	v->cursor.values = arena_alloc(&v->mem, v->cursor.n * sizeof(crm_value));
	return v->mem.failed ? err_nomem(&v->s->err) : CRM_OK;
}

/* --- rows that belong together --- */

static bool name_buckets(struct run *run, const struct zone *z, enum period period)
{
	const int64_t last = period_of_day(period, zone_day(z, run->to));
	char name[32];

	for (int64_t k = period_of_day(period, zone_day(z, run->from)); k <= last; k++) {
		period_name(name, period, k);
		if (words_number(&run->buckets, name, strlen(name)) == WORD_FAILED)
			return false;
	}
	return true;
}

/* Never empty, also of a row that nothing names. */
static void put_key(struct buf *key, struct versus *v, struct run *run, const crm_value *row)
{
	buf_putc(key, '=');
	for (size_t i = 0; i < v->nkeys; i++) {
		const crm_value *cell = &row[i];

		if (cell->kind == CRM_STRING && i == 0 && v->series)
			buf_printf(key, "%d", words_number(&run->buckets, cell->s, cell->len));
		else if (cell->kind == CRM_STRING)
			buf_add(key, cell->s, cell->len);
		else if (cell->kind == CRM_INT)
			buf_printf(key, "%lld", (long long)cell->i);
		buf_putc(key, cell->kind == CRM_NULL ? '\1' : '\0');
	}
}

/* The number of a row's key; a new one is that of no other row. */
static int key_number(struct versus *v, struct run *run, const crm_value *row)
{
	struct buf key = BUF_INIT;
	int number = WORD_FAILED;

	put_key(&key, v, run, row);
	if (buf_str(&key))
		number = words_number(&v->keys, key.s, key.len);
	buf_free(&key);
	return number;
}

/* Keeps the rows of the other period. */
static int keep_others(struct versus *v, crm_cursor *rows)
{
	int status = rowset_new(&v->others, rows->columns, rows->n);

	while (status == CRM_OK && (status = crm_cursor_next(rows)) == CRM_OK) {
		const size_t known = v->keys.n;

		if (rowset_begin(v->others) < 0)
			return err_nomem(&v->s->err);
		for (size_t i = 0; i < rows->n; i++)
			rowset_value(v->others, i, &rows->values[i]);
		if (key_number(v, &v->then, rows->values) == WORD_FAILED)
			return err_nomem(&v->s->err);
		if (v->keys.n == known)
			continue;
		if (!GROW(v->place, v->nplaces, v->places_cap))
			return err_nomem(&v->s->err);
		v->place[v->nplaces++] = rowset_rows(v->others) - 1;
	}
	if (status < 0)
		return status;
	v->used = calloc(rowset_rows(v->others) + 1, sizeof(*v->used));
	return v->used ? CRM_OK : err_nomem(&v->s->err);
}

/* --- cells --- */

/* An amount as a whole number of its last decimals. */
static bool read_amount(int64_t *out, unsigned *decimals, const crm_value *amount)
{
	const char *point = memchr(amount->s, '.', amount->len);
	struct buf digits = BUF_INIT;
	bool ok;

	*decimals = point ? (unsigned)(amount->s + amount->len - point) - 1 : 0;
	for (size_t i = 0; i < amount->len; i++)
		if (amount->s[i] != '.')
			buf_putc(&digits, amount->s[i]);
	ok = buf_str(&digits) && parse_int64(digits.s, digits.len, INT64_MIN, INT64_MAX, out);
	buf_free(&digits);
	return ok && *decimals <= CURRENCY_DECIMALS_MAX;
}

static void put_amounts(
	struct versus *v, const crm_value *now, const crm_value *then, crm_value *change, double *percent)
{
	struct currency currency = { .code = "" };
	unsigned of_now, of_then;
	struct buf text = BUF_INIT;
	int64_t a, b, difference;

	if (!read_amount(&a, &of_now, now) || !read_amount(&b, &of_then, then) || of_now != of_then ||
		__builtin_sub_overflow(a, b, &difference))
		return;
	currency.decimals = (unsigned char)of_now;
	money_format(&text, difference, &currency);
	if (buf_str(&text))
		*change =
			(crm_value){ .kind = CRM_STRING, .s = arena_copy(&v->row, text.s, text.len), .len = text.len };
	else
		v->row.failed = true;
	buf_free(&text);
	if (b != 0)
		*percent = (double)difference * 100 / fabs((double)b);
}

static double number_of(const crm_value *value)
{
	return value->kind == CRM_INT ? (double)value->i : value->d;
}

static void put_numbers(const crm_value *now, const crm_value *then, crm_value *change, double *percent)
{
	const double a = number_of(now), b = number_of(then);

	*change = now->kind == CRM_INT && then->kind == CRM_INT
			  ? (crm_value){ .kind = CRM_INT, .i = now->i - then->i }
			  : (crm_value){ .kind = CRM_DOUBLE, .d = real_settled(a - b) };
	if (b < 0 || b > 0)
		*percent = (a - b) * 100 / fabs(b);
}

static void put_figure(struct versus *v, const struct figure *f, const crm_value *now, const crm_value *then)
{
	crm_value *cell = &v->cursor.values[f->cell];
	double percent = NAN;

	*cell = *then;
	if (now->kind == CRM_NULL || then->kind == CRM_NULL)
		return;
	if (now->kind == CRM_STRING && then->kind == CRM_STRING)
		put_amounts(v, now, then, &cell[1], &percent);
	else
		put_numbers(now, then, &cell[1], &percent);
	if (!f->percent && isfinite(percent))
		cell[2] = (crm_value){ .kind = CRM_DOUBLE, .d = real_settled(percent) };
}

/* `now` or `then` is NULL where only the other has such a row. */
static int put_row(struct versus *v, const crm_value *now, const crm_value *then)
{
	static const crm_value none = { .kind = CRM_NULL };
	crm_value *values = v->cursor.values;

	arena_reset(&v->row);
	memset(values, 0, v->cursor.n * sizeof(*values));
	if (now)
		memcpy(values, now, v->ncolumns * sizeof(*values));
	else
		memcpy(values + v->series, then + v->series, (v->nkeys - v->series) * sizeof(*values));
	if (v->series && then)
		values[v->ncolumns] = then[0];
	for (size_t i = 0; i < v->nfigures; i++) {
		const size_t column = v->figures[i].column;

		put_figure(v, &v->figures[i], now ? &now[column] : &none, then ? &then[column] : &none);
	}
	return v->row.failed ? err_nomem(&v->s->err) : CRM_OK;
}

static int versus_next(crm_cursor *cursor)
{
	struct versus *v = (struct versus *)cursor;
	int status = v->ended ? CRM_END : crm_cursor_next(v->rows), number;

	if (status < 0)
		return status;
	if (status == CRM_OK) {
		number = key_number(v, &v->now, v->rows->values);
		if (number == WORD_FAILED)
			return err_nomem(&v->s->err);
		if ((size_t)number >= v->nplaces)
			return put_row(v, v->rows->values, NULL);
		v->used[v->place[number]] = true;
		return put_row(v, v->rows->values, rowset_row(v->others, v->place[number]));
	}
	v->ended = true;
	while (v->at < rowset_rows(v->others) && v->used[v->at])
		v->at++;
	return v->at < rowset_rows(v->others) ? put_row(v, NULL, rowset_row(v->others, v->at++)) : CRM_END;
}

static void versus_close(crm_cursor *cursor)
{
	struct versus *v = (struct versus *)cursor;

	crm_cursor_close(v->rows);
	rowset_free(v->others);
	if (v->held)
		db_unhold(v->s);
	words_free(&v->now.buckets);
	words_free(&v->then.buckets);
	words_free(&v->keys);
	arena_free(&v->mem);
	arena_free(&v->row);
	free(v->place);
	free(v->used);
	free(v);
}

/* --- the two periods --- */

static void set_run(struct run *run, const crm_report_options *opt, int64_t from, int64_t to)
{
	snprintf(run->since, sizeof(run->since), "@%lld", (long long)from);
	snprintf(run->until, sizeof(run->until), "@%lld", (long long)to);
	run->from = from;
	run->to = to;
	run->opt = *opt;
	run->opt.since = run->since;
	run->opt.until = run->until;
	run->opt.fields = run->opt.vs = NULL;
}

static int set_periods(struct versus *v, const struct crm_report *r, const crm_report_options *opt)
{
	const bool year = strcmp(opt->vs, "year") == 0;
	int64_t from, to;
	int status = report_period(&from, &to, v->s, opt);

	if (status < 0)
		return status;
	if (!year && strcmp(opt->vs, "previous") != 0)
		return err_set(&v->s->err, CRM_INVALID, "--vs: '%s' is not previous or year", opt->vs);
	if (!opt->since)
		return err_set(&v->s->err, CRM_INVALID, "report %s: --vs needs --since: a period to compare", r->name);
	if (!opt->until)
		to = crm_store_now(v->s);
	if (from > to)
		return err_set(&v->s->err, CRM_INVALID, "the period is empty: --since %s lies ahead", opt->since);
	set_run(&v->now, opt, from, to);
	period_before(v->s->zone, &from, &to, year);
	set_run(&v->then, opt, from, to);
	return CRM_OK;
}

static int open_versus(struct versus *v, const struct crm_report *r, const crm_report_options *opt)
{
	crm_cursor *others = NULL;
	int status = set_periods(v, r, opt);

	v->series = r->by && report_period_of(&v->period, r, report_by(r, opt)) && v->period <= PERIOD_MONTH;
	if (status == CRM_OK && v->series &&
		!(name_buckets(&v->now, v->s->zone, v->period) && name_buckets(&v->then, v->s->zone, v->period)))
		status = err_nomem(&v->s->err);
	if (status == CRM_OK)
		status = db_hold(v->s);
	v->held = status == CRM_OK;
	if (status == CRM_OK)
		status = r->run(&others, v->s, r, &v->then.opt);
	if (status == CRM_OK)
		status = r->run(&v->rows, v->s, r, &v->now.opt);
	if (status == CRM_OK)
		status = make_columns(v, r);
	if (status == CRM_OK)
		status = keep_others(v, others);
	crm_cursor_close(others);
	return status;
}

int report_versus(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct versus *v = calloc(1, sizeof(*v));
	int status;

	if (!v)
		return err_nomem(&s->err);
	v->s = s;
	v->cursor.next = versus_next;
	v->cursor.close = versus_close;
	status = open_versus(v, r, opt);
	if (status < 0)
		versus_close(&v->cursor);
	else
		*out = &v->cursor;
	return status;
}
