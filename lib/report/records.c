/* --rows: the records behind the figures, a list like any other. */
#include "query/query.h"
#include "report/report.h"

/* The end of what the report has read: not after the clock, nor after the time at which it looks. */
static int read_end(int64_t *to, int64_t *as_of, crm_store *s, const crm_report_options *opt)
{
	const int64_t now = crm_store_now(s);
	int status = CRM_OK;

	*as_of = s->now_fixed ? now : 0;
	if (opt->as_of)
		status = report_as_of(as_of, s, opt);
	if (*to > now)
		*to = now;
	if (opt->as_of && *to > *as_of)
		*to = *as_of;
	return status;
}

static int open_rows(
	crm_cursor **out, crm_query *q, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	const struct report_source *from = r->rows;
	int64_t first, last, as_of = 0;
	int status = report_period(&first, &last, s, opt);

	if (status == CRM_OK)
		status = read_end(&last, &as_of, s, opt);
	if (status == CRM_OK && opt->as_of)
		status = crm_query_as_of(q, as_of);
	if (status == CRM_OK)
		status = query_source(q, from->condition, from->at, first, last, from->terms, as_of);
	if (status == CRM_OK)
		status = crm_query_filter(q, opt->nfilter, opt->filter);
	if (status == CRM_OK && opt->fields)
		status = crm_query_fields(q, opt->fields);
	return status == CRM_OK ? crm_query_open(out, q) : status;
}

int report_records(crm_cursor **out, crm_store *s, const struct crm_report *r, const crm_report_options *opt)
{
	crm_query *q;
	int status = crm_query_new(&q, s, r->rows->entity);

	if (status < 0)
		return status;
	status = open_rows(out, q, s, r, opt);
	crm_query_free(q);
	return status;
}
