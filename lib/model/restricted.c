/* Which records are of somebody restricted, and restricting customers. */
#include "model/restricted.h"
#include "model/record.h"
#include <crm/customer.h>

int restricted_any(bool *out, crm_store *s)
{
	int64_t found = 0;
	int status = db_get_int(&found, s, "SELECT 1 FROM customer WHERE restricted = 1 LIMIT 1", "");

	*out = found == 1;
	return status < 0 ? status : CRM_OK;
}

static const struct crm_field *reference_to(const struct crm_entity *e, const struct crm_entity *target)
{
	for (size_t i = 0; i < e->nfields; i++)
		if (e->fields[i].type == CRM_REF && strcmp(e->fields[i].target, target->name) == 0)
			return &e->fields[i];
	return NULL;
}

/* The field by which a record leads to a customer, be it through a ticket; NULL: it does not. */
static const struct crm_field *way_to_customer(const struct crm_entity *e)
{
	const struct crm_field *f = reference_to(e, &entity_customer);

	return f ? f : reference_to(e, &entity_ticket);
}

/* The numbers of such records: found from the few customers on, so that no row need be read for its customer. */
static bool put_ids(struct buf *out, const struct crm_entity *e)
{
	const struct crm_field *way = e == &entity_customer ? NULL : way_to_customer(e);

	if (e == &entity_customer) {
		buf_puts(out, "SELECT id FROM customer WHERE restricted = 1");
		return true;
	}
	if (!way)
		return false;
	buf_printf(out, "SELECT id FROM %s WHERE %s IN (", e->table, field_column(way));
	put_ids(out, crm_entity_find(way->target));
	buf_putc(out, ')');
	return true;
}

void restricted_put(struct buf *out, const struct crm_entity *e, const char *alias)
{
	cleanup(buf_free) struct buf ids = BUF_INIT;

	if (put_ids(&ids, e))
		buf_printf(out, " AND %s.id NOT IN (%s)", alias, buf_str(&ids) ? ids.s : "");
	out->failed |= ids.failed;
}

int restricted_hide(struct buf *out, crm_store *s, const struct crm_entity *e, const char *alias)
{
	bool any;
	int status = restricted_any(&any, s);

	if (status == CRM_OK && any)
		restricted_put(out, e, alias);
	return status;
}

int crm_record_restricted(bool *out, crm_store *s, const crm_entity *e, int64_t id)
{
	cleanup(buf_free) struct buf sql = BUF_INIT;
	int64_t hidden = 0;
	bool any;
	int status = restricted_any(&any, s);

	if (status == CRM_OK && any) {
		buf_puts(&sql, "SELECT NOT (1");
		restricted_put(&sql, e, "t");
		buf_printf(&sql, ") FROM %s t WHERE t.id = $1", e->table);
		status = buf_str(&sql) ? db_get_int(&hidden, s, sql.s, "i", id) : err_nomem(&s->err);
	}
	if (status < 0)
		return status;
	*out = hidden == 1;
	return CRM_OK;
}

static int restrict_one(crm_store *s, int64_t id, bool restricted)
{
	const struct crm_field *f = field_find_static(&entity_customer, "restricted");
	const crm_value value = { .kind = CRM_INT, .i = restricted }, none = { .kind = CRM_NULL };
	crm_record *r;
	int status = crm_record_load(&r, s, &entity_customer, id);

	if (status < 0)
		return status;
	record_put(r, f, &value, &none);
	status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

int crm_customer_restrict(crm_store *s, const int64_t *ids, size_t n, bool restricted)
{
	int status = op_require(s, restricted ? "privacy restrict" : "privacy unrestrict");

	if (status < 0)
		return status;
	for (size_t i = 0; status == CRM_OK && i < n; i++)
		status = restrict_one(s, ids[i], restricted);
	return op_finish(s, status);
}
