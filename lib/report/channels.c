/* Channels: which ways communications take, in and out, by period. */
#include "base/words.h"
#include "report/group.h"

static const crm_column columns[] = {
	COLUMN("bucket", "Group", "month, week or day, or value of the field; empty: none", CRM_TEXT),
	COLUMN("channel", "Channel", "phone, email …", CRM_ENUM),
	COLUMN("count", "Count", "communications, internal notes not counted", CRM_INTEGER),
	COLUMN("in", "In", "of these, from customers", CRM_INTEGER),
	COLUMN("out", "Out", "of these, to customers", CRM_INTEGER),
	COLUMN("customers", "Customers", "different customers among them", CRM_INTEGER),
	COLUMN("share_percent", "Share %", "of all communications of the group", CRM_REAL),
	COLUMN("mean_duration_s", "Duration", "mean of those whose duration is known", CRM_DURATION),
};

static const char *const by[] = { "month", "week", "day", NULL };

enum column {
	LOG_AT,
	LOG_CHANNEL,
	LOG_DIRECTION,
	LOG_CUSTOMER,
	LOG_DURATION,
	LOG_BUCKET /* of a field */
};

struct channel {
	const char *name; /* a word of the field, or what was imported */
	int64_t count, in, out, customers, timed;
	double seconds;
};

/* One group at a time, as they come in their order: what is kept does not grow with the table. */
struct channels {
	crm_store *s;
	struct rowset *rows;
	bool timed; /* by a period; otherwise by a field */
	struct period_clock clock;
	int64_t period, count; /* at hand */
	struct buf bucket;     /* the same of a field; NULL: no value */
	struct words names;
	struct words seen; /* channel and customer */
	struct channel *v; /* by number of the name */
	size_t cap;
};

static int compare_channels(const void *a, const void *b)
{
	const struct channel *x = a, *y = b;
	int order = (x->count < y->count) - (x->count > y->count);

	return order ? order : strcmp(x->name, y->name);
}

/* The rows of the group at hand, the most used channel first; then it is forgotten. */
static void end_group(struct channels *c)
{
	if (c->names.n > 0)
		qsort(c->v, c->names.n, sizeof(*c->v), compare_channels);
	for (size_t i = 0; i < c->names.n; i++) {
		const struct channel *x = &c->v[i];

		rowset_begin(c->rows);
		if (c->timed)
			group_put_period(c->rows, 0, c->clock.period, c->period);
		else
			rowset_text(c->rows, 0, c->bucket.s, c->bucket.len);
		rowset_str(c->rows, 1, x->name);
		rowset_int(c->rows, 2, x->count);
		rowset_int(c->rows, 3, x->in);
		rowset_int(c->rows, 4, x->out);
		rowset_int(c->rows, 5, x->customers);
		rowset_real(c->rows, 6, (double)x->count * 100 / (double)c->count);
		if (x->timed > 0)
			rowset_real(c->rows, 7, x->seconds / (double)x->timed);
	}
	words_free(&c->names);
	words_free(&c->seen);
	c->count = 0;
}

static struct channel *get_channel(struct channels *c, const char *name, size_t len)
{
	size_t n = c->names.n;
	int number = GROW(c->v, n, c->cap) ? words_number(&c->names, name ? name : "", len) : WORD_FAILED;

	if (number == WORD_FAILED)
		return NULL;
	if (c->names.n > n)
		c->v[n] = (struct channel){ .name = c->names.v[n].s };
	return &c->v[number];
}

static bool same_group(struct channels *c, struct stmt *st)
{
	const char *text;

	if (c->timed)
		return period_number(&c->clock, db_int(st, LOG_AT)) == c->period;
	text = db_text(st, LOG_BUCKET);
	return text && c->bucket.s ? strcmp(text, c->bucket.s) == 0 : !text && !c->bucket.s;
}

static int begin_group(struct channels *c, struct stmt *st)
{
	end_group(c);
	c->period = period_number(&c->clock, db_int(st, LOG_AT));
	buf_free(&c->bucket);
	if (!c->timed && !db_is_null(st, LOG_BUCKET))
		buf_puts(&c->bucket, db_text(st, LOG_BUCKET));
	return c->bucket.failed ? err_nomem(&c->s->err) : CRM_OK;
}

static int take_row(struct channels *c, struct stmt *st)
{
	const char *direction = db_text(st, LOG_DIRECTION);
	int64_t pair[2] = { 0, db_int(st, LOG_CUSTOMER) };
	struct channel *x;
	size_t before;

	if (!same_group(c, st) && begin_group(c, st) < 0)
		return CRM_NOMEM;
	x = get_channel(c, db_text(st, LOG_CHANNEL), db_bytes(st, LOG_CHANNEL));
	if (!x)
		return err_nomem(&c->s->err);
	pair[0] = x - c->v;
	before = c->seen.n;
	if (words_number(&c->seen, (const char *)pair, sizeof(pair)) == WORD_FAILED)
		return err_nomem(&c->s->err);
	x->customers += c->seen.n > before;
	x->count++;
	c->count++;
	x->in += direction && strcmp(direction, "in") == 0;
	x->out += direction && strcmp(direction, "out") == 0;
	x->timed += !db_is_null(st, LOG_DURATION);
	x->seconds += (double)db_int(st, LOG_DURATION);
	return CRM_OK;
}

static int run_channels(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	struct channels c = { .s = s, .clock.zone = s->zone };
	cleanup(db_releasep) struct stmt *st = NULL;
	const char *word = report_by(r, opt);
	const struct crm_field *field;
	int status;

	c.timed = report_period_of(&c.clock.period, r, word);
	if (rowset_new(&c.rows, r->columns, r->ncolumns) < 0)
		return err_nomem(&s->err);
	status = report_select_by(&st, &field, s, &report_public_log,
		"t0.at, t0.channel, t0.direction, t0.customer, t0.duration", c.timed ? NULL : word,
		c.timed ? "ORDER BY t0.at" : "ORDER BY 6", opt);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		status = take_row(&c, st);
	end_group(&c);
	buf_free(&c.bucket);
	free(c.v);
	if (status < 0) {
		rowset_free(c.rows);
		return status;
	}
	return rowset_cursor(out, c.rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

static const struct crm_report reports[] = {
	{
		.name = "channels",
		.title = N_("Channels"),
		.help = N_("which channels customers and we use, in and out, by month, week, day or a field"),
		.entity = "log",
		COLUMNS(columns),
		.keys = 2,
		.chart = { CRM_CHART_BARS, "in,out" },
		.takes = REPORT_PERIOD | REPORT_BY_FIELD,
		.by = by,
		.rows = &report_public_log,
		.run = run_channels,
	},
};

const struct report_table reports_channels = { reports, ARRAY_SIZE(reports) };
