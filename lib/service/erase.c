/*
 * Erasing records for good. Their rows go as `rm` takes them; then what the journal keeps of them, and of what had hung on
 * them and was removed before, is replaced by a hash that says nothing, so that digests of operations stay true.
 */
#include "service/erase.h"

#include "model/customer.h"
#include "model/search.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>

void crm_erased_free(crm_erased *e)
{
	free(e->text);
	traces_free(e->traces);
	*e = (crm_erased){ 0 };
}

int erase_run(crm_store *s, struct buf *sql, int64_t *changed)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = buf_str(sql) ? db_prepare(&st, s, sql->s, DB_SCAN | DB_ONCE) : err_nomem(&s->err);

	buf_free(sql);
	if (status == CRM_OK)
		status = db_step(st);
	if (status < 0)
		return status;
	if (changed)
		*changed += db_changed(s);
	return CRM_OK;
}

int erase_make_table(crm_store *s)
{
	return db_exec(s, "DROP TABLE IF EXISTS temp.gone;"
			  " CREATE TEMP TABLE gone (entity TEXT NOT NULL, id INTEGER NOT NULL,"
			  " PRIMARY KEY (entity, id)) WITHOUT ROWID");
}

/* --- the records named --- */

static int is_there(crm_store *s, const struct crm_entity *e, int64_t id)
{
	char sql[128];
	int64_t found;

	snprintf(sql, sizeof(sql), "SELECT 1 FROM %s WHERE id = $1", e->table);
	return db_get_int(&found, s, sql, "i", id);
}

/* Whether the journal still says what a removed record was. */
static int is_remembered(crm_store *s, const struct crm_entity *e, int64_t id)
{
	int64_t found;

	return db_get_int(&found, s,
		"SELECT 1 FROM change c WHERE c.entity = $1 AND c.first_id = $2 AND " IMAGE_WHOLE("c") " LIMIT 1", "si",
		e->name, id);
}

static int refuse_missing(crm_store *s, const struct crm_entity *e, int64_t id)
{
	int64_t found;
	int status =
		db_get_int(&found, s, "SELECT 1 FROM erasure WHERE entity = $1 AND record = $2", "si", e->name, id);

	if (status < 0)
		return status;
	return err_set(&s->err, CRM_NOTFOUND,
		status == CRM_OK ? N_("%s %lld was erased already") : N_("there is no %s %lld"), entity_word(e),
		(long long)id);
}

/* CRM_OK: the record is there; CRM_END: only the journal has it. */
static int examine(crm_store *s, const struct crm_entity *e, int64_t id)
{
	int64_t survivor;
	int status = is_there(s, e, id);

	if (status != CRM_END)
		return status;
	status = e == &entity_customer ? customer_merged_number(&survivor, s, id) : CRM_END;
	if (status == CRM_OK)
		return err_set(&s->err, CRM_CONFLICT, "customer %lld is part of customer %lld now: erase that one",
			(long long)id, (long long)survivor);
	if (status == CRM_END)
		status = is_remembered(s, e, id);
	return status == CRM_END ? refuse_missing(s, e, id) : status < 0 ? status : CRM_END;
}

int crm_privacy_resolve(int64_t *out, crm_store *s, const crm_entity *e, const char *name, crm_name_use use)
{
	const char *digits = strncmp(name, "id:", 3) == 0 ? name + 3 : name;
	int status = crm_resolve(out, s, e, name, use);
	int64_t id;

	if (status != CRM_NOTFOUND || !parse_int64(digits, strlen(digits), 1, INT64_MAX, &id))
		return status;
	status = examine(s, e, id);
	if (status >= 0)
		*out = id;
	return status < 0 ? status : CRM_OK;
}

/* All of them are noted; those that are there are removed as `rm` does it. */
static int remove_rows(struct erasing *x, const int64_t *ids, size_t n)
{
	cleanup(freep) int64_t *present = calloc(n + 1, sizeof(*present));
	size_t npresent = 0;
	int status = present ? CRM_OK : err_nomem(&x->s->err);

	for (size_t i = 0; status == CRM_OK && i < n; i++) {
		status = examine(x->s, x->e, ids[i]);
		if (status == CRM_OK)
			present[npresent++] = ids[i];
		if (status >= 0)
			status = db_run(
				x->s, "INSERT INTO temp.gone (entity, id) VALUES ($1, $2)", "si", x->e->name, ids[i]);
	}
	return status < 0 ? status : crm_record_remove(x->s, x->e, present, npresent, &x->out.records);
}

/* What this operation removed; what it merely changed is there still. */
static int gather_rows(struct erasing *x)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);
		struct buf sql = BUF_INIT;

		buf_printf(&sql,
			"INSERT INTO temp.gone (entity, id) SELECT c.entity, c.first_id FROM change c WHERE c.op = %lld"
			" AND c.entity = '%s' AND c.image IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s t WHERE t.id = "
			"c.first_id) ON CONFLICT DO NOTHING",
			(long long)x->op, e->name, e->table);
		status = erase_run(x->s, &sql, NULL);
	}
	return status;
}

/* `1 customer, 27 communications`: what is gone at this point. */
static int tell_rows(struct erasing *x)
{
	struct buf text = BUF_INIT;
	int status = CRM_OK;

	buf_puts(&text, "");
	for (size_t i = 0; status >= 0 && i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);
		int64_t n = 0;

		status = db_get_int(&n, x->s,
			"SELECT count(*) FROM change c WHERE c.op = $1 AND c.entity = $2 AND c.image IS NOT NULL AND"
			" EXISTS (SELECT 1 FROM temp.gone g WHERE g.entity = c.entity AND g.id = c.first_id)",
			"is", x->op, e->name);
		if (n > 0)
			buf_printf(buf_comma(&text), "%lld %s", (long long)n, entity_words(e, (uint64_t)n));
	}
	if (status < 0)
		buf_free(&text);
	else if (!(x->out.text = buf_take(&text)))
		status = err_nomem(&x->s->err);
	return status < 0 ? status : CRM_OK;
}

/* --- all of it --- */

int erase_all(struct erasing *x, const int64_t *ids, size_t n)
{
	int status = op_id(&x->op, x->s);

	if (status == CRM_OK)
		status = erase_make_table(x->s);
	if (status == CRM_OK)
		status = remove_rows(x, ids, n);
	if (status == CRM_OK)
		status = gather_rows(x);
	if (status == CRM_OK)
		status = tell_rows(x);
	if (status == CRM_OK)
		status = erase_gather_removed(x);
	if (status == CRM_OK && x->collects)
		status = traces_collect(x);
	if (status == CRM_OK)
		status = erase_images(x);
	if (status == CRM_OK && !x->preview)
		status = ledger_note(x);
	return status < 0 ? status : db_exec(x->s, "DROP TABLE temp.gone");
}

/* Numbers only: the journal outlives the names of people. */
static int begin(crm_store *s, const int64_t *ids, size_t n)
{
	char command[64];

	if (n == 1)
		snprintf(command, sizeof(command), "privacy erase %lld", (long long)ids[0]);
	else
		snprintf(command, sizeof(command), "privacy erase (%zu records)", n);
	return op_require(s, command);
}

int crm_privacy_erase(crm_store *s, const crm_entity *e, const int64_t *ids, size_t n, crm_erased *out)
{
	struct erasing x = { .s = s, .e = e, .collects = out != NULL };
	int status = begin(s, ids, n);

	if (status < 0)
		return status;
	status = op_finish(s, erase_all(&x, ids, n));
	x.out.operation = x.op;
	if (status == CRM_OK && out)
		*out = x.out;
	else
		crm_erased_free(&x.out);
	return status;
}

int crm_privacy_preview(crm_store *s, const crm_entity *e, const int64_t *ids, size_t n, crm_erased *out)
{
	struct erasing x = { .s = s, .e = e, .preview = true };
	int status = crm_begin(s, "privacy erase --dry-run");

	if (status < 0)
		return status;
	status = erase_all(&x, ids, n);
	crm_rollback(s);
	if (status == CRM_OK)
		*out = x.out;
	else
		crm_erased_free(&x.out);
	return status;
}

/* Words that were removed stand in the index until it is put together: once for all that was erased. */
static int scrub_words(crm_store *s)
{
	const int64_t operation = s->last_operation;
	int64_t owed;
	int status = db_get_int(&owed, s, "SELECT 1 FROM erasure WHERE traces = 1 LIMIT 1", "");

	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	status = crm_begin(s, "vacuum");
	if (status == CRM_OK)
		status = search_erase(s);
	if (status == CRM_OK)
		status = crm_commit(s);
	else
		crm_rollback(s);
	s->last_operation = operation;
	return status;
}

int crm_vacuum(crm_vacuumed *out, crm_store *s, int64_t limit)
{
	int status = scrub_words(s);

	return status < 0 ? status : file_vacuum(out, s, limit);
}

int crm_privacy_scrub(bool *owed, crm_store *s)
{
	crm_vacuumed v;
	int status = crm_vacuum(&v, s, CRM_SCRUB_MAX);

	if (status == CRM_OK)
		*owed = !v.whole;
	return status;
}

static bool is_copy(const char *name, const char *store)
{
	static const char *const endings[] = { ".schema-", ".before-restore-" };
	size_t len = strlen(store);

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (strncmp(name, store, len) == 0 && strncmp(name + len, endings[i], strlen(endings[i])) == 0)
			return true;
	return false;
}

int crm_privacy_copies(crm_store *s, crm_copy_fn fn, void *payload)
{
	const char *name = strrchr(s->path, '/') + 1; /* the path is absolute */
	cleanup(freep) char *folder = strndup(s->path, (size_t)(name - s->path));
	struct dirent **entries = NULL;
	struct buf path = BUF_INIT;
	int n = folder ? scandir(folder, &entries, NULL, alphasort) : -1;

	for (int i = 0; i < n; i++) {
		buf_clear(&path);
		buf_printf(&path, "%s%s", folder, entries[i]->d_name);
		if (is_copy(entries[i]->d_name, name) && buf_str(&path))
			fn(path.s, payload);
		free(entries[i]);
	}
	free(entries);
	buf_free(&path);
	return n < 0 ? err_set(&s->err, CRM_FAILED, "%s: %s", s->path, strerror(errno)) : CRM_OK;
}
