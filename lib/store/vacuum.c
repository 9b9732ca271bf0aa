/*
 * Writing the file anew, without free pages and what still stands in them, and emptying the write-ahead log, which keeps
 * pages as they were.
 *
 * SQLite builds the new file beside the old (sqlite3_temp_directory), then writes it through the log: each needs as much
 * room as the pages in use.
 */
#include "store/internal.h"
#include <errno.h>
#include <libgen.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* The store with its log, in bytes. */
static int64_t file_bytes(const crm_store *s)
{
	static const char *const suffixes[] = { "", "-wal" };
	struct buf path = BUF_INIT;
	int64_t bytes = 0;
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		buf_clear(&path);
		buf_printf(&path, "%s%s", s->path, suffixes[i]);
		if (buf_str(&path) && stat(path.s, &st) == 0)
			bytes += st.st_size;
	}
	buf_free(&path);
	return bytes;
}

static int used_bytes(int64_t *out, crm_store *s)
{
	int64_t pages = 0, free_pages = 0, size = 0;
	int status = db_get_int(&pages, s, "PRAGMA page_count", "");

	if (status == CRM_OK)
		status = db_get_int(&free_pages, s, "PRAGMA freelist_count", "");
	if (status == CRM_OK)
		status = db_get_int(&size, s, "PRAGMA page_size", "");
	*out = (pages - free_pages) * size;
	return status;
}

static int check_room(crm_store *s, int64_t used)
{
	cleanup(freep) char *copy = strdup(s->path);
	struct statvfs fs;
	int64_t there;

	if (!copy)
		return err_nomem(&s->err);
	if (statvfs(dirname(copy), &fs) < 0)
		return err_set(&s->err, CRM_FAILED, "%s: %s", copy, strerror(errno));
	there = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	if (there < 2 * used)
		return err_set(&s->err, CRM_FAILED,
			"vacuum: needs %lld MB free in %s, and there are %lld: make room and run `crm vacuum`",
			(long long)(2 * used >> 20) + 1, copy, (long long)(there >> 20));
	return CRM_OK;
}

/* VACUUM attaches a file of its own, which the hardened handle may not. */
static int vacuum(crm_store *s)
{
	int attached = sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1), status;

	s->op.command = strdup("vacuum");
	if (!s->op.command)
		return err_nomem(&s->err);
	db_forget(s);
	holder_write(s);
	status = db_exec(s, "VACUUM");
	holder_remove(s);
	free(TAKE_PTR(s->op.command));
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, attached);
	return status;
}

static int empty_log(crm_store *s)
{
	int status = store_write_back(s);

	if (status == CRM_BUSY)
		return err_set(&s->err, CRM_BUSY,
			"another process reads the store as it was before (waited %d s, --wait): run `crm vacuum` once "
			"it is done",
			s->wait);
	return status;
}

/* Erasures that came meanwhile are not done with. */
static int clear_owed(crm_store *s, int64_t last)
{
	int status = db_exec(s, "BEGIN IMMEDIATE");

	if (status == CRM_OK)
		status = db_run(s, "UPDATE erasure SET traces = 0 WHERE traces = 1 AND id <= $1", "i", last);
	if (status == CRM_OK)
		status = db_exec(s, "COMMIT");
	if (status < 0 && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return status;
}

int file_vacuum(crm_vacuumed *out, crm_store *s, int64_t limit)
{
	crm_vacuumed v = { .before = file_bytes(s) };
	int64_t last = 0, used = 0;
	int status;

	if (s->op.open || s->mode == CRM_OPEN_READ)
		return err_set(&s->err, CRM_CONFLICT, "vacuum: an operation is open, or the store was opened to read");
	status = db_get_int(&last, s, "SELECT coalesce(max(id), 0) FROM erasure", "");
	if (status == CRM_OK)
		status = used_bytes(&used, s);
	if (status == CRM_OK && (limit < 0 || used <= limit)) {
		v.whole = true;
		status = check_room(s, used);
		if (status == CRM_OK)
			status = vacuum(s);
	}
	if (status == CRM_OK)
		status = empty_log(s);
	if (status == CRM_OK && v.whole)
		status = clear_owed(s, last);
	if (status < 0)
		return status;
	v.after = file_bytes(s);
	*out = v;
	return CRM_OK;
}
