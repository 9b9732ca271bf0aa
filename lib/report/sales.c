/*
 * Sales: what was ordered, by period, product, customer … Amounts of different currencies are never added: there is a row
 * for each group and currency, and one without a currency for lines whose amount is not known.
 */
#include "base/time.h"
#include "report/group.h"
#include "report/made.h"
#include "report/orders.h"

static const crm_column columns[] = {
	COLUMN("bucket", "Group", "the period, or what --by says; empty: not known", CRM_TEXT),
	COLUMN("currency", "Currency", "empty: lines whose amount is not known", CRM_TEXT),
	COLUMN("orders", "Orders", "orders, of which these are lines", CRM_INTEGER),
	COLUMN("lines", "Lines", "order lines; those cancelled, returned or refunded left out", CRM_INTEGER),
	COLUMN("quantity", "Quantity", "pieces; empty: not known", CRM_INTEGER),
	COLUMN("amount", "Amount", "what they come to", CRM_MONEY),
	COLUMN("average", "Average", "the amount for each order, rounded to the currency's decimals", CRM_MONEY),
	COLUMN("share_percent", "Share %",
		"of the amount of all groups in this currency; empty: that is not above zero", CRM_REAL),
	COLUMN("change_percent", "Change %", "of the amount against the period before; empty: that had none", CRM_REAL),
};

static const char *const by[] = { "month", "week", "day", "product", "model", "city", "agent", "status", "customer",
	NULL };

/* Words of --by that mean a field of the customer; the others are fields of the order, or its time. */
static const struct {
	const char *word, *field;
} short_names[] = {
	{ "city", "customer.city" },
	{ "agent", "customer.owner" },
};

static const char line_columns[] = "t0.at, t0.currency, t0.source, t0.number, t0.quantity, t0.amount";

enum column {
	LINE_AT,
	LINE_CURRENCY,
	LINE_SOURCE,
	LINE_NUMBER,
	LINE_QUANTITY,
	LINE_AMOUNT,
	LINE_BUCKET
};

/* Customers of one name are several: the number stands before it. */
static const char customer_columns[] =
	"t0.at, t0.currency, t0.source, t0.number, t0.quantity, t0.amount,"
	" t0.customer || ' ' || (SELECT c.name FROM customer c WHERE c.id = t0.customer)";

struct sale {
	const char *bucket; /* NULL: not known, or a period: */
	int64_t period;
	const char *currency; /* NULL: amounts are not known */
	int64_t orders, lines;
	bool counted; /* a quantity is known */
	struct total quantity, amount;
	int64_t all; /* the amount of all groups in this currency; 0: not to be compared with */
};

struct sales {
	struct made made;
	bool timed;
	struct period_clock clock;
	struct words keys, seen; /* bucket and currency; group and order */
	struct sale *v;          /* as many as keys; then, in order, made.n */
	size_t cap;
};

static void release(struct made *m)
{
	struct sales *s = (struct sales *)m;

	words_free(&s->keys);
	words_free(&s->seen);
	free(s->v);
}

/* The group of a bucket and a currency, made when it is new; its number is its place. */
static struct sale *get_sale(struct sales *s, int *number, const char *bucket, int64_t period, const char *currency)
{
	size_t n = s->keys.n, code = currency ? strlen(currency) + 1 : 0;
	struct buf key = BUF_INIT;

	if (s->timed)
		buf_add(&key, (const char *)&period, sizeof(period));
	buf_add(&key, currency ? currency : "", code);
	buf_puts(&key, bucket ? "=" : "");
	buf_puts(&key, bucket ? bucket : "");
	*number = buf_str(&key) ? words_number(&s->keys, key.s ? key.s : "", key.len) : WORD_FAILED;
	buf_free(&key);
	if (*number == WORD_FAILED || (s->keys.n > n && !GROW(s->v, n, s->cap)))
		return NULL;
	if (s->keys.n > n) {
		const char *kept = s->keys.v[*number].s + (s->timed ? sizeof(period) : 0);

		s->v[n] = (struct sale){
			.period = period,
			.currency = currency ? kept : NULL,
			.bucket = bucket ? kept + code + 1 : NULL,
		};
	}
	return &s->v[*number];
}

static int take_line(struct sales *s, struct stmt *st)
{
	const char *currency = order_currency(st, LINE_AMOUNT, LINE_CURRENCY);
	int64_t period = s->timed ? period_number(&s->clock, db_int(st, LINE_AT)) : 0;
	int number, status;
	struct sale *sale = get_sale(s, &number, s->timed ? NULL : db_text(st, LINE_BUCKET), period, currency);

	if (!sale)
		return CRM_NOMEM;
	status = order_is_new(&s->seen, number, db_text(st, LINE_SOURCE), db_text(st, LINE_NUMBER));
	if (status < 0)
		return status;
	sale->orders += status == CRM_OK;
	sale->lines++;
	if (!db_is_null(st, LINE_QUANTITY)) {
		total_add(&sale->quantity, db_int(st, LINE_QUANTITY));
		sale->counted = true;
	}
	total_add(&sale->amount, db_int(st, LINE_AMOUNT));
	return CRM_OK;
}

static bool same_currency(const struct sale *a, const struct sale *b)
{
	return a->currency && b->currency ? strcmp(a->currency, b->currency) == 0 : a->currency == b->currency;
}

/* Texts in their order, none last. */
static int compare_texts(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : (a == NULL) - (b == NULL);
}

/* By currency, as only within one figures compare; then by period, or what came to most first. */
static int compare_sales(const void *a, const void *b)
{
	const struct sale *x = a, *y = b;
	int order = compare_texts(x->currency, y->currency);

	if (order == 0)
		order = (x->period > y->period) - (x->period < y->period);
	if (order == 0)
		order = (x->amount.minor < y->amount.minor) - (x->amount.minor > y->amount.minor);
	if (order == 0)
		order = (x->lines < y->lines) - (x->lines > y->lines);
	return order ? order : compare_texts(x->bucket, y->bucket);
}

/* The first and the last period that the report shows of a currency: those of --since and --until, else of its lines. */
static int bounds(int64_t *first, int64_t *last, const struct sales *s, const crm_report_options *opt)
{
	crm_store *store = s->made.s;
	int64_t since, until;
	int status = report_period(&since, &until, store, opt);

	if (status < 0)
		return status;
	until = until > crm_store_now(store) ? crm_store_now(store) : until;
	if (opt->since)
		*first = period_of_day(s->clock.period, zone_day(store->zone, since));
	if (opt->since || opt->until)
		*last = period_of_day(s->clock.period, zone_day(store->zone, until));
	return CRM_OK;
}

/* Periods without an order are rows too, so that none is taken for the neighbour of one that is further away. */
static int fill_periods(struct sales *s, const crm_report_options *opt)
{
	struct sale *full = NULL;
	size_t n = 0, cap = 0;
	int status = CRM_OK;

	for (size_t i = 0, end; status == CRM_OK && i < s->made.n; i = end) {
		int64_t first = s->v[i].period, last = first;

		for (end = i; end < s->made.n && same_currency(&s->v[i], &s->v[end]);)
			last = s->v[end++].period;
		status = bounds(&first, &last, s, opt);
		for (size_t k = i; status == CRM_OK && first <= last; first++) {
			if (!GROW(full, n, cap))
				status = err_nomem(&s->made.s->err);
			else if (k < end && s->v[k].period == first)
				full[n++] = s->v[k++];
			else
				full[n++] = (struct sale){ .period = first, .currency = s->v[i].currency };
		}
	}
	free(s->v);
	s->v = full;
	s->made.n = n;
	return status;
}

static void share_out(struct sales *s)
{
	for (size_t i = 0, end; i < s->made.n; i = end) {
		struct total all = { 0 };

		for (end = i; end < s->made.n && same_currency(&s->v[i], &s->v[end]); end++) {
			total_add(&all, s->v[end].amount.minor);
			all.beyond |= s->v[end].amount.beyond;
		}
		for (size_t k = i; k < end; k++)
			s->v[k].all = all.beyond || all.minor < 0 ? 0 : all.minor;
	}
}

/* Half a unit goes away from zero. */
static int64_t rounded(int64_t amount, int64_t n)
{
	int64_t whole = amount / n, rest = amount % n;

	return 2 * (rest < 0 ? -rest : rest) < n ? whole : rest < 0 ? whole - 1 : whole + 1;
}

static void put_amount(struct sales *s, size_t row)
{
	const struct sale *sale = &s->v[row], *before = row > 0 ? sale - 1 : NULL;
	int64_t amount = sale->amount.minor;

	if (!sale->currency || sale->amount.beyond)
		return;
	made_money(&s->made, 5, amount, sale->currency);
	if (sale->orders > 0)
		made_money(&s->made, 6, rounded(amount, sale->orders), sale->currency);
	if (sale->all > 0)
		made_real(&s->made, 7, (double)amount * 100 / (double)sale->all);
	if (s->timed && before && same_currency(before, sale) && !before->amount.beyond && before->amount.minor > 0)
		made_real(&s->made, 8,
			((double)amount - (double)before->amount.minor) * 100 / (double)before->amount.minor);
}

static int make_row(struct made *m, size_t row)
{
	struct sales *s = (struct sales *)m;
	const struct sale *sale = &s->v[row];
	char name[32];

	if (s->timed) {
		period_name(name, s->clock.period, sale->period);
		made_str(m, 0, arena_copy(&m->row, name, strlen(name)));
	} else {
		made_str(m, 0, sale->bucket);
	}
	made_str(m, 1, sale->currency);
	made_int(m, 2, sale->orders);
	made_int(m, 3, sale->lines);
	if (sale->counted && !sale->quantity.beyond)
		made_int(m, 4, sale->quantity.minor);
	put_amount(s, row);
	return CRM_OK;
}

static int gather(struct sales *s, const char *word, const crm_report_options *opt)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	const bool customers = strcmp(word, "customer") == 0;
	const struct crm_field *field;
	int status;

	for (size_t i = 0; i < ARRAY_SIZE(short_names); i++)
		if (strcmp(short_names[i].word, word) == 0)
			word = short_names[i].field;
	status = report_select_by(&st, &field, s->made.s, &report_orders, customers ? customer_columns : line_columns,
		s->timed || customers ? NULL : word, "", opt);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = take_line(s, st);
	return status == CRM_END ? CRM_OK : status == CRM_NOMEM ? err_nomem(&s->made.s->err) : status;
}

static int run_sales(crm_cursor **out, crm_store *store, const struct crm_report *r, const crm_report_options *opt)
{
	const char *word = report_by(r, opt);
	struct sales *s = calloc(1, sizeof(*s));
	int status;

	if (!s)
		return err_nomem(&store->err);
	s->made = (struct made){ .s = store, .make = make_row, .release = release };
	s->clock.zone = store->zone;
	s->timed = report_period_of(&s->clock.period, r, word);
	status = gather(s, word, opt);
	s->made.n = s->keys.n;
	if (status == CRM_OK && s->made.n > 0)
		qsort(s->v, s->made.n, sizeof(*s->v), compare_sales);
	if (status == CRM_OK && s->timed)
		status = fill_periods(s, opt);
	if (status < 0) {
		made_free(&s->made);
		return status;
	}
	share_out(s);
	return made_open(out, &s->made, r->columns, r->ncolumns);
}

static const struct crm_report reports[] = {
	{
		.name = "sales",
		.title = N_("Sales"),
		.help = N_("what was sold, by period, product, city, agent or customer, each currency by itself"),
		.entity = "order",
		COLUMNS(columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "amount" },
		.takes = REPORT_PERIOD | REPORT_BY_FIELD,
		.by = by,
		.rows = &report_orders,
		.run = run_sales,
	},
};

const struct report_table reports_sales = { reports, ARRAY_SIZE(reports) };
