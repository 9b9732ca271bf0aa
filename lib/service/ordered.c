#include "service/ordered.h"

#include "model/record.h"
#include <crm/query.h>

static int check_filter(crm_store *s, const struct crm_entity *e, const char *filter)
{
	crm_query *q;
	int status = crm_query_new(&q, s, e);

	if (status == CRM_OK) {
		status = crm_query_filter_text(q, filter);
		crm_query_free(q);
	}
	return status;
}

static int last_position(crm_store *s, const struct crm_entity *e, int64_t *last)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql, "SELECT max(position) FROM %s", e->table);
	status = buf_str(&sql) ? db_prepare(&st, s, sql.s, DB_SCAN) : err_nomem(&s->err); /* a handful of rows */
	buf_free(&sql);
	if (status == CRM_OK)
		status = db_step(st);
	if (status == CRM_OK)
		*last = db_int(st, 0); /* 0 for none */
	return status;
}

int ordered_position(crm_record *r)
{
	int64_t last = 0;
	char text[24];
	int status;

	if (crm_record_get(r, "position").kind != CRM_NULL)
		return CRM_OK;
	status = last_position(record_store(r), r->e, &last);
	return status < 0 ? status : record_set_int(r, "position", last + 10, text);
}

int ordered_prepare(crm_record *r, bool creating, const struct crm_entity *filtered)
{
	crm_value filter = crm_record_get(r, "filter");
	int status = filter.kind != CRM_NULL ? check_filter(record_store(r), filtered, filter.s) : CRM_OK;

	return status == CRM_OK && creating ? ordered_position(r) : status;
}
