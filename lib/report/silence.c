/* Customers and their contacts, with facts as they were at the clock. */
#include "report/silence.h"

int silence_select(struct sql *q, const char *fields)
{
	int status = CRM_OK;

	buf_puts(&q->text, "SELECT ");
	while (status == CRM_OK && *fields) {
		size_t len = strcspn(fields, ",");
		const struct crm_field *f;

		status = sql_path(q, &entity_customer, fields, len, "t0", &f);
		fields += len + (fields[len] == ',');
		buf_puts(&q->text, *fields ? ", " : "");
	}
	return status;
}

void silence_first(struct sql *q)
{
	buf_puts(&q->text, "(SELECT min(l.at) FROM log l WHERE l.customer = t0.id AND l.internal = 0 AND l.at <= ");
	sql_param_int(q, crm_store_now(q->s));
	buf_putc(&q->text, ')');
}

int silence_from(struct sql *q, const crm_report_options *opt)
{
	buf_puts(&q->text, " FROM customer t0 WHERE t0.created_at <= ");
	sql_param_int(q, crm_store_now(q->s));
	buf_puts(&q->text, " AND t0.last_contact_at IS NOT NULL AND ");
	return filter_shown(q, &entity_customer, "t0", opt->nfilter, opt->filter);
}
