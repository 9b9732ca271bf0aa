/*
 * RFM: customers by how recently, how often and for how much they ordered, each in five classes, and the names of the
 * segments that these make. Each currency by itself: who orders in two has two rows.
 *
 * Classes are quintiles as NTILE(5) of SQL makes them: n customers in ascending order in five runs, the first n modulo 5
 * of them one longer; equal values are all in the lowest class that one of them gets, so that no two customers with the
 * same figures differ. 5 is best; of the days since the last order the fewest. Fewer than five customers use the first
 * classes, the best of three gets a 3.
 *
 * The segments are those of the usual grid of recency and frequency (Guillaume Martin, RFM segmentation with Python, and
 * many after him), its corner of the worst of both called lost, as Putler does; the monetary class is shown beside it.
 */
#include "report/distribution.h"
#include "report/group.h"
#include "report/made.h"
#include "report/orders.h"

static const crm_column columns[] = {
	COLUMN("customer", "Customer", "number of the customer", CRM_INTEGER),
	COLUMN("name", "Name", "name of the customer", CRM_TEXT),
	COLUMN("recency_days", "Recency", "days since the last order, by the calendar", CRM_INTEGER),
	COLUMN("frequency", "Frequency", "orders; those cancelled, returned or refunded left out", CRM_INTEGER),
	COLUMN("monetary", "Monetary", "what they come to; empty: not known", CRM_MONEY),
	COLUMN("currency", "Currency", "empty: orders whose amount is not known", CRM_TEXT),
	COLUMN("r", "R", "class of the recency, 5 the most recent fifth", CRM_INTEGER),
	COLUMN("f", "F", "class of the frequency, 5 the most frequent fifth", CRM_INTEGER),
	COLUMN("m", "M", "class of the amount, 5 the highest fifth; empty: not known", CRM_INTEGER),
	COLUMN("segment", "Segment", "what R and F together are called", CRM_ENUM),
};

static const crm_column segment_columns[] = {
	COLUMN("segment", "Segment", "champions, loyal …: what R and F together are called", CRM_ENUM),
	COLUMN("currency", "Currency", "empty: orders whose amount is not known", CRM_TEXT),
	COLUMN("customers", "Customers", "how many are in it", CRM_INTEGER),
	COLUMN("share_percent", "Share %", "of the customers in this currency", CRM_REAL),
	COLUMN("monetary", "Monetary", "what their orders come to", CRM_MONEY),
	COLUMN("mean_recency_days", "Mean recency", "days since their last orders, on average", CRM_REAL),
	COLUMN("mean_frequency", "Mean frequency", "orders of a customer, on average", CRM_REAL),
};

static const char *const by[] = { "customer", "segment", NULL };

enum segment {
	CHAMPIONS,
	LOYAL,
	POTENTIAL_LOYALIST,
	NEW,
	PROMISING,
	NEED_ATTENTION,
	ABOUT_TO_SLEEP,
	AT_RISK,
	CANNOT_LOSE,
	HIBERNATING,
	LOST,
	SEGMENTS
};

static const char *const segment_names[SEGMENTS] = { N_("champions"), N_("loyal"), N_("potential_loyalist"), N_("new"),
	N_("promising"), N_("need_attention"), N_("about_to_sleep"), N_("at_risk"), N_("cannot_lose"),
	N_("hibernating"), N_("lost") };

static const enum segment grid[5][5] = {
	/* by r - 1, then f - 1 */
	{ LOST, HIBERNATING, AT_RISK, AT_RISK, CANNOT_LOSE },
	{ HIBERNATING, HIBERNATING, AT_RISK, AT_RISK, CANNOT_LOSE },
	{ ABOUT_TO_SLEEP, ABOUT_TO_SLEEP, NEED_ATTENTION, LOYAL, LOYAL },
	{ PROMISING, POTENTIAL_LOYALIST, POTENTIAL_LOYALIST, LOYAL, LOYAL },
	{ NEW, POTENTIAL_LOYALIST, POTENTIAL_LOYALIST, CHAMPIONS, CHAMPIONS },
};

enum column {
	LINE_CUSTOMER,
	LINE_AT,
	LINE_CURRENCY,
	LINE_SOURCE,
	LINE_NUMBER,
	LINE_AMOUNT
};

enum figure {
	RECENCY,
	FREQUENCY,
	MONETARY
};

/* A customer in a currency. */
struct buyer {
	int64_t customer, latest, days, orders;
	struct total amount;
	int currency; /* a word; WORD_NONE: amounts are not known */
	int class[3]; /* by figure; 0: not known */
};

struct rfm {
	struct made made;
	struct buyer *v;
	size_t cap;
	struct words currencies, pairs, seen; /* pairs: of customer and currency; seen: the orders of each */
};

static void release(struct made *m)
{
	struct rfm *x = (struct rfm *)m;

	words_free(&x->currencies);
	words_free(&x->pairs);
	words_free(&x->seen);
	free(x->v);
}

static struct buyer *get_buyer(struct rfm *x, int64_t customer, int currency)
{
	int64_t pair[2] = { customer, currency };
	int number = words_number(&x->pairs, (const char *)pair, sizeof(pair));

	if (number == WORD_FAILED || (x->pairs.n > x->made.n && !GROW(x->v, x->made.n, x->cap)))
		return NULL;
	if (x->pairs.n > x->made.n)
		x->v[x->made.n++] = (struct buyer){ .customer = customer, .latest = INT64_MIN, .currency = currency };
	return &x->v[number];
}

static int take_line(struct rfm *x, struct stmt *st)
{
	const char *code = order_currency(st, LINE_AMOUNT, LINE_CURRENCY);
	int currency = words_number(&x->currencies, code, code ? strlen(code) : 0), status;
	struct buyer *b = currency == WORD_FAILED ? NULL : get_buyer(x, db_int(st, LINE_CUSTOMER), currency);

	if (!b)
		return CRM_NOMEM;
	status = order_is_new(&x->seen, (int)(b - x->v), db_text(st, LINE_SOURCE), db_text(st, LINE_NUMBER));
	if (status < 0)
		return status;
	b->orders += status == CRM_OK;
	b->latest = db_int(st, LINE_AT) > b->latest ? db_int(st, LINE_AT) : b->latest;
	total_add(&b->amount, db_int(st, LINE_AMOUNT));
	return CRM_OK;
}

static int gather(struct rfm *x, const crm_report_options *opt)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	crm_store *s = x->made.s;
	const int64_t today = zone_day(s->zone, crm_store_now(s));
	int status = report_select(
		&st, s, &report_orders, "t0.customer, t0.at, t0.currency, t0.source, t0.number, t0.amount", "", opt);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = take_line(x, st);
	for (size_t i = 0; i < x->made.n; i++)
		x->v[i].days = today - zone_day(s->zone, x->v[i].latest);
	return status == CRM_END ? CRM_OK : status == CRM_NOMEM ? err_nomem(&s->err) : status;
}

/* --- classes --- */

/* A value is in a class above the first for each of these that it exceeds. */
struct quintiles {
	int64_t ends[4];
	size_t n;
};

static struct quintiles quintiles_of(struct distribution *d)
{
	struct quintiles q = { 0 };

	for (size_t class = 1; class < 5 && class < d->n; class ++) {
		size_t extra = d->n % 5 < class ? d->n % 5 : class, begin = d->n / 5 * class + extra;

		if (begin < d->n)
			q.ends[q.n++] = distribution_rank(d, begin - 1);
	}
	return q;
}

static int class_of(const struct quintiles *q, int64_t value)
{
	int class = 1;

	for (size_t i = 0; i < q->n; i++)
		class += value > q->ends[i];
	return class;
}

/* The more the better; false where it is not known. */
static bool figure_of(int64_t *out, const struct buyer *b, enum figure figure)
{
	*out = figure == RECENCY ? -b->days : figure == FREQUENCY ? b->orders : b->amount.minor;
	return figure != MONETARY || (b->currency != WORD_NONE && !b->amount.beyond);
}

/* One of the three figures of all who ordered in a currency. */
static int classify(struct rfm *x, int currency, enum figure figure)
{
	cleanup(distribution_free) struct distribution d = { 0 };
	struct quintiles q;
	int64_t value;

	for (size_t i = 0; i < x->made.n; i++)
		if (x->v[i].currency == currency && figure_of(&value, &x->v[i], figure) && !distribution_add(&d, value))
			return err_nomem(&x->made.s->err);
	q = quintiles_of(&d);
	for (size_t i = 0; i < x->made.n; i++)
		if (x->v[i].currency == currency && figure_of(&value, &x->v[i], figure))
			x->v[i].class[figure] = class_of(&q, value);
	return CRM_OK;
}

/* Fifths of fewer than five say little. */
static void warn_few(struct rfm *x, int currency)
{
	const char *code = words_text(&x->currencies, currency);
	size_t n = 0;

	for (size_t i = 0; i < x->made.n; i++)
		n += x->v[i].currency == currency;
	if (n == 0 || n >= 5)
		return;
	if (code)
		store_say(x->made.s, CRM_EVENT_WARNING, n,
			crm_tr_n("only %zu customer ordered in %s: fifths of so few say little",
				"only %zu customers ordered in %s: fifths of so few say little", n),
			n, code);
	else
		store_say(x->made.s, CRM_EVENT_WARNING, n,
			crm_tr_n("only %zu customer ordered without an amount: fifths of so few say little",
				"only %zu customers ordered without an amount: fifths of so few say little", n),
			n);
}

static int classify_all(struct rfm *x)
{
	int status = CRM_OK;

	for (int c = WORD_NONE; c < (int)x->currencies.n; c++) {
		for (int figure = RECENCY; status == CRM_OK && figure <= MONETARY; figure++)
			status = classify(x, c, (enum figure)figure);
		if (status < 0)
			return status;
		warn_few(x, c);
	}
	return CRM_OK;
}

static enum segment segment_of(const struct buyer *b)
{
	return grid[b->class[RECENCY] - 1][b->class[FREQUENCY] - 1];
}

/* --- rows --- */

static int make_row(struct made *m, size_t row)
{
	struct rfm *x = (struct rfm *)m;
	const struct buyer *b = &x->v[row];
	const char *currency = words_text(&x->currencies, b->currency);

	made_int(m, 0, b->customer);
	made_int(m, 2, b->days);
	made_int(m, 3, b->orders);
	if (b->class[MONETARY] > 0)
		made_money(m, 4, b->amount.minor, currency);
	made_str(m, 5, currency);
	for (int figure = RECENCY; figure <= MONETARY; figure++)
		if (b->class[figure] > 0)
			made_int(m, 6 + (size_t)figure, b->class[figure]);
	made_str(m, 9, segment_names[segment_of(b)]);
	return made_name(m, 1, b->customer);
}

/* --by segment: those that have customers, in the order of their worth, for each currency. */
struct part {
	int64_t customers, days, orders;
	struct total amount;
};

static void put_currency(struct rowset *rows, const struct rfm *x, int currency)
{
	struct part parts[SEGMENTS] = { 0 };
	const char *code = words_text(&x->currencies, currency);
	int64_t all = 0;

	for (size_t i = 0; i < x->made.n; i++) {
		const struct buyer *b = &x->v[i];
		struct part *p = &parts[segment_of(b)];

		if (b->currency != currency)
			continue;
		p->customers++;
		p->days += b->days;
		p->orders += b->orders;
		total_add(&p->amount, b->amount.minor);
		p->amount.beyond |= b->amount.beyond;
		all++;
	}
	for (size_t i = 0; i < SEGMENTS; i++) {
		const struct part *p = &parts[i];

		if (p->customers == 0)
			continue;
		rowset_begin(rows);
		rowset_str(rows, 0, segment_names[i]);
		rowset_str(rows, 1, code);
		rowset_int(rows, 2, p->customers);
		rowset_real(rows, 3, (double)p->customers * 100 / (double)all);
		if (code && !p->amount.beyond)
			rowset_money(rows, 4, p->amount.minor, code);
		rowset_real(rows, 5, (double)p->days / (double)p->customers);
		rowset_real(rows, 6, (double)p->orders / (double)p->customers);
	}
}

static int segments(crm_cursor **out, const struct rfm *x)
{
	struct rowset *rows;
	crm_cursor *cursor;

	if (rowset_new(&rows, segment_columns, ARRAY_SIZE(segment_columns)) < 0)
		return err_nomem(&x->made.s->err);
	for (int c = 0; c < (int)x->currencies.n; c++)
		put_currency(rows, x, c);
	put_currency(rows, x, WORD_NONE);
	if (rowset_cursor(&cursor, rows) < 0)
		return err_nomem(&x->made.s->err);
	return cursor_sort(out, cursor, "currency", 0, -1, &x->made.s->err);
}

static int compare_buyers(const void *a, const void *b, void *currencies)
{
	const struct buyer *x = a, *y = b;
	const char *p = words_text(currencies, x->currency), *q = words_text(currencies, y->currency);

	if (x->customer != y->customer)
		return x->customer < y->customer ? -1 : 1;
	return p && q ? strcmp(p, q) : (p == NULL) - (q == NULL);
}

static int run_rfm(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct rfm *x = calloc(1, sizeof(*x));
	int status;

	if (!x)
		return err_nomem(&s->err);
	x->made = (struct made){ .s = s, .make = make_row, .release = release };
	status = gather(x, opt);
	if (status == CRM_OK)
		status = classify_all(x);
	if (status == CRM_OK && x->made.n > 0)
		qsort_r(x->v, x->made.n, sizeof(*x->v), compare_buyers, &x->currencies);
	if (status == CRM_OK && strcmp(report_by(r, opt), "customer") == 0)
		return made_open(out, &x->made, r->columns, r->ncolumns);
	if (status == CRM_OK)
		status = segments(out, x);
	made_free(&x->made);
	return status;
}

static const struct crm_report reports[] = {
	{
		.name = "rfm",
		.title = N_("Customers by value"),
		.help = N_("how recently, how often and for how much each customer ordered, and what that makes them"),
		.entity = "order",
		COLUMNS(columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "frequency" },
		.takes = REPORT_PERIOD,
		.by = by,
		.rows = &report_orders,
		.run = run_rfm,
	},
};

const struct report_table reports_rfm = { reports, ARRAY_SIZE(reports) };
