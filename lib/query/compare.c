/* FIELD:VALUE: equality, lists of values, ranges, comparisons, beginnings, regular expressions. */
#include "model/record.h"
#include "query/filter.h"
#include "text/money.h"
#include "text/pinyin.h"
#include "text/regex.h"
#include "text/text.h"

struct comparison {
	struct sql *q;
	const struct crm_entity *e;
	const struct crm_field *f;
	const char *alias;
	const struct currency *currency; /* that the limits of an amount name, or NULL */
};

static void put(struct comparison *c)
{
	sql_field(c->q, c->e, c->f, c->alias);
}

/* A value of the field's type from a word of the filter; errors name the field. */
static int convert_value(struct comparison *c, const char *s, size_t len, crm_value *v, crm_value *norm)
{
	struct convert ctx = convert_context(c->q->s, &c->q->mem);

	return convert_field(&ctx, c->f, s, len, v, norm);
}

static bool is_range_type(crm_type t)
{
	return t == CRM_INTEGER || t == CRM_REAL || t == CRM_TIME || t == CRM_DATE || t == CRM_DURATION ||
	       t == CRM_MONEY;
}

/* --- one value of ordered types: its first and last instance (a day has 86,400 seconds) --- */

/*
 * An amount without a currency is compared with amounts of all. Not so a sum: there is one for each currency, so which
 * is meant is said, or configured.
 */
static int settle_currency(struct comparison *c, const char *s, size_t len)
{
	crm_store *store = c->q->s;

	if (!c->f->part || c->currency)
		return CRM_OK;
	c->currency = store->currency ? currency_find(store->currency, 3) : NULL;
	if (c->currency)
		return CRM_OK;
	return err_set(&store->err, CRM_INVALID,
		"%s:%.*s: an amount without a currency: write one, as 1000 USD, or configure money.currency",
		c->f->name, (int)len, s);
}

static int money_bounds(struct comparison *c, const char *s, size_t len, crm_value *v)
{
	crm_store *store = c->q->s;
	const struct currency *usual = store->currency ? currency_find(store->currency, 3) : NULL;
	const struct currency *named = NULL, *before = c->currency;
	int status;

	if (len == 0)
		return err_set(&store->err, CRM_INVALID, "%s: an amount is missing", c->f->name);
	status = money_limit(v, &named, s, len, usual, &store->err);
	if (status < 0)
		return err_set(&store->err, status, "%s: %s", c->f->name, crm_errmsg(store));
	c->currency = named ? named : before;
	if (before && named && before != named)
		return err_set(&store->err, CRM_INVALID, "%s: a range from %s to %s has no amount", c->f->name,
			before->code, named->code);
	return CRM_OK;
}

static int bounds(struct comparison *c, const char *s, size_t len, crm_value *low, crm_value *high)
{
	crm_value norm;
	int status;

	if (c->f->type == CRM_MONEY) {
		status = money_bounds(c, s, len, low);
		*high = *low;
		return status;
	}

	if (c->f->type == CRM_TIME) {
		struct time_context ctx = store_time_context(c->q->s, CRM_TIME_PAST);

		*low = *high = (crm_value){ .kind = CRM_INT };
		status = time_parse(&low->i, &high->i, &ctx, s, len, &c->q->s->err);
		return status < 0 ? err_set(&c->q->s->err, status, "%s:%.*s: %s", c->f->name, (int)len, s,
					    crm_errmsg(c->q->s))
				  : status;
	}
	status = convert_value(c, s, len, low, &norm);
	*high = *low;
	return status;
}

/* Numbers of custom fields are stored as text. */
static void put_ordered(struct comparison *c)
{
	bool number = c->f->custom && c->f->type != CRM_DATE && c->f->type != CRM_ENUM;

	buf_puts(&c->q->text, number ? "CAST(" : "");
	put(c);
	buf_puts(&c->q->text, number ? " AS INTEGER)" : "");
}

/*
 * A partial date stands for all days that begin so: only as many letters are compared as were given. A day without year
 * lies before and after nothing, but within a range of such days lie the days of every year.
 */
static void put_date_limit(struct comparison *c, const char *operator, const crm_value * v)
{
	bool yearless = v->s[0] == '-';

	buf_puts(&c->q->text, "CASE WHEN ");
	put(c);
	buf_puts(&c->q->text, yearless ? " LIKE '%-__-__' THEN substr(" : " NOT LIKE '-%' THEN substr(");
	put(c);
	if (yearless)
		buf_puts(&c->q->text, ", -5)");
	else
		buf_printf(&c->q->text, ", 1, %zu)", v->len);
	buf_printf(&c->q->text, " END %s ", operator);
	sql_param_text(c->q, v->s + (yearless ? 2 : 0), v->len - (yearless ? 2 : 0));
}

static void put_size(struct comparison *c)
{
	c->q->sizes = true;
	put(c);
	c->q->sizes = false;
}

/* The sum kept where all is in one currency, else what of it is in the limit's. */
static void put_part(struct comparison *c)
{
	buf_puts(&c->q->text, "CASE WHEN ");
	sql_field(c->q, c->e, field_of_currency(c->e), c->alias);
	buf_puts(&c->q->text, " IS NULL THEN ");
	sql_part(c->q, c->f, c->alias, c->currency->code);
	buf_puts(&c->q->text, " ELSE ");
	put_size(c);
	buf_puts(&c->q->text, " END");
}

static void put_money_limit(struct comparison *c, const char *operator, const crm_value * v)
{
	buf_putc(&c->q->text, '(');
	if (c->f->part)
		put_part(c);
	else
		put_size(c);
	buf_printf(&c->q->text, " %s ", operator);
	sql_param(c->q, v);
	if (c->currency) {
		buf_puts(&c->q->text, " AND coalesce(");
		sql_field(c->q, c->e, field_of_currency(c->e), c->alias);
		buf_printf(&c->q->text, ", '%s') = '%s'", c->currency->code, c->currency->code);
	}
	buf_putc(&c->q->text, ')');
}

static void put_limit(struct comparison *c, const char *operator, const crm_value * v)
{
	if (c->f->type == CRM_MONEY) {
		put_money_limit(c, operator, v);
		return;
	}
	if (c->f->type == CRM_DATE) {
		put_date_limit(c, operator, v);
		return;
	}
	put_ordered(c);
	buf_printf(&c->q->text, " %s ", operator);
	sql_param(c->q, v);
}

static int compare_range(struct comparison *c, const char *s, size_t len, const char *dots)
{
	size_t left = (size_t)(dots - s), right = len - left - 2;
	crm_value low, high, unused;
	int status = CRM_OK;

	if (left == 0 && right == 0)
		return err_set(&c->q->s->err, CRM_INVALID, "%s:..: a range needs a beginning or an end", c->f->name);
	if (left > 0)
		status = bounds(c, s, left, &low, &unused);
	if (status == CRM_OK && right > 0)
		status = bounds(c, dots + 2, right, &unused, &high);
	if (status == CRM_OK)
		status = settle_currency(c, s, len); /* either end may name it */
	if (status < 0)
		return status;
	buf_putc(&c->q->text, '(');
	if (left > 0)
		put_limit(c, ">=", &low);
	if (left > 0 && right > 0)
		buf_puts(&c->q->text, " AND ");
	if (right > 0)
		put_limit(c, "<=", &high);
	buf_putc(&c->q->text, ')');
	return CRM_OK;
}

static int compare_order(struct comparison *c, const char *s, size_t len)
{
	bool equal = len > 1 && s[1] == '=', greater = s[0] == '>';
	size_t skip = equal ? 2 : 1;
	crm_value low, high;
	int status = bounds(c, s + skip, len - skip, &low, &high);

	if (status == CRM_OK && low.kind == CRM_NULL)
		return err_set(&c->q->s->err, CRM_INVALID, "%s:%.*s: a value is missing", c->f->name, (int)len, s);
	if (status == CRM_OK)
		status = settle_currency(c, s, len);
	if (status == CRM_OK)
		put_limit(c, greater ? equal ? ">=" : ">" : equal ? "<=" : "<", greater == equal ? &low : &high);
	return status;
}

/* --- equality --- */

/* `text*` asks for a beginning, `text\*` for the star itself: whether the first, with what follows the text cut off. */
static bool take_star(struct buf *item)
{
	size_t n = item->len;

	if (n < 2 || item->s[n - 1] != '*')
		return false;
	if (item->s[n - 2] != '\\') {
		buf_truncate(item, n - 1);
		return true;
	}
	buf_truncate(item, n - 2);
	buf_putc(item, '*');
	return false;
}

static int equal_text(struct comparison *c, const char *s, size_t len, bool prefix)
{
	struct buf folded = BUF_INIT;
	int status = text_fold(&folded, s, len);
	bool kept = c->f->norm && c->f->type == CRM_TEXT;

	if (status < 0 || !buf_str(&folded)) {
		buf_free(&folded);
		return err_nomem(&c->q->s->err);
	}
	for (int i = 0; i < 1 + prefix; i++) {
		buf_puts(&c->q->text, i ? " AND " : prefix ? "(" : "");
		if (kept)
			buf_printf(&c->q->text, "%s.%s", c->alias, c->f->norm);
		else {
			buf_puts(&c->q->text, "fold(");
			put(c);
			buf_putc(&c->q->text, ')');
		}
		buf_puts(&c->q->text, prefix ? i ? " < " : " >= " : " = ");
		sql_param_text(c->q, folded.s, folded.len);
	}
	buf_puts(&c->q->text, prefix ? " || char(1114111))" : ""); /* the last character ends all that begin so */
	buf_free(&folded);
	return CRM_OK;
}

/* Written as anybody types it: all of it, or the initials. */
static int equal_sound(struct comparison *c, const char *s, size_t len, bool prefix)
{
	cleanup(buf_free) struct buf typed = BUF_INIT;

	if (pinyin_typed(&typed, s, len) < 0)
		return err_nomem(&c->q->s->err);
	if (typed.len == 0)
		return equal_text(c, s, len, prefix);
	buf_printf(&c->q->text, "(%s.%s >= ", c->alias, c->f->name);
	sql_param_text(c->q, typed.s, 1);
	buf_printf(&c->q->text, " AND %s.%s < ", c->alias, c->f->name);
	sql_param_text(c->q, typed.s, 1);
	buf_printf(&c->q->text, " || char(1114111) AND answers(%s.%s, ", c->alias, c->f->name);
	sql_param_text(c->q, typed.s, typed.len);
	buf_printf(&c->q->text, ") >= %d)", prefix ? PINYIN_BEGINS_INITIALS : PINYIN_INITIALS);
	return CRM_OK;
}

/* Addresses are looked for among the further ones too. */
static void equal_address(struct comparison *c, const crm_value *norm, const char *kind)
{
	buf_puts(&c->q->text, "(");
	if (c->f->norm) {
		buf_printf(&c->q->text, "%s.%s = ", c->alias, c->f->norm);
		sql_param(c->q, norm);
		buf_puts(&c->q->text, " OR ");
	}
	buf_printf(&c->q->text,
		"%s.id IN (SELECT record FROM contact_point WHERE entity = '%s' AND kind = '%s' AND value_norm = ",
		c->alias, c->e->name, kind);
	sql_param(c->q, norm);
	buf_puts(&c->q->text, "))");
}

static int equal_contact(struct comparison *c, const char *s, size_t len, bool prefix)
{
	struct convert ctx = convert_context(c->q->s, &c->q->mem);
	const char *kind = c->f->kind ? c->f->kind : c->f->name;
	struct crm_field one = {
		.name = c->f->name, .type = strcmp(kind, "phone") == 0 ? CRM_PHONE : CRM_EMAIL, .norm = ""
	};
	crm_value value, norm;
	int status;

	if (prefix)
		return equal_text(c, s, len, true);
	status = convert_field(&ctx, &one, s, len, &value, &norm);
	if (status == CRM_OK && c->f->custom)
		return equal_text(c, s, len, false);
	if (status == CRM_OK)
		equal_address(c, &norm, kind);
	return status;
}

static int equal_tag(struct comparison *c, const char *s, size_t len, bool prefix)
{
	struct buf folded = BUF_INIT;
	int status = text_fold(&folded, s, len);

	if (status < 0 || !buf_str(&folded)) {
		buf_free(&folded);
		return err_nomem(&c->q->s->err);
	}
	buf_printf(&c->q->text, "%s.id IN (SELECT record FROM record_tag WHERE entity = '%s' AND tag_fold %s ",
		c->alias, c->e->name, prefix ? ">=" : "=");
	sql_param_text(c->q, folded.s, folded.len);
	if (prefix) {
		buf_puts(&c->q->text, " AND tag_fold < ");
		sql_param_text(c->q, folded.s, folded.len);
		buf_puts(&c->q->text, " || char(1114111)");
	}
	buf_putc(&c->q->text, ')');
	buf_free(&folded);
	return CRM_OK;
}

/* A name that must be in the store is stored as it is there: an index finds it. */
static int equal_handle(struct comparison *c, const char *name)
{
	const char *handle;
	int status = resolve_word(&handle, c->q->s, c->f, &c->q->mem, name, strlen(name));

	if (status == CRM_NOTFOUND)
		return equal_text(c, name, strlen(name), false); /* fits nothing */
	if (status < 0)
		return status;
	put(c);
	buf_puts(&c->q->text, " = ");
	sql_param_text(c->q, handle, strlen(handle));
	return CRM_OK;
}

static int equal_reference(struct comparison *c, const char *s, size_t len, bool prefix)
{
	const struct crm_entity *target = crm_entity_find(c->f->target);
	cleanup(freep) char *name = strndup(s, len);
	const char *handle = name;
	int64_t id;
	int status;

	if (!name)
		return err_nomem(&c->q->s->err);
	if (c->f->flags & FIELD_HANDLE) {
		if (target == &entity_agent && strcmp(name, "me") == 0)
			handle = crm_store_agent(c->q->s);
		return prefix || c->f->flags & FIELD_LOOSE ? equal_text(c, handle, strlen(handle), prefix)
							   : equal_handle(c, handle);
	}
	status = crm_resolve(&id, c->q->s, target, name, CRM_NAME_READ);
	if (status == CRM_OK) {
		put(c);
		buf_puts(&c->q->text, " = ");
		sql_param_int(c->q, id);
	}
	return status;
}

static int equal_date(struct comparison *c, const char *s, size_t len)
{
	crm_value v, norm;
	int status = convert_value(c, s, len, &v, &norm);

	if (status == CRM_OK)
		put_limit(c, "=", &v);
	return status;
}

static int equal_one(struct comparison *c, const char *s, size_t len, bool prefix)
{
	crm_value v, high, norm;
	int status;

	switch (c->f->type) {
	case CRM_TAGS:
		return equal_tag(c, s, len, prefix);
	case CRM_EMAIL:
	case CRM_PHONE:
	case CRM_CONTACTS:
		return equal_contact(c, s, len, prefix);
	case CRM_REF:
		return equal_reference(c, s, len, prefix);
	case CRM_DATE:
		return equal_date(c, s, len);
	case CRM_ENUM:
	case CRM_BOOL:
		status = convert_value(c, s, len, &v, &norm);
		if (status == CRM_OK) {
			put_ordered(c);
			buf_puts(&c->q->text, " = ");
			sql_param(c->q, &v);
		}
		return status;
	case CRM_TEXT:
		return c->f->flags & FIELD_SOUND ? equal_sound(c, s, len, prefix) : equal_text(c, s, len, prefix);
	default:
		c->currency = NULL; /* each amount of a list by itself */
		status = bounds(c, s, len, &v, &high);
		if (status == CRM_OK)
			status = settle_currency(c, s, len);
		if (status == CRM_OK) {
			buf_putc(&c->q->text, '(');
			put_limit(c, ">=", &v);
			buf_puts(&c->q->text, " AND ");
			put_limit(c, "<=", &high);
			buf_putc(&c->q->text, ')');
		}
		return status;
	}
}

/* What is wrong with the expression is said before any row is looked at: there may be none. */
static int check_regex(struct comparison *c, const char *s, size_t len)
{
	cleanup(regex_freep) struct regex *re = NULL;
	crm_store *store = c->q->s;
	int status = regex_new(&re, s, len, &store->err);

	if (status != CRM_INVALID)
		return status;
	return err_set(
		&store->err, status, "%s:~%.*s: %s", c->f->name, (int)crm_text_fit(s, len, 60), s, crm_errmsg(store));
}

static int compare_regex(struct comparison *c, const char *s, size_t len)
{
	int status;

	if (len == 0)
		return err_set(&c->q->s->err, CRM_INVALID, "%s:~: a regular expression is missing", c->f->name);
	status = check_regex(c, s, len);
	if (status < 0)
		return status;
	put(c);
	buf_puts(&c->q->text, " REGEXP ");
	sql_param_text(c->q, s, len);
	return CRM_OK;
}

static int compare_empty(struct comparison *c, bool empty)
{
	put(c);
	if (c->f->type == CRM_BOOL && !c->f->custom)
		buf_puts(&c->q->text, empty ? " = 0" : " = 1");
	else
		buf_puts(&c->q->text, empty ? " IS NULL" : " IS NOT NULL");
	return CRM_OK;
}

/* A value, or several, or one of the forms of comparing. */
static int compare_values(struct comparison *c, const char *value, size_t len)
{
	const struct crm_field *f = c->f;
	const char *dots = is_range_type(f->type) ? memmem(value, len, "..", 2) : NULL;
	struct buf item = BUF_INIT;
	int status = CRM_OK, n = 0;
	size_t pos = 0;

	if (len == 1 && *value == '*')
		return compare_empty(c, false);
	if (*value == '~')
		return compare_regex(c, value + 1, len - 1);
	if (dots)
		return compare_range(c, value, len, dots);
	if (is_range_type(f->type) && (*value == '<' || *value == '>'))
		return compare_order(c, value, len);
	buf_putc(&c->q->text, '(');
	while (status == CRM_OK && list_next(&item, value, len, &pos)) {
		bool prefix = take_star(&item);

		buf_puts(&c->q->text, n++ ? " OR " : "");
		status = filter_count(c->q);
		if (status == CRM_OK)
			status = equal_one(c, item.s ? item.s : "", item.len, prefix);
	}
	buf_putc(&c->q->text, ')');
	status = list_end(&item, status, &c->q->s->err);
	if (status == CRM_OK && n == 0)
		status = err_set(&c->q->s->err, CRM_INVALID, "%s:%.*s: a value is missing", f->name, (int)len, value);
	return status;
}

int compare_field(struct sql *q, const struct crm_entity *e, const struct crm_field *f, const char *alias,
	const char *value, size_t len)
{
	struct comparison c = { .q = q, .e = e, .f = f, .alias = alias };
	int status = as_of_check(q, e, f);

	if (status < 0)
		return status;
	if (e == &entity_customer && strcmp(f->name, "restricted") == 0)
		q->asks_restricted = true;
	if (len == 0)
		return compare_empty(&c, true);
	if (!f->bound)
		return compare_values(&c, value, len);
	/* The bound by itself, so that an index may find the candidates. */
	buf_putc(&q->text, '(');
	sql_bound(q, f, alias);
	buf_puts(&q->text, " AND ");
	status = compare_values(&c, value, len);
	buf_putc(&q->text, ')');
	return status;
}
