/* References from one record to another, all at once: what hangs on a record that becomes part of another. */
#include "model/record.h"

/* Images of the records that are about to change. */
static int save_images(crm_store *s, const struct reference *ref, int64_t from, int64_t op)
{
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "INSERT INTO change (op, entity, first_id, last_id, image) SELECT $1, $2, t.id, t.id, ");
	status = image_expression_of_many(&sql, s, ref->e);
	buf_printf(&sql, " FROM %s t WHERE t.%s = $3 ON CONFLICT DO NOTHING", ref->e->table, field_column(ref->f));
	if (status == CRM_OK)
		status = buf_str(&sql) ? db_run(s, sql.s, "isi", op, ref->e->name, from) : err_nomem(&s->err);
	buf_free(&sql);
	return status;
}

/* The parameters of move(): what the row will say. */
static int parameter_of(const char *column, const void *moved)
{
	return strcmp(column, moved) == 0          ? 1
	       : strcmp(column, "op") == 0         ? 2
	       : strcmp(column, "updated_at") == 0 ? 4
						   : 0;
}

static int move(crm_store *s, const struct reference *ref, int64_t from, int64_t to, int64_t op)
{
	const char *column = field_column(ref->f);
	bool dated = record_keeps(ref->e, "updated_at");
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql, "UPDATE %s SET %s = $1, op = $2%s, row_sum = ", ref->e->table, column,
		dated ? ", updated_at = $4" : "");
	status = row_sum_put(&sql, ref->e, parameter_of, column);
	buf_printf(&sql, " WHERE %s = $3", column);
	status = status < 0 || !buf_str(&sql) ? err_nomem(&s->err)
		 : dated                      ? db_run(s, sql.s, "iiii", to, op, from, crm_store_now(s))
					      : db_run(s, sql.s, "iii", to, op, from);
	buf_free(&sql);
	return status;
}

int record_move_references(crm_store *s, const struct crm_entity *target, int64_t from, int64_t to, int64_t *moved)
{
	struct reference ref;
	size_t at = 0;
	int64_t op;
	int status = op_id(&op, s);

	while (status == CRM_OK && next_reference(&ref, &at, target)) {
		int64_t n;

		if (!field_is_stored(ref.f) || ref.f->flags & FIELD_HANDLE)
			continue;
		status = save_images(s, &ref, from, op);
		if (status == CRM_OK)
			status = move(s, &ref, from, to, op);
		if (status < 0 || (n = db_changed(s)) == 0)
			continue;
		for (size_t i = 0; i < crm_entity_count(); i++)
			if (crm_entity_at(i) == ref.e)
				moved[i] += n;
		status = facts_touch_by(s, ref.e, ref.f, from);
		if (status == CRM_OK)
			status = facts_touch_by(s, ref.e, ref.f, to);
	}
	return status;
}
