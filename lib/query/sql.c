/* SQL under construction: text, parameters, expressions for fields. */
#include "model/record.h"
#include "query/filter.h"
#include <stdio.h>

void sql_release(struct sql *q)
{
	buf_free(&q->text);
	arena_free(&q->mem);
	free(q->v);
}

void sql_param(struct sql *q, const crm_value *v)
{
	if (!GROW(q->v, q->n, q->cap)) {
		q->text.failed = true;
		return;
	}
	q->v[q->n++] = *v;
	buf_printf(&q->text, "$%zu", q->n);
}

void sql_param_text(struct sql *q, const char *s, size_t len)
{
	crm_value v = value_text(&q->mem, s, len);

	sql_param(q, &v);
}

void sql_param_int(struct sql *q, int64_t i)
{
	crm_value v = { .kind = CRM_INT, .i = i };

	sql_param(q, &v);
}

void sql_bind(struct stmt *st, const struct sql *q)
{
	for (size_t i = 0; i < q->n; i++)
		db_bind_copy(st, (int)i + 1, &q->v[i]);
}

int sql_status(struct sql *q)
{
	return q->text.failed || q->mem.failed ? err_nomem(&q->s->err) : CRM_OK;
}

int sql_prepare(struct stmt **st, struct sql *q, unsigned flags)
{
	int status = sql_status(q);

	if (status == CRM_OK)
		status = db_prepare(st, q->s, q->text.s, flags);
	if (status == CRM_OK)
		sql_bind(*st, q);
	return status;
}

static void param_today(struct sql *q)
{
	struct civil c;
	char date[16];

	zone_civil(q->s->zone, crm_store_now(q->s), &c);
	snprintf(date, sizeof(date), "%04d-%02d-%02d", c.year % 10000, c.month, c.day);
	sql_param_text(q, date, strlen(date));
}

/* A described expression: @ is the row, $now and $today the clock, $currency the one that is asked about. */
static void expand(struct sql *q, const char *sql, const char *alias)
{
	for (const char *p = sql; *p; p++)
		if (*p == '@') {
			buf_puts(&q->text, alias);
		} else if (strncmp(p, "$today", 6) == 0) {
			param_today(q);
			p += 5;
		} else if (strncmp(p, "$now", 4) == 0) {
			sql_param_int(q, crm_store_now(q->s));
			p += 3;
		} else if (strncmp(p, "$currency", 9) == 0) {
			sql_param_text(q, q->currency, strlen(q->currency));
			p += 8;
		} else {
			buf_putc(&q->text, *p);
		}
}

/* A list in its text form, built by SQL: items in order. */
static void list_expression(struct sql *q, const struct crm_entity *e, const struct crm_field *f, const char *alias)
{
	const char *table = f->type == CRM_TAGS ? "record_tag" : "contact_point";
	struct buf which = BUF_INIT;

	buf_printf(&which, "entity = '%s' AND record = %s.id", e->name, alias);
	if (f->type == CRM_CONTACTS)
		buf_printf(&which, " AND kind = '%s'", f->kind);
	if (!buf_str(&which))
		q->text.failed = true;
	/* Most records have no such items: asking first costs a fifth of gathering none; the store, once, even less. */
	buf_printf(&q->text,
		"CASE WHEN EXISTS (SELECT 1 FROM %s WHERE entity = '%s') AND EXISTS (SELECT 1 FROM %s WHERE %s) THEN ",
		table, e->name, table, which.s ? which.s : "");
	buf_puts(&q->text, f->type == CRM_TAGS
				   ? "(SELECT group_concat(list_item(tag), ', ')"
				   : "(SELECT group_concat(list_item(coalesce(label || ':', '') || value), ', ')");
	buf_printf(&q->text, " FROM (SELECT * FROM %s WHERE %s ORDER BY %s)) END", table, which.s ? which.s : "",
		f->type == CRM_TAGS ? "tag_fold" : "position");
	buf_free(&which);
}

/* A kept fact holds as long as nothing it was made from lies after the clock (a planned visit, a past --now). */
static void fact_expression(struct sql *q, const struct crm_field *f, const char *alias)
{
	if (!f->latest && (!q->s->now_fixed || !strstr(f->sql, "$now")))
		buf_printf(&q->text, "%s.%s", alias, field_column(f));
	else if (!f->latest)
		expand(q, f->sql, alias);
	if (!f->latest)
		return;
	buf_printf(&q->text, "CASE WHEN %s.%s > ", alias, f->latest);
	sql_param_int(q, crm_store_now(q->s));
	buf_puts(&q->text, " THEN ");
	expand(q, f->sql, alias);
	buf_printf(&q->text, " ELSE %s.%s END", alias, field_column(f));
}

void sql_bound(struct sql *q, const struct crm_field *f, const char *alias)
{
	expand(q, f->bound, alias);
}

static void judge_expression(struct sql *q, const struct crm_field *f, const char *alias)
{
	int number = 0;

	q->judged = f;
	if (db_judge(&number, q->s, f->judge) < 0)
		q->text.failed = true;
	if (f->bound) {
		buf_puts(&q->text, "CASE WHEN ");
		sql_bound(q, f, alias);
		buf_puts(&q->text, " THEN ");
	}
	buf_printf(&q->text, "judge(%d, %s.id)%s", number, alias, f->bound ? " END" : "");
}

/* A column, or the fact that it keeps. */
static void kept_expression(struct sql *q, const struct crm_field *f, const char *alias)
{
	if (f->flags & CRM_FIELD_DERIVED)
		fact_expression(q, f, alias);
	else
		buf_printf(&q->text, "%s.%s", alias, field_column(f));
}

static void money_expression(struct sql *q, const struct crm_entity *e, const struct crm_field *f, const char *alias)
{
	buf_puts(&q->text, q->sizes ? "money_size(" : "money(");
	kept_expression(q, f, alias);
	buf_puts(&q->text, ", ");
	kept_expression(q, field_of_currency(e), alias);
	buf_putc(&q->text, ')');
}

void sql_part(struct sql *q, const struct crm_field *f, const char *alias, const char *currency)
{
	q->currency = currency;
	buf_puts(&q->text, "money_size(");
	expand(q, f->part, alias);
	buf_printf(&q->text, ", '%s')", currency);
}

/* Without a Chinese name in the store the index of the folded ones gives their order. */
static bool any_sound(struct sql *q, const struct crm_entity *e, const struct crm_field *f)
{
	struct buf sql = BUF_INIT;
	int64_t found = 0;

	buf_printf(&sql, "SELECT 1 FROM %s WHERE %s IS NOT NULL LIMIT 1", e->table, f->sound);
	q->text.failed |= !buf_str(&sql) || db_get_int(&found, q->s, sql.s, "") < 0;
	buf_free(&sql);
	return found == 1;
}

/* Folded; a Chinese name where its pinyin stands, those that sound alike by what is written. */
static void place_expression(struct sql *q, const struct crm_entity *e, const struct crm_field *f, const char *alias)
{
	if (f->sound && any_sound(q, e, f))
		buf_printf(&q->text, "coalesce(%s.%s || char(1) || %s.%s, %s.%s)", alias, f->sound, alias, f->norm,
			alias, f->norm);
	else
		buf_printf(&q->text, "%s.%s", alias, f->norm);
}

void sql_field(struct sql *q, const struct crm_entity *e, const struct crm_field *f, const char *alias)
{
	if (as_of_field(q, f, alias))
		return;
	if (f->custom)
		buf_printf(&q->text,
			"(SELECT value FROM field_value WHERE entity = '%s' AND record = %s.id AND field = %lld)",
			e->name, alias, (long long)f->custom);
	else if (field_is_list(f))
		list_expression(q, e, f, alias);
	else if (f->type == CRM_MONEY)
		money_expression(q, e, f, alias);
	else if (q->places && f->norm && f->type == CRM_TEXT)
		place_expression(q, e, f, alias);
	else if (field_is_stored(f))
		kept_expression(q, f, alias);
	else if (f->judge)
		judge_expression(q, f, alias);
	else
		expand(q, f->sql, alias);
}

int sql_path(struct sql *q, const struct crm_entity *e, const char *path, size_t len, const char *alias,
	const struct crm_field **out)
{
	const char *dot = memchr(path, '.', len);
	size_t head = dot ? (size_t)(dot - path) : len;
	cleanup(freep) char *whole = strndup(path, len), *name = strndup(path, head);
	const struct crm_entity *target;
	const struct crm_field *f;
	char inner[16];
	int status;

	if (!whole || !name)
		return err_nomem(&q->s->err);
	f = field_find_static(e, whole); /* some names have a dot: orders.total */
	if (f)
		dot = NULL;
	else
		f = field_typed(q->s, e, name);
	if (!f)
		return field_unknown(q->s, e, path, head);
	status = as_of_check(q, e, f);
	if (status < 0)
		return status;
	if (!dot) {
		*out = f;
		sql_field(q, e, f, alias);
		return CRM_OK;
	}
	if (f->type != CRM_REF)
		return err_set(
			&q->s->err, CRM_INVALID, "'%.*s': %s refers to no other record", (int)len, path, f->name);
	target = crm_entity_find(f->target);
	snprintf(inner, sizeof(inner), "t%d", ++q->aliases);
	buf_puts(&q->text, "(SELECT ");
	status = sql_path(q, target, dot + 1, len - head - 1, inner, out);
	buf_printf(&q->text, " FROM %s %s WHERE %s.%s = %s.%s)", target->table, inner, inner,
		f->flags & FIELD_HANDLE ? "name" : "id", alias, field_column(f));
	return status;
}

const char *field_no_word(const struct crm_field *f)
{
	switch (f->type) {
	case CRM_TIME:
	case CRM_DURATION:
		return N_("it is a time");
	case CRM_MONEY:
	case CRM_REAL:
		return N_("it is a measure");
	case CRM_TAGS:
	case CRM_CONTACTS:
		return N_("a record may have several");
	default:
		return f->flags & FIELD_LONG ? N_("it is a long text") : NULL;
	}
}

int sql_word(
	struct sql *q, const struct crm_entity *e, const char *path, const char *alias, const struct crm_field **out)
{
	size_t mark = q->text.len;
	int status = sql_path(q, e, path, strlen(path), alias, out);
	const char *why = status == CRM_OK ? field_no_word(*out) : NULL;

	if (status < 0 || why)
		return why ? err_set(&q->s->err, CRM_INVALID, "cannot group by '%s': %s", path, crm_tr(why)) : status;
	if ((*out)->type == CRM_BOOL && buf_str(&q->text)) {
		cleanup(freep) char *value = strdup(q->text.s + mark);

		buf_truncate(&q->text, mark);
		buf_printf(&q->text, "CASE CAST(%s AS INTEGER) WHEN 1 THEN 'yes' WHEN 0 THEN 'no' END",
			value ? value : "");
		q->text.failed |= !value;
	}
	return CRM_OK;
}
