/*
 * Putting a backup back. The new store is made beside its place, checked and migrated there; then the present one is
 * taken out of WAL mode, which only succeeds while no other process has it open, and its lock is held until the new file
 * has the name. Nobody's commit can therefore fall between: it is in the store that is kept, or comes after. A process
 * that waited for that lock has opened the file that was renamed away: it notices before it reads (open.c) or writes
 * (operation.c), as SQLite itself does in this mode before it writes.
 */
#include "store/restore.h"
#include "store/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct crm_restore {
	crm_store *s;   /* the handle on the new store */
	crm_store *old; /* the present one, NULL: there is none, or it cannot be read */
	char *path;     /* of the store */
	char *name;     /* of the copy */
	char *kept;     /* where the present one will be */
	char digest[SHA256_HEX + 1];
	struct place place;
	crm_restore_place present;
	crm_backup_info copied, present_info;
	int present_fd; /* of a present one that was copied; closing it would give up the lock. -1: none */
	bool locked, swapped;
};

/* --- the copy --- */

/* A store in use is more than its file: what was committed last is in the file beside it. */
static int check_source(crm_restore *r, int from, const char *name)
{
	struct buf wal = BUF_INIT;
	struct stat st, own;
	bool in_use;

	if (fstat(from, &st) < 0)
		return err_set(&r->s->err, CRM_FAILED, "%s: %s", name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(&r->s->err, CRM_INVALID, "%s: is a directory", name);
	if (stat(r->path, &own) == 0 && own.st_dev == st.st_dev && own.st_ino == st.st_ino)
		return err_set(&r->s->err, CRM_INVALID, "%s: is the store itself", name);
	buf_printf(&wal, "%s-wal", name);
	if (!buf_str(&wal))
		return err_nomem(&r->s->err);
	in_use = stat(wal.s, &own) == 0 && own.st_size > 0;
	buf_free(&wal);
	return in_use ? err_set(&r->s->err, CRM_INVALID,
				"%s: is a store in use, not a backup: `crm --store FILE backup` makes one of it", name)
		      : CRM_OK;
}

static int read_digest(crm_restore *r)
{
	char block[64 * 1024];
	struct sha256 sha;
	off_t at = 0;
	ssize_t n;

	sha256_begin(&sha);
	while ((n = pread(r->place.fd, block, sizeof(block), at)) > 0 && !r->s->interrupted) {
		sha256_add(&sha, block, (size_t)n);
		at += n;
	}
	if (r->s->interrupted)
		return err_set(&r->s->err, CRM_INTERRUPTED, "interrupted: nothing was changed");
	if (n < 0)
		return err_set(&r->s->err, CRM_FAILED, "%s: %s", r->name, strerror(errno));
	if (at == 0)
		return err_set(&r->s->err, CRM_SCHEMA, "%s: is empty, not a crm store", r->name);
	sha256_end(&sha, r->digest);
	return CRM_OK;
}

static int check_references(crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, "PRAGMA foreign_key_check", DB_SCAN | DB_ONCE);

	if (status == CRM_OK)
		status = db_step(st);
	return status == CRM_OK    ? err_set(&s->err, CRM_SCHEMA, "%s: damaged: row %lld of %s refers to nothing in %s",
					     s->path, (long long)db_int(st, 1), db_text(st, 0), db_text(st, 2))
	       : status == CRM_END ? CRM_OK
				   : status;
}

/*
 * Opens the new file as what it must be. The copy is the one that a migration would keep, so that makes none; and until
 * all is well, messages speak of the copy by its own name.
 */
static int check_copy(crm_restore *r)
{
	crm_store *s = r->s;
	int status;

	s->mode = CRM_OPEN_WRITE;
	s->wal_waits = false;
	s->path = strdup(r->name);
	if (!s->path)
		return err_nomem(&s->err);
	status = store_connect(s, r->place.temp);
	if (status == CRM_OK)
		status = store_inspect(s, NULL);
	if (status == CRM_OK)
		status = store_check_pages(s, "integrity_check", &s->interrupted);
	if (status == CRM_OK)
		store_count(&r->copied, s);
	if (status == CRM_OK && s->schema < crm_schema_version())
		status = schema_upgrade(s);
	if (status == CRM_OK)
		status = check_references(s);
	free(s->path);
	s->path = strdup(r->place.temp);
	return s->path || status < 0 ? status : err_nomem(&s->err);
}

/* As the present store; where there is none, as the folder is: one that a group shares. */
static int set_owner(crm_restore *r)
{
	cleanup(freep) char *copy = strdup(r->path);
	int fd = r->place.fd;
	struct stat st;
	mode_t mode = 0600;

	if (!copy)
		return err_nomem(&r->s->err);
	if (lstat(r->path, &st) == 0) {
		mode = st.st_mode & 0777;
		if (fchown(fd, st.st_uid, (gid_t)-1) < 0 && geteuid() == 0)
			return err_set(&r->s->err, CRM_FAILED, "%s: %s", r->path, strerror(errno));
		if (fchown(fd, (uid_t)-1, st.st_gid) < 0)
			mode &= 0700; /* not for a group that was not meant */
	} else if (stat(dirname(copy), &st) == 0 && st.st_mode & S_ISGID && st.st_mode & S_IWGRP) {
		mode = 0660;
	}
	if (fchmod(fd, mode) < 0 || fstat(fd, &st) < 0)
		return err_set(&r->s->err, CRM_FAILED, "%s: %s", r->path, strerror(errno));
	r->s->file.mode = mode & 0660;
	r->s->file.uid = st.st_uid;
	r->s->file.gid = st.st_gid;
	return CRM_OK;
}

/* --- what is there --- */

/* FILE.before-restore-20260310T120000Z */
static int choose_kept(crm_restore *r)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s.before-restore-", r->path);
	place_put_stamp(&b, r->s->now);
	place_free_name(&b);
	r->kept = buf_take(&b);
	return r->kept ? CRM_OK : err_nomem(&r->s->err);
}

static int open_present(crm_restore *r)
{
	crm_store *old;
	int64_t version;
	int status;

	if (crm_store_new(&r->old) < 0)
		return err_nomem(&r->s->err);
	old = r->old;
	old->mode = CRM_OPEN_WRITE;
	crm_store_on_event(old, r->s->event, r->s->event_payload);
	old->wal_waits = r->s->wal_waits; /* a log beside a damaged file is not to be thrown away with it */
	old->path = strdup(r->path);
	status = old->path ? store_connect(old, r->path) : CRM_NOMEM;
	if (status == CRM_OK)
		status = header_check(old);
	if (status == CRM_OK)
		status = remote_prepare(old);
	if (status == CRM_OK)
		status = db_get_int(&version, old, "PRAGMA user_version", "");
	if (status == CRM_OK) {
		guard_accept(old);
		old->schema = (int)version;
		store_count(&r->present_info, old);
		r->present = CRM_RESTORE_STORE;
		return CRM_OK;
	}
	if (status != CRM_SCHEMA)
		return err_set(&r->s->err, status, "%s", crm_errmsg(old));
	crm_store_close(TAKE_PTR(r->old));
	return CRM_OK;
}

static int look_at_place(crm_restore *r)
{
	struct stat st;
	int status = choose_kept(r);

	if (status < 0)
		return status;
	if (lstat(r->path, &st) < 0)
		return errno == ENOENT ? owner_check_place(r->s, r->path, (gid_t)-1)
				       : err_set(&r->s->err, CRM_FAILED, "%s: %s", r->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(
			&r->s->err, CRM_SCHEMA, "%s: is not a plain file (a symbolic link is not followed)", r->path);
	status = owner_check(r->s, r->path, &st);
	if (status < 0)
		return status;
	r->present = CRM_RESTORE_DAMAGED;
	return st.st_size > 0 ? open_present(r) : CRM_OK;
}

int crm_restore_open(crm_restore **out, crm_store *s, const char *path, int from, const char *name,
	crm_backup_filter filter, void *payload)
{
	crm_restore *r;
	int status;

	if (s->db)
		return err_set(&s->err, CRM_CONFLICT, "a store is open already: %s", s->path);
	r = calloc(1, sizeof(*r));
	if (!r)
		return err_nomem(&s->err);
	r->s = s;
	r->place.fd = r->present_fd = -1;
	r->name = strdup(name);
	free(TAKE_PTR(s->path));
	status = r->name ? store_make_directory(s, path, 0700) : err_nomem(&s->err);
	if (status == CRM_OK)
		status = store_absolute_path(s, &r->path, path);
	if (status == CRM_OK)
		status = check_source(r, from, name);
	if (status == CRM_OK)
		status = look_at_place(r);
	if (status == CRM_OK)
		status = place_begin(&r->place, s, r->path);
	if (status == CRM_OK)
		status = set_owner(r);
	if (status == CRM_OK)
		status = filter ? filter(from, r->place.fd, payload) : copy_descriptor(s, from, r->place.fd);
	if (status == CRM_OK)
		status = read_digest(r);
	if (status == CRM_OK)
		status = check_copy(r);
	if (status < 0)
		crm_restore_close(r);
	else
		*out = r;
	return status;
}

/* --- the swap --- */

/* Out of WAL mode and locked; CRM_BUSY as long as another process has it open. */
static int try_lock(crm_store *old)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_exec(old, "PRAGMA journal_mode = DELETE");

	if (status == CRM_OK)
		status = db_exec(old, "BEGIN EXCLUSIVE");
	if (status < 0)
		return status;
	/* between the two somebody may have opened it, who had it kept as it should be */
	status = db_prepare(&st, old, "PRAGMA journal_mode", DB_ONCE);
	if (status == CRM_OK)
		status = db_step(st);
	if (status == CRM_OK && strcmp(db_text(st, 0), "wal") != 0)
		return CRM_OK;
	db_release(TAKE_PTR(st));
	sqlite3_exec(old->db, "ROLLBACK", NULL, NULL, NULL);
	return status < 0 ? status : CRM_BUSY;
}

/*
 * The lock that nobody else can share, on a file that is complete by itself: its WAL is written back and gone. SQLite
 * does not wait for others to close it, so we do.
 */
static int lock_present(crm_restore *r)
{
	crm_store *old = r->old;
	int status;

	sqlite3_busy_handler(old->db, NULL, NULL);
	old->wait = r->s->wait;
	for (int attempts = 0; (status = try_lock(old)) == CRM_BUSY && !r->s->interrupted; attempts++)
		if (!busy_wait(old, attempts)) {
			cleanup(freep) char *who = holder_read(old);

			if (who && *who)
				return err_set(&r->s->err, CRM_BUSY,
					"%s: another process has it open: %s: waited %d s (--wait), nothing was "
					"changed",
					r->path, who, old->wait);
			return err_set(&r->s->err, CRM_BUSY,
				"%s: another process has it open: waited %d s (--wait), nothing was changed", r->path,
				old->wait);
		}
	r->locked = status == CRM_OK;
	if (status == CRM_BUSY)
		return err_set(&r->s->err, CRM_INTERRUPTED, "interrupted: nothing was changed");
	return r->locked ? CRM_OK : err_set(&r->s->err, status, "%s", crm_errmsg(old));
}

/* Back to what it was: the swap did not take place. */
static void unlock_present(crm_restore *r)
{
	if (!r->locked)
		return;
	sqlite3_exec(r->old->db, "ROLLBACK", NULL, NULL, NULL);
	if (!r->swapped && r->old->wal)
		sqlite3_exec(r->old->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	r->locked = false;
}

static int write_operation(crm_restore *r)
{
	struct buf command = BUF_INIT;
	const char *base = strrchr(r->name, '/');
	int64_t id;
	int status;

	buf_printf(&command, "restore %s sha256:%s", base ? base + 1 : r->name, r->digest);
	status = buf_str(&command) ? crm_begin(r->s, command.s) : err_nomem(&r->s->err);
	buf_free(&command);
	if (status < 0)
		return status;
	status = op_id(&id, r->s);
	if (status == CRM_OK)
		return crm_commit(r->s);
	crm_rollback(r->s);
	return status;
}

int restore_lock(crm_restore *r)
{
	int status = r->old ? lock_present(r) : CRM_OK;

	return status == CRM_OK ? write_operation(r) : status;
}

/* One file from here on. */
static int finish_copy(crm_restore *r)
{
	int status = store_write_back(r->s);

	store_disconnect(r->s);
	free(r->s->path);
	r->s->path = strdup(r->path);
	return r->s->path || status < 0 ? status : err_nomem(&r->s->err);
}

static int copy_present(crm_restore *r)
{
	struct place copy = { .fd = -1, .temp = strdup(r->kept) };
	int status;

	if (!copy.temp)
		return err_nomem(&r->s->err);
	r->present_fd = open(r->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (r->present_fd >= 0)
		copy.fd = open(r->kept, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	status = copy.fd < 0 ? err_set(&r->s->err, CRM_FAILED, "%s: %s", r->kept, strerror(errno))
			     : copy_descriptor(r->s, r->present_fd, copy.fd);
	if (status == CRM_OK && fsync(copy.fd) < 0)
		status = err_set(&r->s->err, CRM_FAILED, "%s: %s", r->kept, strerror(errno));
	if (status == CRM_OK)
		free(TAKE_PTR(copy.temp));
	place_drop(&copy);
	return status;
}

/* A second name for the present file; on file systems without links a copy, as good while the file is locked. */
static int keep_present(crm_restore *r)
{
	if (r->present == CRM_RESTORE_EMPTY || link(r->path, r->kept) == 0)
		return CRM_OK;
	if (errno == EEXIST)
		return err_set(&r->s->err, CRM_EXISTS, "%s: there is a file already", r->kept);
	return copy_present(r);
}

/*
 * A store that could be opened has none left. What lies beside a damaged one belongs to it, and what was left beside one
 * that is gone would be read as a part of the new one.
 */
static int move_companions(crm_restore *r)
{
	static const char *const suffixes[] = { "-wal", "-journal", "-shm" };
	struct buf from = BUF_INIT, to = BUF_INIT;
	int status = CRM_OK;

	for (size_t i = 0; i < ARRAY_SIZE(suffixes) && status == CRM_OK; i++) {
		buf_clear(&from);
		buf_clear(&to);
		buf_printf(&from, "%s%s", r->path, suffixes[i]);
		buf_printf(&to, "%s%s", r->kept, suffixes[i]);
		if (!buf_str(&from) || !buf_str(&to))
			status = err_nomem(&r->s->err);
		else if (rename(from.s, to.s) < 0 && errno != ENOENT)
			status = err_set(&r->s->err, CRM_FAILED, "%s: %s", from.s, strerror(errno));
	}
	buf_free(&from);
	buf_free(&to);
	return status;
}

int restore_put(crm_restore *r)
{
	int status = finish_copy(r);

	if (status == CRM_OK)
		status = keep_present(r);
	if (status == CRM_OK)
		status = move_companions(r);
	if (status == CRM_OK)
		status = place_keep(&r->place, r->s, r->present != CRM_RESTORE_EMPTY);
	r->swapped = !r->place.temp;
	if (!r->swapped && r->locked)
		unlink(r->kept);
	unlock_present(r);
	return status;
}

crm_store *restore_store(const crm_restore *r)
{
	return r->s;
}

crm_store *restore_previous(const crm_restore *r)
{
	return r->locked ? r->old : NULL;
}

const char *restore_path(const crm_restore *r)
{
	return r->path;
}

const crm_backup_info *crm_restore_copy(const crm_restore *r)
{
	return &r->copied;
}

crm_restore_place crm_restore_present(crm_backup_info *out, const crm_restore *r)
{
	*out = r->present_info;
	return r->present;
}

const char *crm_restore_kept(const crm_restore *r)
{
	return r->present == CRM_RESTORE_EMPTY ? NULL : r->kept;
}

void crm_restore_close(crm_restore *r)
{
	if (!r)
		return;
	unlock_present(r);
	crm_store_close(r->old);
	if (r->present_fd >= 0)
		close(r->present_fd);
	store_disconnect(r->s);
	free(TAKE_PTR(r->s->path));
	place_drop(&r->place);
	free(r->path);
	free(r->name);
	free(r->kept);
	free(r);
}
