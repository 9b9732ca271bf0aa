/*
 * The index of words against the texts. Of every word at its place a number is made; those that the index has and those
 * that the texts have must be the same for each record, so their differences are summed up record by record: 4 bytes for
 * each, and one walk over either side.
 */
#include "model/search.h"
#include "store/search.h"

struct sums {
	uint32_t *v; /* of records 0 … n-1 */
	size_t n;
	bool beyond; /* the index has records behind the mark */
};

static uint32_t number_of(const char *word, size_t len, uint64_t place)
{
	static const struct hash_key key = { 0x7365617263680000u, 0x696e646578000000u };
	const struct hash_key at = { key.k0, key.k1 ^ place };

	return (uint32_t)hash_bytes(&at, word, len);
}

static int sum_index(struct sums *sums, crm_store *s, int64_t base)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s,
		"SELECT doc - $1, term, \"offset\" FROM temp.search_words WHERE doc > $1 AND doc < $1 + (1 << 40)",
		DB_SCAN | DB_ONCE);

	if (status < 0)
		return status;
	db_bind_int(st, 1, base);
	while ((status = db_step(st)) == CRM_OK) {
		uint64_t id = (uint64_t)db_int(st, 0);

		if (id < sums->n)
			sums->v[id] += number_of(db_text(st, 1), db_bytes(st, 1), (uint64_t)db_int(st, 2));
		else
			sums->beyond = true;
	}
	return status < 0 ? status : CRM_OK;
}

static void take_away(uint32_t *sum, const char *words, size_t len)
{
	const char *end = words + len;

	for (uint64_t place = 0; words < end; place++) {
		size_t n = strcspn(words, " ");

		*sum -= number_of(words, n, place);
		words += n + 1;
	}
}

static int sum_texts(struct sums *sums, crm_store *s, const struct crm_entity *e)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	int status;

	buf_puts(&sql, "SELECT t.id, words(");
	search_texts(&sql, e, "t");
	buf_printf(&sql, ") FROM %s t WHERE t.id < $1", e->table);
	status = buf_str(&sql) ? db_prepare(&st, s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&s->err);
	buf_free(&sql);
	if (status < 0)
		return status;
	db_bind_int(st, 1, (int64_t)sums->n);
	while ((status = db_step(st)) == CRM_OK)
		if (!db_is_null(st, 1))
			take_away(&sums->v[db_int(st, 0)], db_text(st, 1), db_bytes(st, 1));
	return status < 0 ? status : CRM_OK;
}

static int check_part(crm_store *s, const struct crm_entity *e, search_wrong_fn fn, void *payload)
{
	struct sums sums = { 0 };
	struct search_part part;
	int64_t last;
	int status = search_part_read(&part, s, e->name);

	if (status == CRM_OK)
		status = search_last(&last, s, e->table);
	if (status < 0 || !part.base)
		return status;
	if (part.upto > last) {
		fn(e, part.upto, N_("the mark of the index is beyond the last one"), payload);
		return CRM_OK;
	}
	sums.n = (size_t)part.upto + 1;
	sums.v = calloc(sums.n, sizeof(*sums.v));
	if (!sums.v)
		return err_nomem(&s->err);
	status = sum_index(&sums, s, part.base);
	if (status == CRM_OK)
		status = sum_texts(&sums, s, e);
	for (size_t i = 0; status == CRM_OK && i < sums.n; i++)
		if (sums.v[i])
			fn(e, (int64_t)i, N_("the index does not have its words as they are"), payload);
	if (status == CRM_OK && sums.beyond)
		fn(e, part.upto, N_("the index has records behind this one, where its mark is"), payload);
	free(sums.v);
	return status;
}

static int check_parts(crm_store *s, search_wrong_fn fn, void *payload)
{
	int status = db_exec(s, "DROP TABLE IF EXISTS temp.search_words;"
				"CREATE VIRTUAL TABLE temp.search_words USING fts5vocab(main, search_index, instance)");

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++)
		if (search_indexed(crm_entity_at(i)))
			status = check_part(s, crm_entity_at(i), fn, payload);
	if (db_exec(s, "DROP TABLE IF EXISTS temp.search_words") < 0 && status == CRM_OK)
		status = s->err.code;
	return status;
}

int search_check(crm_store *s, search_wrong_fn fn, void *payload)
{
	int status = db_hold(s); /* of one moment, while others write */

	if (status < 0)
		return status;
	status = check_parts(s, fn, payload);
	db_unhold(s);
	return status;
}
