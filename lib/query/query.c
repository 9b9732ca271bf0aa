/* Queries: one SELECT from filter, fields, order and limits, and the cursor over it. */
#include "query/query.h"
#include "base/cursor.h"
#include "model/record.h"
#include "text/regex.h"

struct query_column {
	const char *name; /* as asked for: customer.city */
	const struct crm_field *field;
};

struct crm_query {
	crm_store *s;
	const struct crm_entity *e;
	struct sql fields, where, order; /* three parts; their parameters are joined when opened */
	struct query_column *columns;
	size_t ncolumns, columns_cap;
	int64_t limit, offset;
	const int64_t *ids;
	size_t nids;
	bool some_fields;
	bool falls;   /* a key of the order does: so does the number, the last of them */
	bool sourced; /* the rows are those that something has read, not those written down by the clock */
	char *view_fields, *view_sort; /* of the @VIEW among the terms: hold unless others are asked for */
};

int crm_query_new(crm_query **out, crm_store *s, const crm_entity *e)
{
	crm_query *q = calloc(1, sizeof(*q));

	if (!q)
		return err_nomem(&s->err);
	q->s = s;
	q->e = e;
	q->fields.s = q->where.s = q->order.s = s;
	q->order.sizes = q->order.places = true;
	q->limit = -1;
	*out = q;
	return CRM_OK;
}

void crm_query_free(crm_query *q)
{
	if (!q)
		return;
	sql_release(&q->fields);
	sql_release(&q->where);
	sql_release(&q->order);
	free(q->columns);
	free(q->view_fields);
	free(q->view_sort);
	free(q);
}

int crm_query_as_of(crm_query *q, int64_t t)
{
	if (q->e != &entity_ticket)
		return err_set(&q->s->err, CRM_INVALID, "%s: only the past of tickets is kept", entity_word(q->e));
	q->fields.as_of = q->where.as_of = q->order.as_of = t;
	return q->fields.text.len || q->where.text.len ? err_set(&q->s->err, CRM_INVALID, "--as-of: comes too late")
						       : CRM_OK;
}

static int replace_text(crm_query *q, char **slot, struct stmt *st, int col)
{
	char *copy = db_is_null(st, col) ? NULL : strdup(db_text(st, col));

	if (!copy && !db_is_null(st, col))
		return err_nomem(&q->s->err);
	free(*slot);
	*slot = copy;
	return CRM_OK;
}

/* A view brings its columns and order with its filter; that it exists is the filter's to check. */
static int take_view(crm_query *q, const char *name)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status =
		db_prepare(&st, q->s, "SELECT fields, sort_fields FROM saved_view WHERE entity = $1 AND name = $2", 0);

	if (status < 0)
		return status;
	db_bind_str(st, 1, q->e->name);
	db_bind_str(st, 2, name);
	status = db_step(st);
	if (status == CRM_OK)
		status = replace_text(q, &q->view_fields, st, 0);
	if (status == CRM_OK)
		status = replace_text(q, &q->view_sort, st, 1);
	return status < 0 ? status : CRM_OK;
}

int crm_query_filter(crm_query *q, size_t n, const char *const *terms)
{
	int status = CRM_OK;

	if (n == 0)
		return CRM_OK;
	for (size_t i = 0; status == CRM_OK && i < n; i++)
		if (terms[i][0] == '@' && terms[i][1])
			status = take_view(q, terms[i] + 1);
	if (status < 0)
		return status;
	buf_puts(&q->where.text, " AND ");
	return filter_terms(&q->where, q->e, "t0", n, terms);
}

int crm_query_filter_text(crm_query *q, const char *text)
{
	buf_puts(&q->where.text, " AND ");
	return filter_stored(&q->where, q->e, "t0", text);
}

int query_source(
	crm_query *q, const char *condition, const char *at, int64_t from, int64_t to, const char *terms, int64_t as_of)
{
	struct sql *where = &q->where;
	const int64_t own = where->as_of;
	int status = CRM_OK;

	q->sourced = true;
	buf_printf(&where->text, " AND (%s) AND t0.%s >= ", condition, at);
	sql_param_int(where, from);
	buf_printf(&where->text, " AND t0.%s <= ", at);
	sql_param_int(where, to);
	if (!terms)
		return CRM_OK;
	where->as_of = as_of;
	buf_puts(&where->text, " AND ");
	status = filter_stored(where, q->e, "t0", terms);
	where->as_of = own;
	return status;
}

/* --- fields --- */

static bool is_ascii(const char *s, size_t len)
{
	while (len > 0 && ascii_text(s[len - 1]))
		len--;
	return len == 0;
}

/* What the column is called: the path as it was typed, but the names of fields are theirs, whatever they were called. */
static const char *column_name(crm_query *q, const char *path, size_t len)
{
	cleanup(buf_free) struct buf name = BUF_INIT, part = BUF_INIT;
	const struct crm_entity *e = q->e;

	if (is_ascii(path, len))
		return arena_copy(&q->fields.mem, path, len);
	for (const char *p = path, *end = path + len; p && p <= end;) {
		const char *dot = memchr(p, '.', (size_t)(end - p));
		const struct crm_field *f;

		buf_clear(&part);
		buf_add(&part, p, (size_t)((dot ? dot : end) - p));
		if (!buf_str(&part))
			break;
		f = field_typed(q->s, e, part.s);
		buf_puts(&name, name.len ? "." : "");
		buf_puts(&name, f && !is_ascii(part.s, part.len) ? f->name : part.s);
		e = f && f->target ? crm_entity_find(f->target) : e;
		p = dot ? dot + 1 : NULL;
	}
	q->fields.mem.failed |= name.failed || part.failed;
	return arena_copy(&q->fields.mem, name.s ? name.s : "", name.len);
}

static int add_column(crm_query *q, const char *path, size_t len)
{
	const struct crm_field *f;
	int status;

	if (!GROW(q->columns, q->ncolumns, q->columns_cap))
		return err_nomem(&q->s->err);
	buf_puts(&q->fields.text, ", ");
	status = sql_path(&q->fields, q->e, path, len, "t0", &f);
	if (status == CRM_OK)
		q->columns[q->ncolumns++] = (struct query_column){ .name = column_name(q, path, len), .field = f };
	return status;
}

static int add_flagged(crm_query *q, unsigned flag)
{
	size_t n = crm_field_count(q->s, q->e);
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < n; i++) {
		const struct crm_field *f = crm_field_at(q->s, q->e, i);

		if (!flag || f->flags & flag)
			status = add_column(q, f->name, strlen(f->name));
	}
	q->some_fields = true;
	return status;
}

int crm_query_fields_all(crm_query *q)
{
	return add_flagged(q, 0);
}

int crm_query_fields_importable(crm_query *q)
{
	return add_flagged(q, CRM_FIELD_IMPORTED);
}

int crm_query_fields(crm_query *q, const char *list)
{
	int status = *list == '+' ? add_flagged(q, CRM_FIELD_LISTED) : CRM_OK;
	bool more = true;

	while (status == CRM_OK && more) {
		size_t len = strcspn(list, ",");
		bool plus = *list == '+';

		if (len == plus)
			return err_set(&q->s->err, CRM_INVALID, "--fields: an empty name");
		status = add_column(q, list + plus, len - plus);
		more = list[len] == ',';
		list += len + more;
	}
	q->some_fields = true;
	return status;
}

/* --- order --- */

/* Numbers of custom fields are stored as text: 9 comes before 10. */
static int order_number(crm_query *q, size_t mark)
{
	cleanup(freep) char *text = buf_str(&q->order.text) ? strdup(q->order.text.s + mark) : NULL;

	if (!text)
		return err_nomem(&q->s->err);
	buf_truncate(&q->order.text, mark);
	buf_printf(&q->order.text, "CAST(%s AS INTEGER)", text);
	return CRM_OK;
}

static int add_order(crm_query *q, const char *path, size_t len)
{
	bool down = len > 0 && *path == '-';
	const struct crm_field *f;
	size_t mark;
	int status;

	path += down;
	len -= down;
	q->falls = q->falls || down;
	buf_puts(&q->order.text, q->order.text.len ? ", " : "");
	mark = q->order.text.len;
	status = sql_path(&q->order, q->e, path, len, "t0", &f);
	if (status < 0)
		return status;
	if (f->custom && (f->type == CRM_INTEGER || f->type == CRM_TIME))
		status = order_number(q, mark);
	/* A field that is never empty needs no word on empty ones, and an index can give its order. */
	if (!(f->flags & CRM_FIELD_REQUIRED) && strcmp(f->name, "id") != 0)
		buf_puts(&q->order.text, down ? " DESC NULLS LAST" : " ASC NULLS LAST");
	else
		buf_puts(&q->order.text, down ? " DESC" : "");
	return status;
}

int crm_query_sort(crm_query *q, const char *list)
{
	int status = CRM_OK;

	while (status == CRM_OK && *list) {
		size_t len = strcspn(list, ",");

		if (len == 0)
			return err_set(&q->s->err, CRM_INVALID, "--sort: an empty name");
		status = add_order(q, list, len);
		list += len + (list[len] == ',');
	}
	return status;
}

void crm_query_limit(crm_query *q, int64_t limit)
{
	q->limit = limit;
}

void crm_query_offset(crm_query *q, int64_t offset)
{
	q->offset = offset;
}

int crm_query_ids(crm_query *q, const int64_t *ids, size_t n)
{
	q->ids = ids;
	q->nids = n;
	return CRM_OK;
}

/* --- the statement --- */

/* Appends a part, renumbering its parameters after those already there. */
static void append_part(struct sql *all, const struct sql *part)
{
	size_t shift = all->n;

	all->text.failed |= part->text.failed || part->mem.failed;
	for (size_t i = 0; i < part->n; i++) {
		if (!GROW(all->v, all->n, all->cap)) {
			all->text.failed = true;
			return;
		}
		all->v[all->n++] = part->v[i]; /* texts stay in the part's arena */
	}
	for (const char *p = part->text.s; p && *p; p++) {
		char *end;

		if (*p != '$' || p[1] < '0' || p[1] > '9') {
			buf_putc(&all->text, *p);
			continue;
		}
		buf_printf(&all->text, "$%zu", (size_t)strtoul(p + 1, &end, 10) + shift);
		p = end - 1;
	}
}

static void append_order(struct sql *all, crm_query *q)
{
	all->text.failed |= q->order.text.failed; /* before it had any */
	buf_puts(&all->text, " ORDER BY ");
	if (q->order.text.len) {
		append_part(all, &q->order);
		buf_puts(&all->text, ", ");
	}
	buf_puts(&all->text, q->falls ? "t0.id DESC" : "t0.id");
	if (q->limit >= 0 || q->offset > 0)
		buf_printf(&all->text, " LIMIT %lld OFFSET %lld", (long long)q->limit, (long long)q->offset);
}

enum select {
	SELECT_ROWS,
	SELECT_IDS,
	SELECT_COUNT
};

static int build(struct sql *all, crm_query *q, enum select what)
{
	int status = CRM_OK;

	if (what == SELECT_ROWS && !q->some_fields && q->where.as_of)
		status = crm_query_fields(q, "id,status,priority,assignee,team,type,created_at");
	if (status == CRM_OK && what == SELECT_ROWS && !q->some_fields)
		status = q->view_fields ? crm_query_fields(q, q->view_fields) : add_flagged(q, CRM_FIELD_LISTED);
	if (status == CRM_OK && q->order.text.len == 0 && !q->order.text.failed)
		status = crm_query_sort(q, q->view_sort ? q->view_sort : q->e->order);
	if (status < 0)
		return status;
	buf_puts(&all->text, what == SELECT_COUNT ? "SELECT count(*)" : "SELECT t0.id");
	if (what == SELECT_ROWS)
		append_part(all, &q->fields);
	buf_printf(&all->text, " FROM %s t0 WHERE 1", q->e->table);
	append_part(all, &q->where);
	if (!q->ids) { /* who names a record knows of it */
		all->asks_restricted = q->where.asks_restricted;
		status = sql_shown(all, q->e, "t0");
	}
	if (q->where.as_of) {
		buf_puts(&all->text, " AND t0.created_at <= ");
		sql_param_int(all, q->where.as_of);
	}
	if (q->s->now_fixed && !q->sourced && field_find_static(q->e, "created_at")) {
		buf_puts(&all->text, " AND t0.created_at <= ");
		sql_param_int(all, crm_store_now(q->s));
	}
	if (q->ids) {
		buf_puts(&all->text, " AND t0.id = ");
		sql_param_int(all, 0); /* the last parameter: bound for each id in turn */
	} else if (what != SELECT_COUNT) {
		append_order(all, q);
	}
	return status < 0 ? status : sql_status(all);
}

static int prepare(struct stmt **st, struct sql *all, crm_query *q, enum select what)
{
	int status = build(all, q, what);

	if (status == CRM_OK)
		status = sql_prepare(st, all, DB_SCAN | DB_ONCE);
	return status;
}

/* A regular expression that takes too many steps on some text is bad usage. */
static int step(crm_store *s, struct stmt *st)
{
	int status = db_step(st);
	const char *message = status == CRM_FAILED ? strstr(crm_errmsg(s), ": ") : NULL;

	if (message && strstr(message, crm_tr(REGEX_TIRED))) {
		cleanup(freep) char *copy = strdup(message + 2);

		return copy ? err_set(&s->err, CRM_INVALID, "filter: %s", copy) : err_nomem(&s->err);
	}
	return status;
}

struct query_cursor {
	struct crm_cursor cursor;
	crm_store *s;
	struct stmt *st;
	int id_parameter; /* where the ids of crm_query_ids() are bound in turn */
	struct arena mem;
	int64_t *ids;
	size_t nids, at;
};

static int next_by_id(struct query_cursor *c)
{
	int status = CRM_END;

	while (status == CRM_END && c->at < c->nids) {
		db_rewind(c->st);
		db_bind_int(c->st, c->id_parameter, c->ids[c->at++]);
		status = step(c->s, c->st);
	}
	return status;
}

static int query_next(crm_cursor *cursor)
{
	struct query_cursor *c = (struct query_cursor *)cursor;
	int status = c->ids ? next_by_id(c) : step(c->s, c->st);

	for (size_t i = 0; status == CRM_OK && i < cursor->n; i++)
		db_read(c->st, (int)i + 1, &cursor->values[i]);
	return status;
}

static void query_close(crm_cursor *cursor)
{
	struct query_cursor *c = (struct query_cursor *)cursor;

	db_release(c->st);
	arena_free(&c->mem);
	free(c->ids);
	free(c);
}

static int make_columns(struct query_cursor *c, const crm_query *q)
{
	crm_column *columns = arena_alloc(&c->mem, q->ncolumns * sizeof(*columns));

	c->cursor.values = arena_alloc(&c->mem, q->ncolumns * sizeof(crm_value));
	for (size_t i = 0; columns && i < q->ncolumns; i++) {
		const struct crm_field *f = q->columns[i].field;

		columns[i] = (crm_column){
			.name = arena_copy(&c->mem, q->columns[i].name, strlen(q->columns[i].name)),
			.label = f->label,
			.help = f->help,
			.type = f->type,
			.field = f,
		};
	}
	c->cursor.columns = columns;
	c->cursor.n = q->ncolumns;
	return c->mem.failed ? err_nomem(&q->s->err) : CRM_OK;
}

int crm_query_open(crm_cursor **out, crm_query *q)
{
	cleanup(sql_release) struct sql all = { .s = q->s };
	struct query_cursor *c = calloc(1, sizeof(*c));
	int status;

	if (!c)
		return err_nomem(&q->s->err);
	c->s = q->s;
	c->cursor.next = query_next;
	c->cursor.close = query_close;
	status = prepare(&c->st, &all, q, SELECT_ROWS);
	c->id_parameter = (int)all.n;
	if (status == CRM_OK)
		status = make_columns(c, q);
	if (status == CRM_OK && q->ids) {
		c->nids = q->nids;
		c->ids = malloc((q->nids + 1) * sizeof(*c->ids));
		if (c->ids)
			memcpy(c->ids, q->ids, q->nids * sizeof(*c->ids));
		else
			status = err_nomem(&q->s->err);
	}
	if (status < 0) {
		query_close(&c->cursor);
		return status;
	}
	*out = &c->cursor;
	return CRM_OK;
}

int crm_query_count(int64_t *out, crm_query *q)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(sql_release) struct sql all = { .s = q->s };
	int status = prepare(&st, &all, q, SELECT_COUNT);

	if (status == CRM_OK)
		status = step(q->s, st);
	if (status == CRM_OK)
		*out = db_int(st, 0);
	return status;
}

int crm_query_collect(int64_t **ids, size_t *n, crm_query *q)
{
	cleanup(sql_release) struct sql all = { .s = q->s };
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(freep) int64_t *found = NULL;
	size_t count = 0, cap = 0;
	int status = prepare(&st, &all, q, SELECT_IDS);

	while (status == CRM_OK && (status = step(q->s, st)) == CRM_OK) {
		if (!GROW(found, count, cap))
			return err_nomem(&q->s->err);
		found[count++] = db_int(st, 0);
	}
	if (status < 0)
		return status;
	*ids = TAKE_PTR(found);
	*n = count;
	return CRM_OK;
}
