/*
 * Backups: VACUUM INTO, which sees one moment of the store, makes no writer wait, and leaves the content of freed pages
 * behind. The copy is opened as a store and read to its end before it gets its name.
 */
#include "store/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	STEPS = 200000 /* of SQLite between two reports: some tens of milliseconds */
};

/* --- copying --- */

struct watch {
	crm_store *s;
	const char *path;
	uint64_t total;
};

static int copying(void *payload)
{
	const struct watch *w = payload;
	struct stat st;

	if (stat(w->path, &st) == 0)
		store_event(w->s, CRM_EVENT_PROGRESS, (uint64_t)st.st_size, w->total, crm_tr("copying"));
	return w->s->interrupted;
}

int store_copy(crm_store *s, const char *path)
{
	struct watch watch = { .s = s, .path = path };
	int64_t pages = 0, size = 0;
	int attached, r;

	if (db_get_int(&pages, s, "PRAGMA page_count", "") == CRM_OK &&
		db_get_int(&size, s, "PRAGMA page_size", "") == CRM_OK)
		watch.total = (uint64_t)(pages * size);
	/* it attaches the new file, which nothing else may */
	attached = sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1);
	sqlite3_progress_handler(s->db, STEPS, copying, &watch);
	r = db_run(s, "VACUUM INTO $1", "s", path);
	guard_watch(s);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, attached);
	return r;
}

int store_copy_to(crm_store *s, const char *path)
{
	struct place place;
	int r = place_begin(&place, s, path);

	if (r == CRM_OK)
		r = store_copy(s, place.temp);
	if (r == CRM_OK && store_give(s, place.fd) < 0)
		r = err_set(&s->err, CRM_FAILED, "%s: %s", path, strerror(errno));
	if (r == CRM_OK)
		r = place_keep(&place, s, false);
	place_drop(&place);
	return r;
}

/* --- reading what was copied --- */

struct check {
	crm_store *s;
	const volatile int *stop;
};

static int checking(void *payload)
{
	const struct check *c = payload;

	store_event(c->s, CRM_EVENT_PROGRESS, 0, 0, crm_tr("checking"));
	return *c->stop;
}

int store_check_pages(crm_store *s, const char *pragma, const volatile int *stop)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct check check = { .s = s, .stop = stop };
	char sql[40];
	int r;

	snprintf(sql, sizeof(sql), "PRAGMA %s(1)", pragma);
	r = db_prepare(&st, s, sql, DB_SCAN | DB_ONCE);
	sqlite3_progress_handler(s->db, STEPS, checking, &check);
	if (r == CRM_OK)
		r = db_step(st);
	guard_watch(s);
	if (r == CRM_OK && strcmp(db_text(st, 0), "ok") != 0)
		return err_set(&s->err, CRM_SCHEMA, "%s: damaged: %s", s->path, db_text(st, 0));
	return r;
}

void store_count(crm_backup_info *out, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int64_t pages = 0, size = 0;

	*out = (crm_backup_info){ .schema = s->schema };
	if (db_get_int(&pages, s, "PRAGMA page_count", "") == CRM_OK &&
		db_get_int(&size, s, "PRAGMA page_size", "") == CRM_OK)
		out->bytes = (uint64_t)(pages * size);
	if (db_prepare(&st, s, "SELECT count(*) FROM customer", DB_SCAN | DB_ONCE) == CRM_OK && db_step(st) == CRM_OK)
		out->customers = db_int(st, 0);
	db_get_int(&out->operation, s, "SELECT coalesce(max(id), 0) FROM operation", "");
}

/* As whoever opens it later, on a handle of its own. */
static int verify(crm_backup_info *out, crm_store *s, const char *path)
{
	crm_store *copy;
	int r;

	if (crm_store_new(&copy) < 0)
		return err_nomem(&s->err);
	copy->path = strdup(path);
	crm_store_on_event(copy, s->event, s->event_payload);
	r = copy->path ? store_connect(copy, path) : CRM_NOMEM;
	if (r == CRM_OK)
		r = store_inspect(copy, NULL);
	if (r == CRM_OK)
		r = store_check_pages(copy, "quick_check", &s->interrupted);
	if (r == CRM_OK)
		store_count(out, copy);
	else if (r == CRM_INTERRUPTED)
		err_set(&s->err, r, "%s", crm_errmsg(copy));
	else
		err_set(&s->err, r, "the copy is not sound: %s", crm_errmsg(copy));
	crm_store_close(copy);
	return r;
}

static int copy_and_verify(crm_backup_info *out, crm_store *s, const char *path)
{
	int r = store_copy(s, path);

	return r == CRM_OK ? verify(out, s, path) : r;
}

/* --- where to --- */

/* Never over the store, one of its own files, or anything that is no plain file. */
static int check_target(crm_store *s, const char *path, bool replace)
{
	size_t len = strlen(s->path);
	struct stat st, own;

	if (strncmp(path, s->path, len) == 0 && (path[len] == '\0' || path[len] == '-'))
		return err_set(&s->err, CRM_INVALID, "%s: belongs to the store itself: choose another name", path);
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? CRM_OK : err_set(&s->err, CRM_FAILED, "%s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(&s->err, CRM_INVALID,
			"%s: is a directory: name a file in it, or say which copies to keep (--keep)", path);
	if (!S_ISREG(st.st_mode))
		return err_set(&s->err, CRM_INVALID, "%s: is not a plain file (a symbolic link is not followed)", path);
	if (stat(s->path, &own) == 0 && own.st_dev == st.st_dev && own.st_ino == st.st_ino)
		return err_set(&s->err, CRM_INVALID, "%s: is the store itself: choose another name", path);
	if (!replace)
		return err_set(&s->err, CRM_EXISTS, "%s: there is a file already (--force replaces it)", path);
	return CRM_OK;
}

static int write_plain(crm_backup_info *out, crm_store *s, struct place *place, const char *path)
{
	int r = place_begin(place, s, path);

	return r == CRM_OK ? copy_and_verify(out, s, place->temp) : r;
}

/* The copy first: both are made under the same name, perhaps in the same folder. */
static int write_filtered(crm_backup_info *out, crm_store *s, struct place *place, const char *path,
	crm_backup_filter filter, void *payload)
{
	int from, r = crm_backup_open(&from, out, s);

	if (r < 0)
		return r;
	r = place_begin(place, s, path);
	if (r == CRM_OK)
		r = filter(from, place->fd, payload);
	close(from);
	return r;
}

int crm_backup(
	crm_backup_info *out, crm_store *s, const char *path, bool replace, crm_backup_filter filter, void *payload)
{
	cleanup(freep) char *target = NULL;
	crm_backup_info info = { 0 };
	struct place place = { .fd = -1 };
	int r;

	if (!s->db)
		return err_set(&s->err, CRM_NOSTORE, "no store is open");
	r = store_absolute_path(s, &target, path);
	if (r == CRM_NOSTORE) /* of a store it would be */
		r = err_set(&s->err, CRM_FAILED, "%s: there is no such directory", path);
	if (r == CRM_OK)
		r = check_target(s, target, replace);
	if (r < 0)
		return r;
	r = filter ? write_filtered(&info, s, &place, target, filter, payload) : write_plain(&info, s, &place, target);
	if (r == CRM_OK)
		r = place_keep(&place, s, replace);
	place_drop(&place);
	if (r == CRM_OK)
		*out = info;
	return r;
}

int crm_backup_open(int *fd, crm_backup_info *out, crm_store *s)
{
	crm_backup_info info = { 0 };
	struct place place;
	int r;

	if (!s->db)
		return err_set(&s->err, CRM_NOSTORE, "no store is open");
	r = place_begin(&place, s, s->path);
	if (r < 0)
		return r;
	r = copy_and_verify(&info, s, place.temp);
	if (r == CRM_OK) {
		*fd = place.fd;
		*out = info;
		place.fd = -1;
	}
	place_drop(&place);
	return r;
}
