/* Rows of a statement as lists that outlive it. */
#include "base/cursor.h"
#include "store/store.h"

int db_gather(crm_cursor **out, crm_store *s, struct stmt *st, const crm_column *columns, size_t n)
{
	cleanup(rowset_freep) struct rowset *rows = NULL;
	int status = CRM_OK;

	if (rowset_new(&rows, columns, n) < 0)
		return err_nomem(&s->err);
	while ((status = db_step(st)) == CRM_OK) {
		rowset_begin(rows);
		for (size_t i = 0; i < n; i++) {
			crm_value v = db_value(st, (int)i);

			rowset_value(rows, i, &v);
		}
	}
	if (status < 0)
		return status;
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}

int db_gather_ids(int64_t **ids, size_t *n, crm_store *s, struct stmt *st)
{
	size_t cap = 0;
	int status;

	while ((status = db_step(st)) == CRM_OK) {
		if (!GROW(*ids, *n, cap))
			return err_nomem(&s->err);
		(*ids)[(*n)++] = db_int(st, 0);
	}
	return status < 0 ? status : CRM_OK;
}
