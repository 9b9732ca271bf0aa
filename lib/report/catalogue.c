/* The list of reports, and what they share. */
#include "query/filter.h"
#include "report/report.h"

static const struct report_table *const tables[] = {
	&reports_communications,
	&reports_followups,
	&reports_tickets,
	&reports_times,
	&reports_sla,
	&reports_agents,
	&reports_backlog,
	&reports_aftersales,
	&reports_sales,
	&reports_rfm,
	&reports_cohort,
	&reports_stale,
	&reports_churn,
	&reports_channels,
	&reports_scores,
	&reports_satisfaction,
	&reports_terms,
	&reports_needs,
	&reports_sentiment,
	&reports_summary,
};

size_t crm_report_count(void)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		n += tables[i]->n;
	return n;
}

const crm_report *crm_report_at(size_t i)
{
	for (size_t k = 0; k < ARRAY_SIZE(tables); k++) {
		if (i < tables[k]->n)
			return &tables[k]->v[i];
		i -= tables[k]->n;
	}
	return NULL;
}

const crm_report *crm_report_find(const char *name)
{
	for (size_t i = 0; i < crm_report_count(); i++)
		if (strcmp(crm_report_at(i)->name, name) == 0)
			return crm_report_at(i);
	return NULL;
}

static const crm_column list_columns[] = {
	COLUMN("name", "Report", "what it is called", CRM_TEXT),
	COLUMN("title", "Title", "what heads it", CRM_TEXT),
	COLUMN("question", "Question", "what it answers", CRM_TEXT),
};

size_t crm_report_list_columns(const crm_column **out)
{
	*out = list_columns;
	return ARRAY_SIZE(list_columns);
}

int crm_report_list(crm_cursor **out, const crm_store *s)
{
	struct rowset *rows;

	if (rowset_new(&rows, list_columns, ARRAY_SIZE(list_columns)) < 0)
		return CRM_NOMEM;
	for (size_t i = 0; i < crm_report_count(); i++) {
		const struct crm_report *r = crm_report_at(i);

		rowset_begin(rows);
		rowset_str(rows, 0, r->name);
		rowset_str(rows, 1, store_tr(s, r->title));
		rowset_str(rows, 2, store_tr(s, r->help));
	}
	return rowset_cursor(out, rows);
}

const char *crm_report_name(const crm_report *r)
{
	return r->name;
}

const char *crm_report_title(const crm_report *r)
{
	return r->title;
}

const char *crm_report_help(const crm_report *r)
{
	return r->help;
}

crm_chart crm_report_chart(const crm_report *r)
{
	return r->chart;
}

size_t crm_report_keys(const crm_report *r)
{
	return r->keys;
}

size_t crm_report_columns(const crm_report *r, const crm_column **out)
{
	*out = r->columns;
	return r->ncolumns;
}

const crm_entity *crm_report_entity(const crm_report *r)
{
	return crm_entity_find(r->entity);
}

size_t crm_report_parts(const crm_report *r, const crm_report_part **out)
{
	*out = r->parts;
	return r->nparts;
}

const char *const *crm_report_by(const crm_report *r)
{
	return r->by;
}

int crm_report_run(crm_cursor **out, crm_store *s, const crm_report *r, const crm_report_options *opt)
{
	crm_cursor *rows = NULL;
	int status = report_check_options(s, r, opt);

	if (status == CRM_OK && opt->rows)
		return report_records(out, s, r, opt);
	if (status == CRM_OK)
		status = opt->vs ? report_versus(&rows, s, r, opt) : r->run(&rows, s, r, opt);
	if (status == CRM_OK)
		status = cursor_project(out, rows, opt->fields, &s->err);
	return status;
}

int report_period(int64_t *from, int64_t *to, crm_store *s, const crm_report_options *opt)
{
	return store_period(from, to, s, opt->since, opt->until);
}

int report_as_of(int64_t *out, crm_store *s, const crm_report_options *opt)
{
	char time[32];
	int status = crm_time_parse(NULL, out, s, opt->as_of, CRM_TIME_PAST);

	if (status < 0 || *out <= crm_store_now(s))
		return status;
	crm_time_format(time, s, *out, CRM_TIME_SHORT);
	return err_set(&s->err, CRM_INVALID, "--as-of: %s lies ahead: nobody knows what will be there then", time);
}

int report_select(struct stmt **st, crm_store *s, const struct report_source *from, const char *columns,
	const char *rest, const crm_report_options *opt)
{
	return report_select_by(st, NULL, s, from, columns, NULL, rest, opt);
}

int report_select_by(struct stmt **st, const struct crm_field **field, crm_store *s, const struct report_source *from,
	const char *columns, const char *by, const char *rest, const crm_report_options *opt)
{
	cleanup(sql_release) struct sql q = { .s = s };
	const char *at = from->wide && !opt->since && !opt->until ? "+t0" : "t0"; /* + keeps an index away */
	int64_t first, last;
	int status = report_period(&first, &last, s, opt);

	if (status < 0)
		return status;
	if (last > crm_store_now(s)) /* what is planned has not taken place */
		last = crm_store_now(s);
	buf_printf(&q.text, "SELECT %s%s", columns, by ? ", " : "");
	status = by ? sql_word(&q, from->entity, by, "t0", field) : CRM_OK;
	if (status < 0)
		return status;
	buf_printf(&q.text, " FROM %s t0 WHERE %s AND %s.%s >= ", from->entity->table, from->condition, at, from->at);
	sql_param_int(&q, first);
	buf_printf(&q.text, " AND %s.%s <= ", at, from->at);
	sql_param_int(&q, last);
	buf_puts(&q.text, " AND ");
	status = filter_shown(&q, from->entity, "t0", opt->nfilter, opt->filter);
	buf_printf(&q.text, " %s", rest);
	if (status == CRM_OK)
		status = sql_prepare(st, &q, DB_SCAN | DB_ONCE);
	return status;
}

const struct report_source report_public_log = { .entity = &entity_log, .condition = "t0.internal = 0", .at = "at" };

int report_communications(
	struct stmt **st, crm_store *s, const char *columns, const char *rest, const crm_report_options *opt)
{
	return report_select(st, s, &report_public_log, columns, rest, opt);
}

void report_warn_few(crm_store *s, int64_t n, const char *of)
{
	if (n == 0)
		store_say(s, CRM_EVENT_WARNING, 0, "there are no %s to count", crm_tr(of));
	else if (n < 30)
		store_say(s, CRM_EVENT_WARNING, (uint64_t)n, "n is %lld: figures of fewer than 30 %s say little",
			(long long)n, crm_tr(of));
}
