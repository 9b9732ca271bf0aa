/* How customers feel: what a classifier says of what they wrote. There is no list of good and bad words here. */
#include "model/survey.h"
#include "report/group.h"
#include "report/opinion.h"
#include "text/text.h"

enum mood {
	NEGATIVE,
	NEUTRAL,
	POSITIVE,
	UNKNOWN,
	MOODS
};

static const crm_column columns[] = {
	COLUMN("bucket", "Group", "with --by other than all: the month, week or day, or the value of the field",
		CRM_TEXT),
	COLUMN("n", "N", "texts of customers", CRM_INTEGER),
	COLUMN("negative", "Negative", "of these", CRM_INTEGER),
	COLUMN("neutral", "Neutral", "of these", CRM_INTEGER),
	COLUMN("positive", "Positive", "of these", CRM_INTEGER),
	COLUMN("unknown", "Unknown", "of these, less sure than the classifier's threshold asks", CRM_INTEGER),
	COLUMN("negative_percent", "Negative %", "of those that are known", CRM_REAL),
	COLUMN("positive_percent", "Positive %", "of those that are known", CRM_REAL),
};

static const char *const by[] = { "all", "month", "week", "day", NULL };

/* --from: what customers wrote, and the fields that it stands in. */
static const struct place {
	struct report_source source;
	const char *texts;
} places[] = {
	{ { &entity_log,
		  "t0.internal = 0 AND t0.direction = 'in' AND (t0.subject IS NOT NULL OR t0.content IS NOT NULL)",
		  "at", NULL, false },
		"subject,content" },
	{ { &entity_survey, "t0.remark IS NOT NULL", "answered_at", NULL, false }, "comment" },
	{ { &entity_ticket, "t0.status NOT IN ('merged', 'spam')", "created_at", NULL, false }, "subject,body" },
};

struct feelings {
	struct group group;
	int64_t n[MOODS];
};

struct sentiment {
	crm_store *s;
	const struct place *place;
	struct opinion opinion;
	const char *by; /* a field; NULL: all, or a period */
	bool all;
	struct period_clock clock;
	struct words words;
	struct groups groups;
	const struct crm_field *field;
};

/* --- the classifier --- */

static enum mood mood_of(crm_store *s, const char *label)
{
	const struct word *w = NULL;

	if (label)
		w = word_meant(survey_moods, SURVEY_MOODS, label, strlen(label), &s->err);
	return w ? (enum mood)(w - survey_moods) : UNKNOWN;
}

/* One that tells other things apart would count all as unknown. */
static int check_labels(crm_store *s, const struct classifier *c, const char *name)
{
	for (size_t i = 0; i < c->nlabels; i++)
		if (mood_of(s, c->labels[i]) == UNKNOWN)
			return err_set(&s->err, CRM_INVALID,
				"report sentiment: classifier '%s' has the label '%s', which is none of negative, "
				"neutral and positive",
				name, c->labels[i]);
	return CRM_OK;
}

static int open_classifier(struct sentiment *t, struct buf *read, const char *model)
{
	struct crm_store *s = t->s;
	int status = opinion_open(
		&t->opinion, read, 1, s, model ? model : "sentiment", t->place->source.entity, t->place->texts);

	if (status == CRM_NOTFOUND && !model)
		return err_set(&s->err, CRM_INVALID,
			"report sentiment: there is no classifier 'sentiment' yet: crm classify train --from survey "
			"--text "
			"comment --label mood --name sentiment");
	return status < 0 ? status : check_labels(s, &t->opinion.classifier->classifier, t->opinion.classifier->name);
}

/* --- counting --- */

static int count(struct sentiment *t, struct stmt *st)
{
	const int last = t->opinion.first + t->opinion.n;
	const char *label;
	int64_t key = 0;
	struct feelings *f;
	int status = opinion_of(&label, &t->opinion, t->s, st);

	if (status < 0)
		return status;
	if (t->by)
		key = words_number(&t->words, db_text(st, last), db_bytes(st, last));
	else if (!t->all)
		key = period_number(&t->clock, db_int(st, 0));
	f = key == WORD_FAILED && t->by ? NULL : (struct feelings *)groups_get(&t->groups, key);
	if (!f)
		return err_nomem(&t->s->err);
	f->n[mood_of(t->s, label)]++;
	return CRM_OK;
}

static int count_all(struct sentiment *t, const char *read, const crm_report_options *opt)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	uint64_t done = 0;
	int status = report_select_by(&st, &t->field, t->s, &t->place->source, read, t->by, "", opt);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		status = count(t, st);
		if (++done % 1024 == 0)
			store_event(t->s, CRM_EVENT_PROGRESS, done, 0, crm_tr("reading texts"));
	}
	if (status >= 0 && t->by)
		groups_sort_words(&t->groups, &t->words, t->field);
	return status < 0 ? status : CRM_OK;
}

/* --- rows --- */

static void put_row(struct rowset *rows, const struct sentiment *t, const struct feelings *f)
{
	const size_t without = t->all; /* the column of the group is not there */
	const int64_t known = f->n[NEGATIVE] + f->n[NEUTRAL] + f->n[POSITIVE];

	rowset_begin(rows);
	if (t->by)
		group_put_word(rows, 0, t->field, &t->words, f->group.key);
	else if (!t->all)
		group_put_period(rows, 0, t->clock.period, f->group.key);
	rowset_int(rows, 1 - without, known + f->n[UNKNOWN]);
	for (enum mood m = NEGATIVE; m < MOODS; m++)
		rowset_int(rows, 2 + m - without, f->n[m]);
	if (known == 0)
		return;
	rowset_real(rows, 6 - without, (double)f->n[NEGATIVE] * 100 / (double)known);
	rowset_real(rows, 7 - without, (double)f->n[POSITIVE] * 100 / (double)known);
}

static int put_rows(crm_cursor **out, struct sentiment *t, const struct crm_report *r)
{
	struct rowset *rows;

	if ((t->all && !groups_get(&t->groups, 0)) || /* a row also of no text */
		rowset_new(&rows, r->columns + t->all, r->ncolumns - t->all) < 0)
		return err_nomem(&t->s->err);
	for (size_t i = 0; i < t->groups.n; i++)
		put_row(rows, t, (const struct feelings *)t->groups.v[i]);
	return rowset_cursor(out, rows) < 0 ? err_nomem(&t->s->err) : CRM_OK;
}

static int set_place(struct sentiment *t, const char *from)
{
	size_t i = 0;

	while (from && i < ARRAY_SIZE(places) && strcmp(places[i].source.entity->name, from) != 0)
		i++;
	if (i == ARRAY_SIZE(places))
		return err_set(&t->s->err, CRM_INVALID,
			"report sentiment: cannot read from '%s', only from log, survey or ticket", from);
	t->place = &places[i];
	return CRM_OK;
}

static void sentiment_free(struct sentiment *t)
{
	words_free(&t->words);
	groups_free(&t->groups);
}

static int run_sentiment(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	cleanup(sentiment_free) struct sentiment t = {
		.s = s, .by = report_by(r, opt), .clock.zone = s->zone, .groups.size = sizeof(struct feelings)
	};
	cleanup(buf_free) struct buf read = BUF_INIT;
	int status = set_place(&t, opt->from);

	t.all = strcmp(t.by, "all") == 0;
	if (t.all || report_period_of(&t.clock.period, r, t.by))
		t.by = NULL;
	if (status < 0)
		return status;
	buf_printf(&read, "t0.%s", t.place->source.at);
	status = open_classifier(&t, &read, opt->model);
	if (status == CRM_OK)
		status = count_all(&t, read.s, opt);
	return status == CRM_OK ? put_rows(out, &t, r) : status;
}

static const struct crm_report reports[] = {
	{
		.name = "sentiment",
		.title = N_("Sentiment"),
		.help = N_("how customers feel by what they write: negative, neutral, positive"),
		.entity = "log",
		COLUMNS(columns),
		.keys = 1,
		.chart = { CRM_CHART_BARS, "negative_percent" },
		.takes = REPORT_PERIOD | REPORT_FROM | REPORT_BY_FIELD | REPORT_MODEL,
		.by = by,
		.no_rows = N_("crm classify suggest says it of each record"),
		.run = run_sentiment,
	},
};

const struct report_table reports_sentiment = { reports, ARRAY_SIZE(reports) };
