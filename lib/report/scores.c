/* What answers to surveys say: service and product by dimension, recommendation, effort; and how many answered. */
#include "analysis/stats.h"
#include "model/survey.h"
#include "report/group.h"

#define BUCKET                                                                                                         \
	COLUMN("bucket", "Group", "with --by other than all: the period of the answer, or the value of the field",     \
		CRM_TEXT)
#define RESPONSE                                                                                                       \
	COLUMN("sent", "Sent", "surveys of this kind or in general sent in the period", CRM_INTEGER),                  \
		COLUMN("answered", "Answered", "of these, answered by now", CRM_INTEGER),                              \
		COLUMN("response_percent", "Response %", "answered of sent", CRM_REAL)
#define MEAN_INTERVAL                                                                                                  \
	COLUMN("low", "Low", "lower end of the mean's interval of 95 % (Student's t)", CRM_REAL),                      \
		COLUMN("high", "High", "upper end", CRM_REAL)

static const crm_column dimension_columns[] = {
	BUCKET,
	COLUMN("dimension", "Dimension", "what was scored; overall: the mean of all five; score: the single score",
		CRM_ENUM),
	COLUMN("n", "N", "answers with this score; of overall, with all five", CRM_INTEGER),
	COLUMN("mean", "Mean", "from 1 to 5", CRM_REAL),
	COLUMN("top2_percent", "Top 2 %", "share of scores of 4 and 5; of overall, of means from 4 on", CRM_REAL),
	MEAN_INTERVAL,
	COLUMN("top2_low", "Top 2 low", "lower end of the share's interval of 95 % (Wilson)", CRM_REAL),
	COLUMN("top2_high", "Top 2 high", "upper end", CRM_REAL),
	RESPONSE,
};

static const crm_column nps_columns[] = {
	BUCKET,
	COLUMN("n", "N", "answers with a score", CRM_INTEGER),
	COLUMN("promoters", "Promoters", "9 and 10", CRM_INTEGER),
	COLUMN("passives", "Passives", "7 and 8", CRM_INTEGER),
	COLUMN("detractors", "Detractors", "0 to 6", CRM_INTEGER),
	COLUMN("nps", "NPS", "percent of promoters less percent of detractors, -100 to 100", CRM_REAL),
	COLUMN("low", "Low", "lower end of its interval of 95 % (Student's t)", CRM_REAL),
	COLUMN("high", "High", "upper end", CRM_REAL),
	RESPONSE,
};

static const crm_column ces_columns[] = {
	BUCKET,
	COLUMN("n", "N", "answers with a score", CRM_INTEGER),
	COLUMN("mean", "Mean", "from 1 to 7, 7 is easy", CRM_REAL),
	COLUMN("easy_percent", "Easy %", "share of scores from 5 to 7", CRM_REAL),
	MEAN_INTERVAL,
	COLUMN("easy_low", "Easy low", "lower end of the share's interval of 95 % (Wilson)", CRM_REAL),
	COLUMN("easy_high", "Easy high", "upper end", CRM_REAL),
	RESPONSE,
};

static const char *const by[] = { "all", "month", "week", "day", "kind", "assignee", NULL };

/* One score in one group. */
struct tally {
	struct sample sample;
	int64_t top, bottom; /* scores that are good, and of NPS those that are bad */
};

enum {
	OVERALL = SURVEY_DIMENSIONS,
	SINGLE, /* the one score that is not of a dimension */
	TALLIES
};

struct scores_group {
	struct group group;
	struct tally tallies[TALLIES];
	int64_t sent, answered;
};

struct scores;

/* What makes the reports differ. */
struct scores_subject {
	const char *report;
	size_t first;  /* dimensions begin here in survey_scores, SURVEY_DIMENSIONS of them; or SURVEY_SCORES: none */
	size_t single; /* a score beside them; or SURVEY_SCORES */
	double top;    /* good from here on */
	double low, high; /* ends of the scale */
	struct report_source answers, sent;
	void (*put)(struct scores *r, struct rowset *rows, const struct scores_group *g);
};

struct scores {
	crm_store *s;
	const struct scores_subject *subject;
	const char *by;
	bool all, periods;
	struct period_clock clock;
	const struct crm_field *field; /* that --by names, where it names one */
	struct words words;
	struct groups groups;
};

static void scores_free(struct scores *r)
{
	words_free(&r->words);
	groups_free(&r->groups);
}

/* --- reading --- */

/* The group of a row that begins with its time and ends with the value of --by, where that is a field. */
static struct scores_group *group_of_row(struct scores *r, struct stmt *st)
{
	int last = db_columns(st) - 1;
	int64_t key = r->all       ? 0
		      : r->periods ? period_number(&r->clock, db_int(st, 0))
				   : words_number(&r->words, db_text(st, last), db_bytes(st, last));

	return key == WORD_FAILED && !r->periods ? NULL : (struct scores_group *)groups_get(&r->groups, key);
}

static int select_rows(struct stmt **st, struct scores *r, const struct report_source *from, const char *columns,
	const crm_report_options *opt)
{
	const char *word = strcmp(r->by, "assignee") == 0 ? "ticket.assignee" : r->by;
	struct buf text = BUF_INIT;
	int status;

	buf_printf(&text, "t0.%s, %s", from->at, columns);
	status = !buf_str(&text)        ? err_nomem(&r->s->err)
		 : r->all || r->periods ? report_select(st, r->s, from, text.s, "", opt)
					: report_select_by(st, &r->field, r->s, from, text.s, word, "", opt);
	buf_free(&text);
	return status;
}

static void tally_add(struct tally *t, const struct scores_subject *subject, double value)
{
	bool nps = subject->single == SURVEY_NPS, bottom = nps && value <= 6;

	t->top += value >= subject->top;
	t->bottom += bottom;
	sample_add(&t->sample, !nps ? value : value >= subject->top ? 100 : bottom ? -100 : 0);
}

/* The dimensions from column 1 on, then the single score. */
static void take_answer(struct scores_group *g, const struct scores_subject *subject, struct stmt *st)
{
	int column = 1, found = 0;
	double sum = 0;

	for (size_t i = 0; subject->first < SURVEY_SCORES && i < SURVEY_DIMENSIONS; i++, column++) {
		if (db_is_null(st, column))
			continue;
		tally_add(&g->tallies[i], subject, (double)db_int(st, column));
		sum += (double)db_int(st, column);
		found++;
	}
	if (found == SURVEY_DIMENSIONS)
		tally_add(&g->tallies[OVERALL], subject, sum / SURVEY_DIMENSIONS);
	if (subject->single < SURVEY_SCORES && !db_is_null(st, column))
		tally_add(&g->tallies[SINGLE], subject, (double)db_int(st, column));
}

static int read_answers(struct scores *r, const crm_report_options *opt)
{
	const struct scores_subject *subject = r->subject;
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf columns = BUF_INIT;
	int status;

	for (size_t i = 0; i < SURVEY_SCORES; i++)
		if ((i >= subject->first && i < subject->first + SURVEY_DIMENSIONS) || i == subject->single)
			buf_printf(&columns, "%st0.%s", columns.len ? ", " : "", survey_scores[i].field);
	status = buf_str(&columns) ? select_rows(&st, r, &subject->answers, columns.s, opt) : err_nomem(&r->s->err);
	buf_free(&columns);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		struct scores_group *g = group_of_row(r, st);

		if (!g)
			return err_nomem(&r->s->err);
		take_answer(g, subject, st);
	}
	return status < 0 ? status : CRM_OK;
}

/* Who answers unasked says nothing about how many of those asked do. */
static int read_sent(struct scores *r, const crm_report_options *opt)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = select_rows(&st, r, &r->subject->sent, "t0.answered_at", opt);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		struct scores_group *g = group_of_row(r, st);

		if (!g)
			return err_nomem(&r->s->err);
		g->sent++;
		g->answered += !db_is_null(st, 1) && db_int(st, 1) <= crm_store_now(r->s);
	}
	return status < 0 ? status : CRM_OK;
}

/* --- rows --- */

static void put_share(struct rowset *rows, size_t column, int64_t hits, int64_t n)
{
	if (n > 0)
		rowset_real(rows, column, 100 * (double)hits / (double)n);
}

static void put_response(struct rowset *rows, size_t column, const struct scores_group *g)
{
	rowset_int(rows, column, g->sent);
	rowset_int(rows, column + 1, g->answered);
	put_share(rows, column + 2, g->answered, g->sent);
}

/* n, mean, share of good ones; and the intervals of both. */
static void put_tally(struct rowset *rows, size_t column, const struct scores_subject *subject, const struct tally *t)
{
	struct interval interval;

	rowset_int(rows, column, t->sample.n);
	if (t->sample.n > 0)
		rowset_real(rows, column + 1, sample_mean(&t->sample));
	put_share(rows, column + 2, t->top, t->sample.n);
	if (sample_interval(&interval, &t->sample, subject->low, subject->high)) {
		rowset_real(rows, column + 3, interval.low);
		rowset_real(rows, column + 4, interval.high);
	}
	if (share_interval(&interval, t->top, t->sample.n)) {
		rowset_real(rows, column + 5, 100 * interval.low);
		rowset_real(rows, column + 6, 100 * interval.high);
	}
}

/* Begins a row of a group; the column behind its name, which only a grouped report has. */
static size_t begin_row(struct scores *r, struct rowset *rows, const struct scores_group *g)
{
	rowset_begin(rows);
	if (r->periods)
		group_put_period(rows, 0, r->clock.period, g->group.key);
	else if (!r->all)
		group_put_word(rows, 0, r->field, &r->words, g->group.key);
	return !r->all;
}

static void put_dimensions(struct scores *r, struct rowset *rows, const struct scores_group *g)
{
	for (size_t i = 0; i < TALLIES; i++) {
		const char *name = i == OVERALL ? N_("overall") : i == SINGLE ? N_("score") : NULL;
		size_t column;

		if (i == SINGLE && g->tallies[i].sample.n == 0)
			continue;
		column = begin_row(r, rows, g);
		rowset_str(rows, column, name ? name : survey_scores[r->subject->first + i].name);
		put_tally(rows, column + 1, r->subject, &g->tallies[i]);
		if (i == OVERALL) /* people answer the whole, not a dimension */
			put_response(rows, column + 8, g);
	}
}

static void put_nps(struct scores *r, struct rowset *rows, const struct scores_group *g)
{
	const struct tally *t = &g->tallies[SINGLE];
	size_t column = begin_row(r, rows, g);
	struct interval interval;

	rowset_int(rows, column, t->sample.n);
	rowset_int(rows, column + 1, t->top);
	rowset_int(rows, column + 2, t->sample.n - t->top - t->bottom);
	rowset_int(rows, column + 3, t->bottom);
	if (t->sample.n > 0)
		rowset_real(rows, column + 4, 100 * (double)(t->top - t->bottom) / (double)t->sample.n);
	if (sample_interval(&interval, &t->sample, r->subject->low, r->subject->high)) {
		rowset_real(rows, column + 5, interval.low);
		rowset_real(rows, column + 6, interval.high);
	}
	put_response(rows, column + 7, g);
}

static void put_ces(struct scores *r, struct rowset *rows, const struct scores_group *g)
{
	size_t column = begin_row(r, rows, g);

	put_tally(rows, column, r->subject, &g->tallies[SINGLE]);
	put_response(rows, column + 7, g);
}

/* The smallest number of answers that a figure is made of; 0: there are none at all. */
static int64_t fewest(const struct groups *groups)
{
	int64_t n = 0;

	for (size_t i = 0; i < groups->n; i++)
		for (size_t k = 0; k < TALLIES; k++) {
			int64_t m = ((struct scores_group *)groups->v[i])->tallies[k].sample.n;

			if (m > 0 && (n == 0 || m < n))
				n = m;
		}
	return n;
}

/* --- the reports --- */

#define ANSWERS(condition_)                                                                                            \
	{                                                                                                              \
		.entity = &entity_survey, .condition = condition_, .at = "answered_at", .wide = true                   \
	}
#define SENT(kind)                                                                                                     \
	{                                                                                                              \
		.entity = &entity_survey, .condition = "t0.kind IN ('" kind "', 'general')", .at = "sent_at"           \
	}

static const struct scores_subject subjects[] = {
	{
		.report = "csat",
		.first = 0,
		.single = SURVEY_OVERALL,
		.top = 4,
		.low = 1,
		.high = 5,
		.answers = ANSWERS("coalesce(t0.service_quality, t0.service_efficiency, t0.service_speed,"
				   " t0.service_professionalism, t0.service_value, t0.score) IS NOT NULL"),
		.sent = SENT("csat"),
		.put = put_dimensions,
	},
	{
		.report = "value",
		.first = SURVEY_DIMENSIONS,
		.single = SURVEY_SCORES,
		.top = 4,
		.low = 1,
		.high = 5,
		.answers = ANSWERS("coalesce(t0.product_quality, t0.product_function, t0.product_price,"
				   " t0.product_service, t0.product_brand) IS NOT NULL"),
		.sent = SENT("value"),
		.put = put_dimensions,
	},
	{
		.report = "nps",
		.first = SURVEY_SCORES,
		.single = SURVEY_NPS,
		.top = 9,
		.low = -100,
		.high = 100,
		.answers = ANSWERS("t0.nps IS NOT NULL"),
		.sent = SENT("nps"),
		.put = put_nps,
	},
	{
		.report = "ces",
		.first = SURVEY_SCORES,
		.single = SURVEY_CES,
		.top = 5,
		.low = 1,
		.high = 7,
		.answers = ANSWERS("t0.ces IS NOT NULL"),
		.sent = SENT("ces"),
		.put = put_ces,
	},
};

static const struct scores_subject *subject_of(const struct crm_report *r)
{
	size_t i = 0;

	while (strcmp(subjects[i].report, r->name) != 0)
		i++;
	return &subjects[i];
}

static int gather(struct scores *r, const crm_report_options *opt)
{
	int status = CRM_OK;

	if (r->all && !groups_get(&r->groups, 0))
		return err_nomem(&r->s->err);
	status = read_answers(r, opt);
	if (status == CRM_OK)
		status = read_sent(r, opt);
	if (status == CRM_OK && !r->all && !r->periods)
		groups_sort_words(&r->groups, &r->words, r->field);
	return status;
}

static int run_scores(crm_cursor **out, crm_store *s, const struct crm_report *report, const crm_report_options *opt)
{
	cleanup(scores_free) struct scores r = {
		.s = s,
		.subject = subject_of(report),
		.by = report_by(report, opt),
		.clock.zone = s->zone,
		.groups.size = sizeof(struct scores_group),
	};
	struct rowset *rows;
	int status;

	r.all = strcmp(r.by, "all") == 0;
	r.periods = report_period_of(&r.clock.period, report, r.by);
	status = gather(&r, opt);
	if (status < 0)
		return status;
	if (rowset_new(&rows, report->columns + r.all, report->ncolumns - r.all) < 0)
		return err_nomem(&s->err);
	for (size_t i = 0; i < r.groups.n; i++)
		r.subject->put(&r, rows, (struct scores_group *)r.groups.v[i]);
	report_warn_few(s, fewest(&r.groups), "answers");
	return rowset_cursor(out, rows) < 0 ? err_nomem(&s->err) : CRM_OK;
}

#define SCORES(i, keys_, chart_)                                                                                       \
	.entity = "survey", .keys = (keys_), .chart = { CRM_CHART_BARS, chart_ },                                      \
	.takes = REPORT_PERIOD | REPORT_BY_FIELD, .by = by, .rows = &subjects[i].answers, .run = run_scores

static const struct crm_report reports[] = {
	{ .name = "csat",
		.title = N_("Service"),
		.help = N_("how satisfied customers are with the service, by dimension"),
		COLUMNS(dimension_columns),
		SCORES(0, 2, "mean") },
	{ .name = "value",
		.title = N_("Product"),
		.help = N_("what customers think of the product, by dimension"),
		COLUMNS(dimension_columns),
		SCORES(1, 2, "mean") },
	{ .name = "nps",
		.title = N_("Recommendation"),
		.help = N_("whether customers would recommend you"),
		COLUMNS(nps_columns),
		SCORES(2, 1, "promoters,passives,detractors") },
	{ .name = "ces",
		.title = N_("Effort"),
		.help = N_("how easy it was for customers"),
		COLUMNS(ces_columns),
		SCORES(3, 1, "mean") },
};

const struct report_table reports_scores = { reports, ARRAY_SIZE(reports) };
