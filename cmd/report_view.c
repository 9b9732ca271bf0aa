#include "report_view.h"

#include <stdlib.h>
#include <string.h>

void view_init(struct view *v, struct cli *cli, const crm_report *r, const crm_report_options *opt)
{
	*v = (struct view){ .cli = cli, .report = r, .name = r ? crm_report_name(r) : "followup due", .opt = *opt };
}

const char *view_title(const struct view *v)
{
	return v->report ? crm_report_title(v->report) : N_("Who is owed a contact");
}

const char *view_question(const struct view *v)
{
	return v->report ? crm_report_help(v->report) : N_("the customers who wait longest, by the follow-up policies");
}

void view_release(struct view *v)
{
	if (v->charted)
		chart_free(&v->chart);
	page_table_free(&v->table);
	for (size_t i = 0; v->labels && i < v->ncolumns; i++)
		free(v->labels[i]);
	free(v->labels);
	free(v->since);
	crm_cursor_close(v->rows);
	free(v->columns);
}

/* --- which columns are what --- */

static bool over_time(const char *by)
{
	static const char *const times[] = { "day", "week", "month", "quarter", "year", NULL };

	return words_have(times, by);
}

const char *view_by(const struct view *v)
{
	const char *const *words = v->report ? crm_report_by(v->report) : NULL;

	return v->opt.by ? v->opt.by : words ? words[0] : NULL;
}

/* The field that --by names, perhaps of a record that is referred to, as customer.city; NULL when it is none. */
static const crm_field *by_field(const struct view *v)
{
	const crm_entity *e = crm_report_entity(v->report);
	const char *name = view_by(v), *dot;

	for (; e && (dot = strchr(name, '.')); name = dot + 1) {
		cleanup(freep) char *reference = need(strndup(name, (size_t)(dot - name)));
		const crm_field *f = crm_field_find(v->cli->store, e, reference);
		e = f ? crm_field_target(f) : NULL;
	}
	return e ? crm_field_find(v->cli->store, e, name) : NULL;
}

const char *view_by_label(const struct view *v)
{
	static const struct {
		const char *by, *label;
	} times[] = { { "day", N_("Day") }, { "week", N_("Week") }, { "month", N_("Month") }, { "hour", N_("Hour") },
		{ "weekday", N_("Weekday") } };
	const crm_field *f = by_field(v);

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (strcmp(view_by(v), times[i].by) == 0)
			return times[i].label;
	return f ? crm_field_label(f) : view_by(v);
}

/* The column that says what a row stands for is named for what it is, and its words are known as such. */
static void name_bucket(struct view *v, crm_column *col)
{
	const char *by = view_by(v);

	if (!by || v->opt.rows || strcmp(col->name, "bucket") != 0)
		return;
	const crm_field *f = by_field(v);
	bool words = f && (crm_field_type(f) == CRM_ENUM || strcmp(crm_field_name(f), "status") == 0);
	if (words || strcmp(by, "weekday") == 0)
		col->type = CRM_ENUM;
	if (strcmp(by, "all") != 0)
		col->label = view_by_label(v);
}

static void copy_columns(struct view *v)
{
	v->ncolumns = crm_cursor_columns(v->rows);
	v->labels = need_zeroed(v->ncolumns + 1, sizeof(*v->labels));
	v->columns = need_zeroed(v->ncolumns + 1, sizeof(*v->columns));
	for (size_t i = 0; i < v->ncolumns; i++) {
		v->columns[i] = *crm_cursor_column(v->rows, i);
		if (v->report)
			name_bucket(v, &v->columns[i]);
		v->columns[i].label = v->labels[i] = need_copy(crm_tr(v->columns[i].label));
	}
}

static size_t find_column(const struct view *v, const char *name, size_t len)
{
	for (size_t i = 0; i < v->ncolumns; i++)
		if (strncmp(v->columns[i].name, name, len) == 0 && !v->columns[i].name[len])
			return i;
	return SIZE_MAX;
}

size_t view_column(const struct view *v, const char *name)
{
	return find_column(v, name, strlen(name));
}

/* Whether the column is one of those that say what a row stands for; a report may leave such a column out. */
static bool is_key(const struct view *v, size_t column)
{
	const crm_column *described;

	crm_report_columns(v->report, &described);
	for (size_t i = 0; i < crm_report_keys(v->report); i++)
		if (strcmp(described[i].name, v->columns[column].name) == 0)
			return true;
	return false;
}

/* The number of a customer who is named is left out of labels, currencies stand apart. */
static void plan_keys(const struct view *v, struct chart_plan *p)
{
	size_t name = view_column(v, "name");
	bool named = name != SIZE_MAX && is_key(v, name);

	for (size_t i = 0; i < v->ncolumns && p->nkeys < CHART_VALUES; i++)
		if (is_key(v, i) && i != p->apart && !(named && strcmp(v->columns[i].name, "customer") == 0))
			p->keys[p->nkeys++] = i;
	/* months 0, 1, 2 … of each of several things are a time too */
	if (p->form != CHART_LINES && p->nkeys == 2 && v->columns[p->keys[1]].type == CRM_INTEGER) {
		size_t thing = p->keys[0];
		p->form = CHART_STRIPS;
		p->keys[0] = p->keys[1];
		p->keys[1] = thing;
	}
	if (p->form == CHART_LINES && p->nkeys > 1)
		p->form = CHART_STRIPS;
}

static int unknown_column(const struct view *v, const char *name, size_t len)
{
	cleanup(freep) char *word = need(strndup(name, len));
	cleanup(strings_freep) struct strings names = { 0 };

	for (size_t i = 0; i < v->ncolumns; i++)
		strings_add(&names, v->columns[i].name);
	cleanup(freep) char *nearest = cli_nearest(word, names.v, names.n, "");
	return cli_fail(v->cli, EXIT_USAGE, "report %s: there is no column '%s'%s", v->name, word, nearest);
}

static int plan_value(struct view *v, struct chart_plan *p, size_t column)
{
	const crm_column *first = p->nvalues > 0 ? &v->columns[p->values[0]] : NULL, *col = &v->columns[column];

	if (is_key(v, column) || figure_unit(col) == FIGURE_NONE)
		return EXIT_DONE;
	if (p->nvalues == CHART_VALUES)
		return cli_fail(v->cli, EXIT_USAGE, "report %s: a chart shows at most %d figures: choose by --fields",
			v->name, CHART_VALUES);
	if (first && figure_unit(first) != figure_unit(col))
		return cli_fail(v->cli, EXIT_USAGE,
			"report %s: %s and %s have no scale in common: choose one of them by --fields", v->name,
			first->name, col->name);
	p->values[p->nvalues++] = column;
	return EXIT_DONE;
}

/* Adds the figures named `a,b`; keys and what is no figure are passed over, and the usual ones that are not there. */
static int plan_values(struct view *v, struct chart_plan *p, const char *names, bool usual)
{
	int exit_status = EXIT_DONE;

	for (const char *s = names + (*names == '+'); *s && !exit_status;) {
		size_t len = strcspn(s, ","), column = find_column(v, s, len);
		if (column != SIZE_MAX)
			exit_status = plan_value(v, p, column);
		else if (!usual)
			exit_status = unknown_column(v, s, len);
		s += len + (s[len] == ',');
	}
	return exit_status;
}

/* Of figures that are compared with a period before, the first one and what it was: "count,count_previous". */
static char *with_previous(const char *values)
{
	int len = (int)strcspn(values, ",");
	struct strbuf b = { 0 };

	strbuf_printf(&b, "%.*s,%.*s_previous", len, values, len, values);
	return need_text(&b);
}

/* What there is to draw; `nvalues` stays 0 when there is nothing. */
static int plan_chart(struct view *v, struct chart_plan *p, const char *fields)
{
	crm_chart chart = v->report ? crm_report_chart(v->report) : (crm_chart){ CRM_CHART_NONE, NULL };
	const char *by = view_by(v);
	bool times = by ? over_time(by) : chart.kind == CRM_CHART_LINE;

	*p = (struct chart_plan){ .ascii = v->ascii, .columns = v->columns, .apart = SIZE_MAX };
	if (chart.kind == CRM_CHART_NONE || v->opt.rows)
		return EXIT_DONE;
	cleanup(freep) char *compared = v->opt.vs && !fields ? with_previous(chart.values) : NULL;
	int exit_status = plan_values(v, p, compared ? compared : fields ? fields : chart.values, !fields);
	if (exit_status || p->nvalues == 0)
		return exit_status;
	p->form = times ? CHART_LINES : CHART_BARS;
	if (p->form == CHART_BARS)
		p->apart = view_column(v, "currency");
	plan_keys(v, p);
	if (p->nkeys == 0 && v->opt.fields) /* figures without a name are no chart */
		p->nvalues = 0;
	return EXIT_DONE;
}

/* --- gathering --- */

int view_open(struct view *v)
{
	crm_due_options due = {
		.fields = v->opt.fields, .nfilter = v->opt.nfilter, .filter = v->opt.filter, .limit = -1
	};
	int status = v->report ? crm_report_run(&v->rows, v->cli->store, v->report, &v->opt)
			       : crm_followup_due(&v->rows, v->cli->store, &due);

	if (status < 0)
		return cli_store_fail(v->cli, status);
	copy_columns(v);
	return EXIT_DONE;
}

static int read_rows(struct view *v)
{
	struct cells cells;
	int status;

	cells_init(&cells, v->cli->store, false);
	while ((status = crm_cursor_next(v->rows)) == CRM_OK) {
		if (v->charted)
			chart_row(&v->chart, &cells, v->rows);
		page_table_row(&v->table, &cells, v->rows);
	}
	cells_release(&cells);
	if (v->charted)
		chart_finish(&v->chart);
	return status < 0 ? cli_store_fail(v->cli, status) : EXIT_DONE;
}

int view_gather(struct view *v, size_t limit, const char *values)
{
	struct chart_plan plan;
	int exit_status = view_open(v);

	if (exit_status)
		return exit_status;
	exit_status = plan_chart(v, &plan, values);
	if (!exit_status) {
		v->charted = plan.nvalues > 0;
		if (v->charted)
			chart_begin(&v->chart, &plan);
		v->table = (struct page_table){ .columns = v->columns,
			.n = v->ncolumns,
			.limit = limit,
			.latest = v->charted && plan.form != CHART_BARS };
		exit_status = read_rows(v);
	}
	return exit_status;
}

int view_gather_chart(struct view *v)
{
	const char *chosen = v->opt.fields;

	/* the keys are needed, whatever was chosen */
	v->opt.fields = NULL;
	int exit_status = view_gather(v, 0, chosen);
	if (!exit_status && !v->charted)
		exit_status = cli_fail(v->cli, EXIT_USAGE,
			chosen ? N_("report %s: has no figures to draw among these --fields")
			       : N_("report %s: has no figures to draw"),
			v->name);
	return exit_status;
}
