/* One INSERT for all rows of an import: prepared once with every column that a row may fill. */
#include "exchange/import/import.h"

struct target {
	const struct crm_field *f;
	int value, norm; /* parameters; norm 0: none */
};

struct inserter {
	crm_store *s;
	const struct crm_entity *e;
	struct stmt *st;
	struct target *targets;
	size_t n;
	struct field_keys *keys;
	int now1, now2, op, sum; /* parameters of created_at, updated_at (0: not ours to write), op, row_sum */
};

static int add_parameter(struct buf *names, struct buf *values, const char *column, int *n)
{
	buf_printf(names, "%s%s", *n ? ", " : "", column);
	buf_printf(values, "%s$%d", *n ? ", " : "", *n + 1);
	return ++*n;
}

static bool takes_part(const struct crm_field *f)
{
	return field_is_stored(f) && !(f->flags & (FIELD_SYSTEM | CRM_FIELD_DERIVED));
}

int inserter_new(struct inserter **out, crm_store *s, const struct crm_entity *e)
{
	struct buf names = BUF_INIT, values = BUF_INIT;
	struct inserter *i = calloc(1, sizeof(*i));
	int n = 0, status;

	if (!i || !(i->targets = calloc(e->nfields, sizeof(*i->targets))) || !(i->keys = row_sum_keys(e))) {
		inserter_free(i);
		return err_nomem(&s->err);
	}
	i->s = s;
	i->e = e;
	buf_printf(&names, "INSERT INTO %s (", e->table);
	for (size_t k = 0; k < e->nfields; k++) {
		const struct crm_field *f = &e->fields[k];
		struct target *t = &i->targets[i->n];

		if (!takes_part(f))
			continue;
		t->f = f;
		t->value = add_parameter(&names, &values, field_column(f), &n);
		if (f->norm)
			t->norm = add_parameter(&names, &values, f->norm, &n);
		i->n++;
	}
	if (record_keeps(e, "created_at"))
		i->now1 = add_parameter(&names, &values, "created_at", &n);
	if (record_keeps(e, "updated_at"))
		i->now2 = add_parameter(&names, &values, "updated_at", &n);
	i->op = add_parameter(&names, &values, "op", &n);
	i->sum = add_parameter(&names, &values, "row_sum", &n);
	buf_printf(&names, ") VALUES (%s)", values.s ? values.s : "");
	status = buf_str(&names) && !values.failed ? db_prepare(&i->st, s, names.s, DB_ONCE) : err_nomem(&s->err);
	buf_free(&names);
	buf_free(&values);
	if (status < 0)
		inserter_free(i);
	else
		*out = i;
	return status;
}

int inserter_put(struct inserter *i, struct crm_record *r)
{
	int64_t op;
	int status = op_id(&op, i->s);

	if (status < 0)
		return status;
	for (size_t k = 0; k < i->n; k++) {
		const struct target *t = &i->targets[k];
		size_t field = record_index(r, t->f);

		db_bind_value(i->st, t->value, row_initial(r, field));
		if (t->norm)
			db_bind_value(i->st, t->norm, &r->slots[field].norm);
	}
	if (i->now1)
		db_bind_int(i->st, i->now1, crm_store_now(i->s));
	if (i->now2)
		db_bind_int(i->st, i->now2, crm_store_now(i->s));
	db_bind_int(i->st, i->op, op);
	db_bind_int(i->st, i->sum, row_sum_new(r, op, i->keys));
	status = db_step(i->st);
	db_rewind(i->st);
	if (status < 0)
		return status;
	r->id = db_last_id(i->s);
	r->op = op;
	return CRM_OK;
}

void inserter_free(struct inserter *i)
{
	if (!i)
		return;
	db_release(i->st);
	free(i->targets);
	free(i->keys);
	free(i);
}
