/* Sums of rows: in C for records that are new, in SQL for rows that are changed, from the description. */
#include "model/record.h"
#include "store/row_sum.h"

/* Not the number, which the row does not have before it is there; not what is made from other fields. */
static bool is_summed(const struct crm_field *f)
{
	return field_is_stored(f) && !(f->flags & (CRM_FIELD_DERIVED | FIELD_SOUND)) &&
	       strcmp(field_column(f), "id") != 0 && strcmp(field_column(f), "op") != 0; /* which is added apart */
}

static uint64_t key_of(const char *column)
{
	return sum_key(column, strlen(column));
}

struct field_keys *row_sum_keys(const struct crm_entity *e)
{
	struct field_keys *keys = calloc(e->nfields, sizeof(*keys));

	for (size_t i = 0; keys && i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (!is_summed(f))
			continue;
		keys[i].value = key_of(field_column(f));
		keys[i].norm = f->norm ? key_of(f->norm) : 0;
	}
	return keys;
}

const crm_value *row_initial(const crm_record *r, size_t field)
{
	static const crm_value yes = { .kind = CRM_INT, .i = 1 }, no = { .kind = CRM_INT };
	const struct crm_field *f = &r->e->fields[field];
	const crm_value *v = &r->slots[field].value;

	return f->type != CRM_BOOL || v->kind != CRM_NULL ? v : f->flags & FIELD_YES ? &yes : &no;
}

/* A no is as good as nothing. */
static uint64_t term(const struct crm_field *f, const char *column, uint64_t key, const crm_value *v)
{
	if (v->kind == CRM_NULL || (f->type == CRM_BOOL && v->kind == CRM_INT && v->i == 0))
		return 0;
	return sum_term(key ? key : key_of(column), v);
}

static crm_value text_value(const char *s)
{
	return s ? (crm_value){ .kind = CRM_STRING, .s = s, .len = strlen(s) } : (crm_value){ .kind = CRM_NULL };
}

static uint64_t next_text(uint64_t so_far, const char *s)
{
	const crm_value v = text_value(s);

	return sum_next(so_far, &v);
}

static uint64_t next_int(uint64_t so_far, int64_t i)
{
	return sum_next(so_far, &(crm_value){ .kind = CRM_INT, .i = i });
}

/* The columns in the order in which image.c has them. */
static uint64_t list_terms(const struct crm_field *f, const struct items *list)
{
	uint64_t terms = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct item *it = &list->v[i];
		uint64_t t;

		if (f->type == CRM_TAGS) {
			t = next_text(next_text(key_of("record_tag"), it->norm), it->value);
		} else {
			t = next_int(next_text(key_of("contact_point"), f->kind), (int64_t)i + 1);
			t = next_text(next_text(next_text(t, it->label), it->value), it->norm);
		}
		terms += t;
	}
	return terms;
}

static uint64_t child_terms(const crm_record *r)
{
	uint64_t terms = 0;

	for (size_t i = 0; i < r->e->nfields; i++)
		if (field_is_list(&r->e->fields[i]))
			terms += list_terms(&r->e->fields[i], &r->lists[i]);
	for (size_t i = 0; i < r->ncustom; i++) {
		const struct custom_value *c = &r->custom[i];

		if (c->value.kind != CRM_NULL)
			terms += sum_next(next_int(key_of("field_value"), c->field->custom), &c->value);
	}
	return terms;
}

int64_t row_sum_new(const crm_record *r, int64_t op, const struct field_keys *keys)
{
	const crm_value now = { .kind = CRM_INT, .i = crm_store_now(r->s) };
	uint64_t terms = sum_next(key_of("op"), &(crm_value){ .kind = CRM_INT, .i = op });

	for (size_t i = 0; i < r->e->nfields; i++) {
		const struct crm_field *f = &r->e->fields[i];
		bool written = !(f->flags & FIELD_SYSTEM);

		if (keys ? keys[i].value == 0 : !is_summed(f))
			continue;
		if (!written && strcmp(f->name, "created_at") != 0 && strcmp(f->name, "updated_at") != 0)
			continue;
		terms += term(f, field_column(f), keys ? keys[i].value : 0, written ? row_initial(r, i) : &now);
		if (f->norm)
			terms += term(f, f->norm, keys ? keys[i].norm : 0, &r->slots[i].norm);
	}
	return sum_result(terms + child_terms(r));
}

/* --- in SQL --- */

struct summing {
	struct buf names, values;
	row_parameter_fn parameter;
	const void *payload;
};

static void put_column(struct summing *s, const char *column, bool yes_or_no)
{
	int n = s->parameter ? s->parameter(column, s->payload) : 0;

	buf_printf(&s->names, "%s,", column);
	buf_puts(&s->values, yes_or_no ? ", nullif(" : ", ");
	if (n > 0)
		buf_printf(&s->values, "$%d", n);
	else
		buf_puts(&s->values, column);
	buf_puts(&s->values, yes_or_no ? ", 0)" : "");
}

int row_sum_put(struct buf *sql, const struct crm_entity *e, row_parameter_fn parameter, const void *payload)
{
	struct summing s = { .parameter = parameter, .payload = payload };
	bool failed;

	image_put_sums(&s.names, &s.values, e);
	for (size_t i = 0; i < e->nfields; i++) {
		const struct crm_field *f = &e->fields[i];

		if (!is_summed(f))
			continue;
		put_column(&s, field_column(f), f->type == CRM_BOOL);
		if (f->norm)
			put_column(&s, f->norm, false);
	}
	put_column(&s, "op", false);
	failed = !buf_str(&s.names) || !buf_str(&s.values);
	if (!failed)
		buf_printf(sql, "row_sum('%s'%s)", s.names.s, s.values.s);
	buf_free(&s.names);
	buf_free(&s.values);
	return failed || !buf_str(sql) ? CRM_NOMEM : CRM_OK;
}

int row_sum_refresh(crm_store *s, const struct crm_entity *e, int64_t id)
{
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql, "UPDATE %s SET row_sum = ", e->table);
	status = row_sum_put(&sql, e, NULL, NULL);
	buf_puts(&sql, " WHERE id = $1");
	status = status == CRM_OK && buf_str(&sql) ? db_run(s, sql.s, "i", id) : err_nomem(&s->err);
	buf_free(&sql);
	return status;
}

int row_sum_fill(crm_store *s, bool all)
{
	struct buf sql = BUF_INIT;
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);

		buf_clear(&sql);
		buf_printf(&sql, "UPDATE %s SET row_sum = ", e->table);
		status = row_sum_put(&sql, e, NULL, NULL);
		buf_puts(&sql, all ? "" : " WHERE row_sum IS NULL");
		status = status == CRM_OK && buf_str(&sql) ? db_exec(s, sql.s) : err_nomem(&s->err);
	}
	buf_free(&sql);
	return status;
}
