/*
 * Until its schema is known to be ours a file is somebody's, and may be made to make us run, grow or write: it is opened
 * with little memory and little time, and what SQLite would run or trust of it is off for good.
 *
 * The limits on memory are SQLite's for the whole process.
 */
#include "store/internal.h"
#include "store/migrations.h"
#include <stdio.h>
#include <sys/vfs.h>
#include <time.h>

enum {
	/*
	 * A store of crm needs 1 MB and 4,000 steps to be opened, and no text of its schema has 4 KB. What others add to
	 * it (tables, views) may be a hundred times that.
	 */
	OPENING_HEAP = 24 << 20,
	OPENING_LENGTH = 100 * 1000,
	OPENING_STEPS = 5000, /* between two looks at the clock */
	OPENING_MS = 500,     /* of processor time */
	WATCH_STEPS = 100000, /* some milliseconds */

	/*
	 * The largest value is the weights of a classifier, DB_LENGTH_MAX, of which there are a few copies while it is
	 * written. An import of a million rows needs 9 MB.
	 */
	HEAP_MAX = 512 << 20
};

/* --- hardening --- */

static int configure(crm_store *s)
{
	static const struct {
		int option, value;
	} settings[] = {
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 }, /* crm_sql() turns them on for itself */
		{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (sqlite3_db_config(s->db, settings[i].option, settings[i].value, NULL) != SQLITE_OK)
			return db_error(s, "store");
	return CRM_OK;
}

/* While the file is somebody's, and once it is ours. */
static void set_limits(crm_store *s, bool ours)
{
	static const struct {
		int limit, opening, open;
	} limits[] = {
		{ SQLITE_LIMIT_LENGTH, OPENING_LENGTH, DB_LENGTH_MAX },
		{ SQLITE_LIMIT_SQL_LENGTH, OPENING_LENGTH, 16 << 20 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 100, 1000 }, /* a filter of a thousand terms is as deep */
		{ SQLITE_LIMIT_COMPOUND_SELECT, 50, 500 },
		{ SQLITE_LIMIT_ATTACHED, 0, 0 },      /* raised by whoever runs VACUUM, which attaches its new file */
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 5, 5 }, /* references of tables that are not ours */
		{ SQLITE_LIMIT_WORKER_THREADS, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		sqlite3_limit(s->db, limits[i].limit, ours ? limits[i].open : limits[i].opening);
}

static int64_t processor_ms(void)
{
	struct timespec ts;

	/* How long we have worked, not what time it is. */
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int too_long(void *store)
{
	const crm_store *s = store;

	return processor_ms() > s->guard_until_ms;
}

static int told_to_end(void *store)
{
	return ((const crm_store *)store)->interrupted;
}

void guard_watch(crm_store *s)
{
	sqlite3_progress_handler(s->db, WATCH_STEPS, told_to_end, s);
}

int guard_begin(crm_store *s)
{
	int r = configure(s);

	if (r < 0)
		return r;
	s->guarded = true;
	s->guard_until_ms = processor_ms() + OPENING_MS;
	set_limits(s, false);
	sqlite3_memory_highwater(1);
	sqlite3_hard_heap_limit64(sqlite3_memory_used() + OPENING_HEAP);
	sqlite3_progress_handler(s->db, OPENING_STEPS, too_long, s);
	/* What waits in a log is brought into the file when the last connection closes: not into a file that is refused. */
	if (s->wal_waits)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return db_exec(s, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0");
}

bool guard_ran_out(void)
{
	sqlite3_int64 used, most;
	int size, largest;

	sqlite3_status64(SQLITE_STATUS_MEMORY_USED, &used, &most, 0);
	sqlite3_status(SQLITE_STATUS_MALLOC_SIZE, &size, &largest, 0);
	return most + largest >= sqlite3_hard_heap_limit64(-1);
}

void guard_end(crm_store *s)
{
	if (!s->guarded)
		return;
	s->guarded = false;
	sqlite3_hard_heap_limit64(HEAP_MAX);
	guard_watch(s);
}

void guard_accept(crm_store *s)
{
	guard_end(s);
	set_limits(s, true);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
}

/* --- what the first page says, before SQLite asks the log or a journal --- */

int header_check(crm_store *s)
{
	unsigned char h[100];
	sqlite3_file *file = NULL;
	uint32_t application;

	if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file->pMethods)
		return db_error(s, "store");
	if (file->pMethods->xRead(file, h, sizeof(h), 0) != SQLITE_OK || memcmp(h, "SQLite format 3", 16) != 0)
		return err_set(&s->err, CRM_SCHEMA, "%s: not a crm store", s->path);
	application = (uint32_t)h[68] << 24 | (uint32_t)h[69] << 16 | (uint32_t)h[70] << 8 | h[71];
	if (application != STORE_APPLICATION_ID)
		return err_set(&s->err, CRM_SCHEMA, "%s: not a crm store (a database of another program)", s->path);
	s->wal = h[18] == 2;
	return CRM_OK;
}

/* --- file systems --- */

/* The file systems on which memory is not shared between all who have the file open, as the log of WAL needs. */
static const char *remote_file_system(const char *path)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} remote[] = {
		{ 0x6969, "NFS" },
		{ 0x517b, "SMB" },
		{ 0xfe534d42, "SMB" },
		{ 0xff534d42, "CIFS" },
		{ 0x01021997, "9p" },
		{ 0x65735546, "FUSE" },
		{ 0x5346414f, "AFS" },
		{ 0x6b414653, "AFS" },
		{ 0x73757245, "Coda" },
		{ 0x00c36400, "Ceph" },
		{ 0x0bd00bd0, "Lustre" },
		{ 0x786f4256, "vboxsf" },
	};
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(remote); i++)
		if ((uint32_t)fs.f_type == remote[i].magic)
			return remote[i].name;
	return NULL;
}

/* Before the file is read: with WAL and locks as usual it would be read through shared memory. */
int remote_prepare(crm_store *s)
{
	s->remote = remote_file_system(s->path);
	return s->remote && s->wal ? db_exec(s, "PRAGMA locking_mode = EXCLUSIVE") : CRM_OK;
}

void remote_warn(crm_store *s)
{
	store_say(s, CRM_EVENT_WARNING, 0,
		"the store lies on %s, that other machines may share: it is slower there, and only one machine at a "
		"time may use it",
		s->remote);
}

static int leave_wal(crm_store *s)
{
	/* the lock is given up at the end of the next thing that is read */
	int r = db_exec(s, "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT 1 FROM sqlite_schema");

	if (r == CRM_OK) {
		s->wal = false;
		remote_warn(s);
	}
	return r;
}

/*
 * How it is kept from here on: with a log (WAL), where memory is shared; else with a journal. With EXTRA the removal of a
 * journal is on disk, too, before we say that something is done; with a log it is the same as FULL.
 */
int store_settle(crm_store *s)
{
	int r = db_exec(s, s->mode != CRM_OPEN_READ
				   ? "PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON; PRAGMA cache_size = -4000"
				   : "PRAGMA cache_size = -2000");

	if (r < 0 || s->mode == CRM_OPEN_READ || s->wal == !s->remote)
		return r;
	if (s->remote)
		return leave_wal(s);
	/* a copy, or one that comes from elsewhere; while others read it, it stays as it is */
	s->wal = sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) == SQLITE_OK;
	return CRM_OK;
}
