/* Cursors over rows that are made when they are read. */
#include "report/made.h"
#include "report/orders.h"

void made_free(struct made *m)
{
	if (m->release)
		m->release(m);
	db_release(m->names);
	arena_free(&m->row);
	free(m->cursor.values);
	free(m);
}

static void made_close(crm_cursor *c)
{
	made_free((struct made *)c);
}

static int made_next(crm_cursor *c)
{
	struct made *m = (struct made *)c;
	int status;

	if (m->at == m->n)
		return CRM_END;
	arena_reset(&m->row);
	memset(c->values, 0, c->n * sizeof(*c->values));
	status = m->make(m, m->at++);
	return status == CRM_OK && m->row.failed ? err_nomem(&m->s->err) : status;
}

int made_open(crm_cursor **out, struct made *m, const crm_column *columns, size_t n)
{
	crm_store *s = m->s;

	m->cursor = (struct crm_cursor){
		.columns = columns,
		.n = n,
		.values = calloc(n, sizeof(crm_value)),
		.next = made_next,
		.close = made_close,
	};
	if (!m->cursor.values) {
		made_free(m);
		return err_nomem(&s->err);
	}
	*out = &m->cursor;
	return CRM_OK;
}

void made_int(struct made *m, size_t col, int64_t v)
{
	m->cursor.values[col] = (crm_value){ .kind = CRM_INT, .i = v };
}

void made_real(struct made *m, size_t col, double v)
{
	m->cursor.values[col] = (crm_value){ .kind = CRM_DOUBLE, .d = real_settled(v) };
}

void made_str(struct made *m, size_t col, const char *s)
{
	if (s)
		m->cursor.values[col] = (crm_value){ .kind = CRM_STRING, .s = s, .len = strlen(s) };
}

void made_money(struct made *m, size_t col, int64_t minor, const char *currency)
{
	struct buf text = BUF_INIT;

	put_money(&text, minor, currency);
	made_str(m, col, buf_str(&text) ? arena_copy(&m->row, text.s, text.len) : NULL);
	m->row.failed |= text.failed;
	buf_free(&text);
}

int made_name(struct made *m, size_t col, int64_t customer)
{
	int status = m->names ? CRM_OK : db_prepare(&m->names, m->s, "SELECT name FROM customer WHERE id = $1", 0);

	if (status < 0)
		return status;
	db_rewind(m->names);
	db_bind_int(m->names, 1, customer);
	status = db_step(m->names);
	if (status == CRM_OK)
		m->cursor.values[col] = db_value(m->names, 0);
	return status < 0 ? status : CRM_OK;
}
