#include "store/search.h"

#define PART_ROOM "(1 << 40)" /* more records than an entity can have */

int search_part_read(struct search_part *out, crm_store *s, const char *entity)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, "SELECT base, upto FROM search_mark WHERE entity = $1", 0);

	*out = (struct search_part){ 0 };
	if (status < 0)
		return status;
	db_bind_str(st, 1, entity);
	status = db_step(st);
	if (status == CRM_OK)
		*out = (struct search_part){ .base = db_int(st, 0), .upto = db_int(st, 1) };
	return status < 0 ? status : CRM_OK;
}

/* A number from a statement that looks at all of a small table. */
static int scan_int(int64_t *out, crm_store *s, const char *sql, const char *text)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, sql, DB_SCAN);

	*out = 0;
	if (status < 0)
		return status;
	if (text)
		db_bind_str(st, 1, text);
	status = db_step(st);
	if (status == CRM_OK)
		*out = db_int(st, 0);
	return status < 0 ? status : CRM_OK;
}

int search_part_write(crm_store *s, const char *entity, struct search_part *part)
{
	int status = CRM_OK;

	if (!part->base)
		status = scan_int(
			&part->base, s, "SELECT coalesce(max(base), 0) + " PART_ROOM " FROM search_mark", NULL);
	return status < 0 ? status
			  : db_run(s,
				    "INSERT INTO search_mark (entity, base, upto) VALUES ($1, $2, $3)"
				    " ON CONFLICT (entity) DO UPDATE SET base = excluded.base, upto = excluded.upto",
				    "sii", entity, part->base, part->upto);
}

int search_part_drop(crm_store *s, const char *entity, struct search_part *part)
{
	int64_t rows = part->upto;
	int status = db_run(s,
		"INSERT INTO search_mark (entity, base, upto) VALUES ('', 0, $1)"
		" ON CONFLICT (entity) DO UPDATE SET upto = upto + excluded.upto",
		"i", rows);

	*part = (struct search_part){ 0 };
	return status < 0 ? status : search_part_write(s, entity, part);
}

int search_sizes(int64_t *dropped, int64_t *used, crm_store *s)
{
	int status = scan_int(dropped, s, "SELECT upto FROM search_mark WHERE entity = $1", "");

	return status < 0
		       ? status
		       : scan_int(used, s, "SELECT coalesce(sum(upto), 0) FROM search_mark WHERE entity <> ''", NULL);
}

static int write_words(crm_store *s, const char *sql, int64_t row, const char *words, size_t len)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, sql, 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, row);
	db_bind_text(st, 2, words, len);
	status = db_step(st);
	return status < 0 ? status : CRM_OK;
}

int search_put(crm_store *s, int64_t row, const char *words, size_t len)
{
	return write_words(s, "INSERT INTO search_index (rowid, words) VALUES ($1, $2)", row, words, len);
}

int search_remove(crm_store *s, int64_t row, const char *words, size_t len)
{
	return write_words(
		s, "INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', $1, $2)", row, words, len);
}

int search_clear(crm_store *s)
{
	int status = db_exec(s, "INSERT INTO search_index (search_index) VALUES ('delete-all')");

	return status < 0 ? status : db_exec(s, "DELETE FROM search_mark");
}

int search_optimize(crm_store *s)
{
	return db_exec(s, "INSERT INTO search_index (search_index) VALUES ('optimize')");
}

int search_last(int64_t *out, crm_store *s, const char *table)
{
	return scan_int(out, s, "SELECT seq FROM sqlite_sequence WHERE name = $1", table);
}
