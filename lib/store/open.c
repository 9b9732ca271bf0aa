/*
 * Opening: the path is owned before SQLite sees it, the connection hardened before the first statement, the schema
 * compared before the first use.
 */
#include "store/internal.h"
#include "store/migrations.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The absolute path: symbolic links in the directory are followed, the file itself must not be one. */
int store_absolute_path(crm_store *s, char **out, const char *path)
{
	cleanup(freep) char *dir_copy = NULL, *base_copy = NULL, *dir = NULL;
	struct buf b = BUF_INIT;
	const char *base;

	if (!path || !*path || strcmp(path, ":memory:") == 0 || strncmp(path, "file:", 5) == 0)
		return err_set(&s->err, CRM_INVALID, "'%s' is not the path of a store", path ? path : "");
	dir_copy = strdup(path);
	base_copy = strdup(path);
	if (!dir_copy || !base_copy)
		return err_nomem(&s->err);
	dir = realpath(dirname(dir_copy), NULL);
	if (!dir && errno == ENOMEM)
		return err_nomem(&s->err);
	if (!dir)
		return err_set(&s->err, errno == ENOENT ? CRM_NOSTORE : CRM_FAILED, "%s: %s", path, strerror(errno));
	base = basename(base_copy);
	buf_printf(&b, "%s%s%s", dir, strcmp(dir, "/") == 0 ? "" : "/", base);
	*out = buf_take(&b);
	return *out ? CRM_OK : err_nomem(&s->err);
}

static int check_file(crm_store *s, const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? err_set(&s->err, CRM_NOSTORE, "%s: there is no store", path)
				       : err_set(&s->err, CRM_READONLY, "%s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(&s->err, CRM_SCHEMA, "%s: is a directory, not a store", path);
	if (!S_ISREG(st.st_mode))
		return err_set(&s->err, CRM_SCHEMA, "%s: is not a plain file (a symbolic link is not followed)", path);
	if (st.st_size == 0)
		return err_set(&s->err, CRM_SCHEMA, "%s: is empty, not a crm store", path);
	return owner_check(s, path, &st);
}

/* Big sorts must not leave people's data in /tmp: SQLite's temporary files go beside the store. */
static int temporary_files(const char *path)
{
	cleanup(freep) char *copy = strdup(path);

	if (!copy)
		return CRM_NOMEM;
	if (!sqlite3_temp_directory)
		sqlite3_temp_directory = sqlite3_mprintf("%s", dirname(copy));
	return sqlite3_temp_directory ? CRM_OK : CRM_NOMEM;
}

/* A handle on the file, of which nothing was believed yet; SQLite opens it to read only when it cannot be written. */
int store_connect(crm_store *s, const char *path)
{
	int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE;
	int r;

	if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK)
		return s->db ? db_error(s, "store") : err_nomem(&s->err);
	sqlite3_busy_handler(s->db, busy_wait, s);
	if (s->mode != CRM_OPEN_READ && sqlite3_db_readonly(s->db, "main") == 1)
		return err_set(&s->err, CRM_READONLY, "%s: may not be written by this user", path);
	r = guard_begin(s);
	if (r == CRM_OK && temporary_files(path) < 0)
		r = err_nomem(&s->err);
	return r == CRM_OK ? functions_register(s) : r;
}

int store_write_back(crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int r = db_prepare(&st, s, "PRAGMA wal_checkpoint(TRUNCATE)", DB_ONCE);

	if (r == CRM_OK)
		r = db_step(st);
	if (r == CRM_OK && db_int(st, 0) != 0)
		return err_set(&s->err, CRM_BUSY, "%s: another process reads it", s->path);
	return r < 0 ? r : CRM_OK;
}

void store_disconnect(crm_store *s)
{
	db_forget(s);
	guard_end(s);
	sqlite3_close(s->db);
	s->db = NULL;
}

int store_make_directory(crm_store *s, const char *path, mode_t mode)
{
	cleanup(freep) char *dir = strdup(path);
	char *p;

	if (!dir)
		return err_nomem(&s->err);
	p = strrchr(dir, '/');
	if (!p || p == dir)
		return CRM_OK;
	*p = '\0';
	for (p = dir + 1;; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(dir, mode) < 0 && errno != EEXIST)
			return err_set(&s->err, CRM_FAILED, "%s: %s", dir, strerror(errno));
		*p = c;
		if (c == '\0')
			return CRM_OK;
	}
}

/* What a new store is to be like. */
struct plan {
	mode_t mode;
	gid_t group;
	crm_fill_fn fill; /* or NULL */
	void *payload;
};

/* Makes a whole store under a temporary name: what appears under the real one is complete or absent. */
static int build_store(crm_store *s, const char *temp, const struct plan *plan)
{
	int fd = open(temp, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return err_set(&s->err, CRM_FAILED, "%s: %s", temp, strerror(errno));
	r = fchmod(fd, plan->mode) < 0 || (plan->group != (gid_t)-1 && fchown(fd, (uid_t)-1, plan->group) < 0)
		    ? err_set(&s->err, CRM_FAILED, "%s: %s", temp, strerror(errno))
		    : CRM_OK;
	close(fd);
	if (r == CRM_OK)
		r = store_connect(s, temp);
	if (r == CRM_OK) {
		guard_accept(s);
		s->wal = false;
		r = remote_prepare(s);
	}
	if (r == CRM_OK)
		r = db_exec(s, "PRAGMA application_id = 1668443441");
	if (r == CRM_OK)
		r = store_settle(s);
	if (r == CRM_OK) {
		s->schema = 0;
		r = schema_migrate(s);
	}
	if (r == CRM_OK && s->remote)
		remote_warn(s);
	if (r == CRM_OK && plan->fill)
		r = plan->fill(s, plan->payload);
	if (r == CRM_OK) /* the file alone gets its name */
		r = store_write_back(s);
	store_disconnect(s);
	return r;
}

static int create_store(crm_store *s, const char *path, const struct plan *plan)
{
	cleanup(freep) char *whole = NULL;
	struct buf temp = BUF_INIT;
	const char *const suffixes[] = { "", "-wal", "-shm", "-journal", "-holder" };
	int r = store_absolute_path(s, &whole, path);

	if (r == CRM_OK)
		r = owner_check_place(s, whole, plan->group);
	if (r < 0)
		return r;
	_Static_assert(STORE_APPLICATION_ID == 1668443441, "the pragma in build_store() writes this number");
	buf_printf(&temp, "%s.new-%ld", path, (long)getpid());
	if (!buf_str(&temp))
		return err_nomem(&s->err);
	s->path = strdup(temp.s);
	r = s->path ? build_store(s, temp.s, plan) : err_nomem(&s->err);
	if (r == CRM_OK && link(temp.s, path) < 0)
		r = errno == EEXIST ? err_set(&s->err, CRM_EXISTS, "%s: there is a file already", path)
				    : err_set(&s->err, CRM_FAILED, "%s: %s", path, strerror(errno));
	for (size_t i = 0, len = temp.len; i < ARRAY_SIZE(suffixes); i++) {
		buf_truncate(&temp, len);
		buf_puts(&temp, suffixes[i]);
		if (buf_str(&temp))
			unlink(temp.s);
	}
	if (r == CRM_OK)
		r = place_sync_directory(s, path);
	buf_free(&temp);
	free(s->path);
	s->path = NULL;
	return r;
}

bool store_moved(crm_store *s)
{
	int moved = 0;

	return sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved;
}

/* Nothing of the file is used before all of it is known to be ours. *moved, if not NULL: another one has its name now. */
int store_inspect(crm_store *s, bool *moved)
{
	int r = header_check(s);

	if (r == CRM_OK)
		r = remote_prepare(s);
	if (r == CRM_OK)
		r = db_hold(s);
	if (r < 0)
		return r;
	r = schema_check(s);
	if (moved)
		*moved = store_moved(s);
	db_unhold(s);
	if (r < 0)
		return r;
	guard_accept(s);
	return store_settle(s);
}

static int connect_once(crm_store *s, bool *moved)
{
	int r = check_file(s, s->path);

	if (r == CRM_OK)
		r = store_connect(s, s->path);
	return r == CRM_OK ? store_inspect(s, moved) : r;
}

/*
 * A restore may put another store in the place between our opening the file and our first lock on it: then that one is
 * meant. Once we have read it, none can (restore.c).
 */
static int connect_checked(crm_store *s)
{
	enum {
		TRIES = 10
	};

	for (int i = 0; i < TRIES; i++) {
		bool moved = false;
		int r = connect_once(s, &moved);

		if (!moved)
			return r;
		store_disconnect(s);
	}
	return err_set(&s->err, CRM_CONFLICT, "%s: is replaced again and again", s->path);
}

int crm_store_open(crm_store *s, const char *path, crm_open_mode mode)
{
	int r;

	if (s->db)
		return err_set(&s->err, CRM_CONFLICT, "a store is open already: %s", s->path);
	free(s->path);
	s->path = NULL;
	s->mode = mode;
	s->wal_waits = false;
	if (mode == CRM_OPEN_CREATE && path && access(path, F_OK) < 0 && errno == ENOENT) {
		r = store_make_directory(s, path, 0700);
		if (r == CRM_OK)
			r = create_store(s, path, &(struct plan){ .mode = 0600, .group = (gid_t)-1 });
		if (r < 0 && r != CRM_EXISTS) /* another process may have made it meanwhile */
			return r;
	}
	r = store_absolute_path(s, &s->path, path);
	if (r == CRM_OK)
		r = connect_checked(s);
	if (r == CRM_OK && s->schema < crm_schema_version())
		r = schema_migrate(s);
	if (r < 0)
		store_disconnect(s);
	return r;
}

/* The directory of a shared store is given to the group: it must be one that nobody else uses. */
static int share_directory(crm_store *s, const char *path, gid_t group)
{
	cleanup(freep) char *copy = strdup(path);
	struct stat st;
	char *dir;

	if (!copy)
		return err_nomem(&s->err);
	dir = dirname(copy);
	if (stat(dir, &st) == 0 && st.st_mode & S_ISVTX)
		return err_set(&s->err, CRM_INVALID,
			"%s: is a place for everybody's files: a shared store needs a directory of its own", dir);
	/* chown before chmod: it clears the set-group-id bit. */
	if (chown(dir, (uid_t)-1, group) < 0 || chmod(dir, 02770) < 0)
		return err_set(&s->err, CRM_FAILED, "%s: %s", dir, strerror(errno));
	return CRM_OK;
}

int crm_store_init(crm_store *s, const char *path, const char *group)
{
	return crm_store_init_filled(s, path, group, NULL, NULL);
}

int crm_store_init_filled(crm_store *s, const char *path, const char *group, crm_fill_fn fill, void *payload)
{
	struct plan plan = { .mode = group ? 0660 : 0600, .group = (gid_t)-1, .fill = fill, .payload = payload };
	const struct group *g = NULL;
	int r;

	if (s->db)
		return err_set(&s->err, CRM_CONFLICT, "a store is open already: %s", s->path);
	if (group && !(g = getgrnam(group)))
		return err_set(&s->err, CRM_INVALID, "there is no group '%s'", group);
	if (!path || !*path || strcmp(path, ":memory:") == 0 || strncmp(path, "file:", 5) == 0)
		return err_set(&s->err, CRM_INVALID, "'%s' is not the path of a store", path ? path : "");
	if (access(path, F_OK) == 0)
		return err_set(&s->err, CRM_EXISTS, "%s: there is a file already", path);
	s->mode = CRM_OPEN_WRITE;
	r = store_make_directory(s, path, 0700);
	if (r == CRM_OK && g)
		r = share_directory(s, path, plan.group = g->gr_gid);
	if (r == CRM_OK)
		r = create_store(s, path, &plan);
	return r < 0 ? r : crm_store_open(s, path, CRM_OPEN_WRITE);
}
