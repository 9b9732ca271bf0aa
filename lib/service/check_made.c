/* What is made from other things, against making it again: facts, pinyin, the index of words. */
#include "model/search.h"
#include "service/check.h"

static void wrong_fact(const struct crm_entity *e, int64_t id, void *payload)
{
	check_say(payload, CHECK_MENDABLE,
		"%s %lld: a fact kept of its communications, tickets or orders is not what they say",
		check_word(payload, e), (long long)id);
}

int check_facts(struct check *c)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);
		size_t before = c->found;

		status = facts_check(c->s, e, wrong_fact, c);
		if (status == CRM_OK && c->fix && c->found > before) {
			status = facts_recompute_all(c->s, e);
			check_say(c, CHECK_FIXED, "%zu %s recomputed", c->found - before, store_tr(c->s, e->plural));
		}
	}
	return status;
}

static int check_pinyin_of(struct check *c, const struct crm_entity *e, const struct crm_field *f)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	const char *column = field_column(f);
	struct buf sql = BUF_INIT;
	size_t before = c->found;
	int status;

	buf_printf(&sql, "SELECT id FROM %s WHERE %s IS NOT pinyin(%s) ORDER BY id", e->table, f->sound, column);
	for (status = check_ask(&st, c, &sql); status == CRM_OK; status = db_step(st))
		check_say(c, CHECK_MENDABLE, "%s %lld: %s is not that of its %s", check_word(c, e),
			(long long)db_int(st, 0), f->sound, f->name);
	if (status >= 0 && c->fix && c->found > before) {
		buf_printf(&sql, "UPDATE %s SET %s = pinyin(%s) WHERE %s IS NOT pinyin(%s)", e->table, f->sound, column,
			f->sound, column);
		status = buf_str(&sql) ? db_exec(c->s, sql.s) : err_nomem(&c->s->err);
		check_say(c, CHECK_FIXED, "%s of %zu %s made anew", f->sound, c->found - before,
			store_tr(c->s, e->plural));
	}
	buf_free(&sql);
	return status < 0 ? status : CRM_OK;
}

/* Pinyin is made from the name; a later version of crm may read some names otherwise. */
int check_pinyin(struct check *c)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);

		for (size_t k = 0; status == CRM_OK && k < e->nfields; k++)
			if (e->fields[k].sound)
				status = check_pinyin_of(c, e, &e->fields[k]);
	}
	return status;
}

static void wrong_words(const struct crm_entity *e, int64_t id, const char *what, void *payload)
{
	struct check *c = payload;

	check_say(c, CHECK_MENDABLE, "%s %lld: %s", check_word(c, e), (long long)id, store_tr(c->s, what));
}

int check_search(struct check *c)
{
	int status = search_check(c->s, wrong_words, c);

	if (status == CRM_OK && c->fix && c->found > 0) {
		status = search_rebuild(c->s);
		check_say(c, CHECK_FIXED, "the index of words was made again");
	}
	return status;
}
