/* Naming a record: id, key, e-mail, phone, name, pinyin. */
#include "base/cursor.h"
#include "model/record.h"
#include "model/restricted.h"
#include "text/pinyin.h"
#include "text/text.h"

enum {
	CANDIDATES_MAX = 10
};

struct search {
	crm_store *s;
	const struct crm_entity *e;
	const char *name; /* as given, for messages */
	int64_t id;
	size_t found;
	struct buf candidates;
	bool shown;     /* nobody who is restricted is meant */
	int64_t merged; /* the number that the record was found by is of one who was merged into it, or 0 */
};

static void found(struct search *q, int64_t id, const char *title, int64_t merged)
{
	if (q->found > 0 && id == q->id)
		return;
	if (q->found++ == 0) {
		q->id = id;
		q->merged = merged;
	}
	if (q->found <= CANDIDATES_MAX)
		buf_printf(&q->candidates, "%s%lld %s", q->found > 1 ? ", " : "", (long long)id, title ? title : "");
}

/* Runs a condition on the table, joined with others or "", collecting matches not met before. */
static int collect_joined(
	struct search *q, const char *columns, const char *join, const char *condition, const char *value, size_t len)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_printf(&sql, "SELECT t.id, t.%s%s FROM %s t%s WHERE %s", title_column(q->e), columns, q->e->table, join,
		condition);
	status = q->shown ? restricted_hide(&sql, q->s, q->e, "t") : CRM_OK;
	buf_printf(&sql, " ORDER BY t.id LIMIT %d", CANDIDATES_MAX + 1);
	if (status == CRM_OK)
		status = buf_str(&sql) ? db_prepare(&st, q->s, sql.s, DB_SCAN) : err_nomem(&q->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_text(st, 1, value, len);
	while ((status = db_step(st)) == CRM_OK)
		found(q, db_int(st, 0), db_text(st, 1), *join ? db_int(st, 2) : 0);
	return status < 0 ? status : CRM_OK;
}

static int collect(struct search *q, const char *condition, const char *value, size_t len)
{
	return collect_joined(q, "", "", condition, value, len);
}

/* Customers into whom those were merged of whom the condition holds. */
static int collect_merged(struct search *q, const char *condition, const char *value)
{
	return q->e == &entity_customer ? collect_joined(q, ", k.number",
						  " JOIN customer_link k ON k.customer = t.id AND k.kind = 'merged'",
						  condition, value, strlen(value))
					: CRM_OK;
}

static int collect_address(struct search *q, const struct crm_field *f, const char *norm, size_t len)
{
	struct buf where = BUF_INIT;
	int status;

	buf_printf(&where, "t.%s = $1", f->norm);
	status = buf_str(&where) ? collect(q, where.s, norm, len) : err_nomem(&q->s->err);
	buf_clear(&where);
	buf_printf(&where, "t.id IN (SELECT p.record FROM contact_point p WHERE p.value_norm = $1 AND p.entity = '%s')",
		q->e->name);
	if (status == CRM_OK)
		status = buf_str(&where) ? collect(q, where.s, norm, len) : err_nomem(&q->s->err);
	buf_free(&where);
	return status;
}

/* Of those who share it the restricted ones are not meant; whoever has it alone is. */
static int by_address(struct search *q, const struct crm_field *f, const char *norm, size_t len)
{
	int status;

	q->shown = true;
	status = collect_address(q, f, norm, len);
	q->shown = false;
	return status == CRM_OK && q->found == 0 ? collect_address(q, f, norm, len) : status;
}

static int by_email(struct search *q, const char *text)
{
	const struct crm_field *f = field_of_type(q->e, CRM_EMAIL);
	struct buf norm = BUF_INIT;
	int status = CRM_OK;

	if (f && email_normalise(&norm, text, strlen(text), NULL) == CRM_OK && buf_str(&norm))
		status = by_address(q, f, norm.s, norm.len);
	buf_free(&norm);
	return status;
}

static int by_phone(struct search *q, const char *text)
{
	const struct crm_field *f = field_of_type(q->e, CRM_PHONE);
	struct buf norm = BUF_INIT;
	int status = CRM_OK;

	if (f && phone_normalise(&norm, text, strlen(text), q->s->country, NULL) == CRM_OK && buf_str(&norm))
		status = by_address(q, f, norm.s, norm.len);
	buf_free(&norm);
	return status;
}

/* Lines of one order share its number. */
static int by_number(struct search *q, const char *text)
{
	return q->e == &entity_order ? collect(q, "t.number = $1", text, strlen(text)) : CRM_OK;
}

static int by_key(struct search *q, const char *text)
{
	const struct crm_field *f = field_find_static(q->e, "key");

	int status = f ? collect(q, "t.external_key = $1", text, strlen(text)) : CRM_OK;

	if (status == CRM_OK)
		status = collect_merged(q, "k.external_key = $1", text);
	return status == CRM_OK && q->found == 0 ? by_number(q, text) : status;
}

static int by_id(struct search *q, const char *text)
{
	int64_t id;
	int status;

	if (!parse_int64(text, strlen(text), 1, INT64_MAX, &id))
		return CRM_OK;
	status = collect(q, "t.id = CAST($1 AS INTEGER)", text, strlen(text));
	return status == CRM_OK && q->found == 0 ? collect_merged(q, "k.number = CAST($1 AS INTEGER)", text) : status;
}

static int by_name(struct search *q, const char *text, bool prefix)
{
	const struct crm_field *f = field_find_static(q->e, "name");
	struct buf folded = BUF_INIT, where = BUF_INIT;
	int status;

	if (!f || !field_column(f))
		return CRM_OK;
	status = f->norm ? text_fold(&folded, text, strlen(text)) : CRM_OK;
	if (!f->norm)
		buf_puts(&folded, text);
	if (!prefix)
		buf_printf(&where, "t.%s = $1", f->norm ? f->norm : field_column(f));
	else /* U+10FFFF ends every text that begins so */
		buf_printf(&where, "t.%s >= $1 AND t.%s < $1 || char(1114111)", f->norm ? f->norm : field_column(f),
			f->norm ? f->norm : field_column(f));
	q->shown = true;
	if (status == CRM_OK)
		status = buf_str(&folded) && buf_str(&where) ? collect(q, where.s, folded.s, folded.len)
							     : err_nomem(&q->s->err);
	q->shown = false;
	buf_free(&folded);
	buf_free(&where);
	return status;
}

/* Those whose pinyin answers best. *exact: with all of its letters, or all initials. */
static int by_pinyin(struct search *q, const char *typed, bool *exact)
{
	const struct crm_field *name = field_find_static(q->e, "name");
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int64_t best = PINYIN_NO;
	int status;

	buf_printf(&sql,
		"SELECT t.id, t.name, answers(t.%s, $1) AS answer FROM %s t WHERE t.%s >= substr($1, 1, 1)"
		" AND t.%s < substr($1, 1, 1) || char(1114111) AND answers(t.%s, $1) > %d",
		name->sound, q->e->table, name->sound, name->sound, name->sound, PINYIN_NO);
	status = restricted_hide(&sql, q->s, q->e, "t");
	buf_printf(&sql, " ORDER BY answer DESC, t.id LIMIT %d", CANDIDATES_MAX + 1);
	if (status == CRM_OK)
		status = buf_str(&sql) ? db_prepare(&st, q->s, sql.s, DB_SCAN) : err_nomem(&q->s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_str(st, 1, typed);
	while ((status = db_step(st)) == CRM_OK && db_int(st, 2) >= best) {
		best = db_int(st, 2);
		found(q, db_int(st, 0), db_text(st, 1), 0);
	}
	*exact = best >= PINYIN_INITIALS;
	return status < 0 ? status : CRM_OK;
}

/* What no name is: the pinyin of one, else the beginning of one or of its pinyin. */
static int by_sound(struct search *q, const char *text)
{
	const struct crm_field *f = field_find_static(q->e, "name");
	struct buf typed = BUF_INIT;
	bool exact = false;
	int status = f && f->sound ? pinyin_typed(&typed, text, strlen(text)) : CRM_OK;

	if (status == CRM_OK && typed.len > 0)
		status = by_pinyin(q, typed.s, &exact);
	if (status == CRM_OK && !exact)
		status = by_name(q, text, true);
	buf_free(&typed);
	return status;
}

static bool all_digits(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

/* `id:12`, `key:K`, `email:`, `phone:`, `name:`: the form is said. False when the name has no such beginning. */
static bool said_form(struct search *q, crm_name_use use, int *status)
{
	static const struct {
		const char *prefix;
		int (*find)(struct search *, const char *);
		bool destroys;
	} forms[] = {
		{ "id:", by_id, true },
		{ "key:", by_key, true },
		{ "number:", by_number, true },
		{ "email:", by_email, false },
		{ "phone:", by_phone, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t n = strlen(forms[i].prefix);

		if (strncmp(q->name, forms[i].prefix, n) != 0)
			continue;
		*status = use != CRM_NAME_DESTROY || forms[i].destroys ? forms[i].find(q, q->name + n) : CRM_INVALID;
		return true;
	}
	if (strncmp(q->name, "name:", 5) == 0) {
		*status = use == CRM_NAME_DESTROY ? CRM_INVALID : by_name(q, q->name + 5, false);
		if (*status == CRM_OK && q->found == 0 && use == CRM_NAME_READ)
			*status = by_sound(q, q->name + 5);
		return true;
	}
	return false;
}

static int guess_form(struct search *q, crm_name_use use)
{
	int status = CRM_OK;

	if (all_digits(q->name))
		status = by_id(q, q->name);
	else if (use == CRM_NAME_DESTROY)
		return CRM_INVALID;
	if (status < 0 || q->found > 0 || use == CRM_NAME_DESTROY)
		return status;
	status = by_number(q, q->name);
	if (status == CRM_OK && q->found == 0 && strchr(q->name, '@'))
		status = by_email(q, q->name);
	if (status == CRM_OK && q->found == 0 && strcspn(q->name, "0123456789") < strlen(q->name) &&
		(!all_digits(q->name) || strlen(q->name) >= 7))
		status = by_phone(q, q->name);
	if (status == CRM_OK && q->found == 0 && !all_digits(q->name))
		status = by_name(q, q->name, false);
	if (status == CRM_OK && q->found == 0 && !all_digits(q->name) && use == CRM_NAME_READ)
		status = by_sound(q, q->name);
	return status;
}

/* Whoever destroys must know what: the survivor is another one. Others are led to it. */
static int follow_merged(struct search *q, crm_name_use use, bool tell)
{
	struct buf text = BUF_INIT;
	int status = CRM_OK;

	buf_say(&text, "%s %lld was merged into %lld", entity_word(q->e), (long long)q->merged, (long long)q->id);
	if (!buf_str(&text))
		status = err_nomem(&q->s->err);
	else if (use == CRM_NAME_DESTROY)
		status = err_set(
			&q->s->err, CRM_NOTFOUND, "there is no %s '%s': %s", entity_word(q->e), q->name, text.s);
	else if (tell)
		store_event(q->s, CRM_EVENT_NOTE, 0, 0, text.s);
	buf_free(&text);
	return status;
}

/* `hint`: somebody typed the name, and may have meant another one. */
static int not_found(struct search *q, bool hint)
{
	const char *name = strncmp(q->name, "name:", 5) == 0 ? q->name + 5 : q->name;
	const bool named = hint && *name && !all_digits(name);
	struct buf near = BUF_INIT;
	int status = named ? names_nearest(&near, q->s, q->e, name) : CRM_OK;

	if (status == CRM_OK && near.len > 0 && buf_str(&near))
		status = err_set(&q->s->err, CRM_NOTFOUND, "there is no %s '%s', did you mean '%s'?", entity_word(q->e),
			q->name, near.s);
	else if (status == CRM_OK && named && q->e == &entity_customer)
		status = err_set(&q->s->err, CRM_NOTFOUND,
			"there is no customer '%s' (crm search looks everywhere, crm customer add writes down a new "
			"one)",
			q->name);
	else if (status == CRM_OK)
		status = err_set(&q->s->err, CRM_NOTFOUND, "there is no %s '%s'", entity_word(q->e), q->name);
	buf_free(&near);
	return status;
}

static int verdict(struct search *q, int64_t *out, int status, bool hint)
{
	struct err *err = &q->s->err;

	if (status == CRM_INVALID)
		return err_set(err, CRM_INVALID, "%s '%s': here only an id or key: names a record", entity_word(q->e),
			q->name);
	if (status < 0)
		return status;
	if (q->found == 0)
		return not_found(q, hint);
	if (q->found > 1)
		return err_set(err, CRM_AMBIGUOUS, "%s '%s' is ambiguous: %s%s", entity_word(q->e), q->name,
			buf_str(&q->candidates), q->found > CANDIDATES_MAX ? " …" : "");
	*out = q->id;
	return CRM_OK;
}

/* `tell`: a person named it, who is told whom that means, or may mean. */
static int resolve(int64_t *out, crm_store *s, const crm_entity *e, const char *name, crm_name_use use, bool tell)
{
	struct search q = { .s = s, .e = e, .name = name };
	int status = CRM_OK;
	size_t bad;

	if (!utf8_valid(name, strlen(name), &bad))
		return err_set(&s->err, CRM_INVALID, "%s: the name is not UTF-8 text", entity_word(e));
	if (*name && !said_form(&q, use, &status))
		status = guess_form(&q, use);
	status = verdict(&q, out, status, tell && use != CRM_NAME_DESTROY);
	if (status == CRM_OK && q.merged)
		status = follow_merged(&q, use, tell);
	buf_free(&q.candidates);
	return status;
}

int crm_resolve(int64_t *out, crm_store *s, const crm_entity *e, const char *name, crm_name_use use)
{
	return resolve(out, s, e, name, use, true);
}

/* The first line of the one order that has this number. */
static int first_line(int64_t *out, crm_store *s, const char *name, int ambiguous)
{
	const char *number = strncmp(name, "key:", 4) == 0      ? name + 4
			     : strncmp(name, "number:", 7) == 0 ? name + 7
								: name;
	int64_t line = 0;
	int status = db_get_int(&line, s,
		"SELECT min(id) FROM sales_order WHERE number = $1"
		" HAVING count(DISTINCT customer) = 1 AND count(DISTINCT coalesce(source, '')) = 1",
		"s", number);

	if (status != CRM_OK || line == 0)
		return status < 0 ? status : ambiguous;
	*out = line;
	return CRM_OK;
}

int resolve_reference(int64_t *out, crm_store *s, const crm_entity *e, const char *name, bool tell)
{
	int status = resolve(out, s, e, name, CRM_NAME_WRITE, tell);

	return status == CRM_AMBIGUOUS && e == &entity_order ? first_line(out, s, name, status) : status;
}

int crm_resolve_any(const crm_entity **e, int64_t *out, crm_store *s, const char *name, crm_name_use use)
{
	const char *colon = strchr(name, ':');
	cleanup(freep) char *type = strndup(name, colon ? (size_t)(colon - name) : strlen(name));
	const struct crm_entity *found = type ? crm_entity_find(type) : NULL;
	int status;

	if (!type)
		return err_nomem(&s->err);
	if (!colon || !found)
		return err_set(&s->err, CRM_INVALID, "'%s': a record is named TYPE:NAME here, as customer:12", name);
	status = crm_resolve(out, s, found, colon + 1, use);
	if (status == CRM_OK)
		*e = found;
	return status;
}

static int no_handle(crm_store *s, const struct crm_entity *e, const char *text, size_t len)
{
	cleanup(freep) char *name = strndup(text, len);
	struct buf near = BUF_INIT;
	int status = name ? names_nearest(&near, s, e, name) : err_nomem(&s->err);

	if (status == CRM_OK && near.len > 0 && buf_str(&near))
		status = err_set(
			&s->err, CRM_NOTFOUND, "there is no %s '%s', did you mean '%s'?", entity_word(e), name, near.s);
	else if (status == CRM_OK)
		status = err_set(
			&s->err, CRM_NOTFOUND, "there is no %s '%s' (crm %s add)", entity_word(e), name, e->name);
	buf_free(&near);
	return status;
}

int resolve_handle(
	const char **out, crm_store *s, const struct crm_entity *e, struct arena *mem, const char *text, size_t len)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf folded = BUF_INIT, sql = BUF_INIT;
	int status = text_fold(&folded, text, len);

	buf_printf(&sql, "SELECT name FROM %s WHERE name_fold = $1", e->table);
	if (status < 0 || !buf_str(&folded) || !buf_str(&sql))
		status = err_nomem(&s->err);
	else
		status = db_prepare(&st, s, sql.s, 0);
	if (status == CRM_OK) {
		db_bind_text(st, 1, folded.s, folded.len);
		status = db_step(st);
	}
	if (status == CRM_OK && !(*out = arena_copy(mem, db_text(st, 0), db_bytes(st, 0))))
		status = err_nomem(&s->err);
	else if (status == CRM_END)
		status = no_handle(s, e, text, len);
	buf_free(&folded);
	buf_free(&sql);
	return status;
}

static int unknown_word(crm_store *s, const struct crm_field *f, const char *text, size_t len)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT, known = BUF_INIT;
	int status;

	buf_printf(&sql, "SELECT name FROM %s ORDER BY id", crm_entity_find(f->target)->table);
	status = buf_str(&sql) ? db_prepare(&st, s, sql.s, DB_SCAN) : err_nomem(&s->err); /* a handful of words */
	buf_free(&sql);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK)
		buf_printf(&known, "%s%s", known.len ? ", " : "", db_text(st, 0));
	if (status == CRM_END)
		status = err_set(&s->err, CRM_INVALID, "%s: '%.*s' is not known; known: %s", f->name,
			(int)crm_text_fit(text, len, 40), text, buf_str(&known));
	buf_free(&known);
	return status;
}

int resolve_word(
	const char **out, crm_store *s, const struct crm_field *f, struct arena *mem, const char *text, size_t len)
{
	const struct word *w;
	int status;

	if (!f->words && f->type == CRM_REF)
		return resolve_handle(out, s, crm_entity_find(f->target), mem, text, len);
	w = word_meant(f->words, f->nwords, text, len, &s->err);
	status = resolve_handle(out, s, crm_entity_find(f->target), mem, w ? w->name : text, w ? strlen(w->name) : len);
	return status == CRM_NOTFOUND ? unknown_word(s, f, text, len) : status;
}

int crm_store_agent_known(crm_store *s)
{
	struct arena mem = { 0 };
	const char *name;
	int status = resolve_handle(&name, s, &entity_agent, &mem, crm_store_agent(s), strlen(crm_store_agent(s)));

	arena_free(&mem);
	return status == CRM_OK ? 1 : status == CRM_NOTFOUND ? 0 : status;
}
