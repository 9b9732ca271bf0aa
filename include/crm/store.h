/*
 * The store: one SQLite file, opened with what the library must know of its surroundings.
 *
 * The library reads neither the environment nor the clock: the program sets clock, zone and agent on the handle.
 */
#ifndef CRM_STORE_H
#define CRM_STORE_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of the library, as "1.2.3". */
CRM_API const char *crm_version(void);

/*
 * A new handle, not yet on a file. Entity descriptions, times and names can be used with it.
 * CRM_NOMEM only.
 */
CRM_API int crm_store_new(crm_store **out);

typedef enum crm_open_mode {
	CRM_OPEN_READ,  /* never changes the file */
	CRM_OPEN_WRITE, /* an existing store; migrates an older one after a backup copy */
	CRM_OPEN_CREATE /* makes the file (0600) and its directory (0700) where missing */
} crm_open_mode;

/*
 * Opens the file. CRM_NOSTORE when it is missing, CRM_SCHEMA when it is no crm store, damaged, altered or newer,
 * CRM_READONLY, CRM_BUSY, CRM_FAILED. The handle stays usable for crm_errmsg() and crm_store_close().
 *
 * Whoever can write a store can make it do harm, so one is used only (else CRM_READONLY) if it belongs to the effective
 * user or root, or to a group of theirs (see crm_store_init()), and nobody else can write it or in its directory; and if
 * nothing beside it is a link or somebody else's. Exceptions: crm_store_trust(), crm_store_set_user().
 *
 * Until it is known to be a store, a file gets half a second of processor time and 24 MB; a refused one is left as it is.
 * SQLite's limit on memory is one for the process: opening sets it to 512 MB (sqlite3_hard_heap_limit64()).
 */
CRM_API int crm_store_open(crm_store *s, const char *path, crm_open_mode mode);

/*
 * Makes a new store: mode 0600, or with `group` 0660 for that group in a directory made 2770.
 * CRM_EXISTS when there is a file already.
 */
CRM_API int crm_store_init(crm_store *s, const char *path, const char *group);

/* The same, filled before it has its name: by `fill`, in operations of its own; when it fails there is no store. */
typedef int (*crm_fill_fn)(crm_store *s, void *payload);
CRM_API int crm_store_init_filled(crm_store *s, const char *path, const char *group, crm_fill_fn fill, void *payload);

/*
 * Before opening: stores that are used whosever they are, as absolute paths with colons between, of files or of
 * directories that they lie in, at any depth; NULL: none. To come from the user alone. CRM_INVALID.
 */
CRM_API int crm_store_trust(crm_store *s, const char *paths);

/* Before opening, by root: the stores of `uid`, for whom it acts (sudo), are used like its own. */
CRM_API void crm_store_set_user(crm_store *s, int64_t uid);

/* Closes and frees; an operation still open is rolled back. */
CRM_API void crm_store_close(crm_store *s);

/* The message of the last failed call on this handle, one line without a full stop; "" after none. */
CRM_API const char *crm_errmsg(const crm_store *s);

/*
 * True once memory was short for anything on this handle: what was read may lack something, and nothing is committed any
 * more (CRM_NOMEM). It stays so; open another handle.
 */
CRM_API bool crm_store_out_of_memory(const crm_store *s);

/* Path of the open file, or NULL. */
CRM_API const char *crm_store_path(const crm_store *s);

/* Version of the schema in the open file, and the newest that this library knows. */
CRM_API int crm_store_schema(const crm_store *s);
CRM_API int crm_schema_version(void);

/* --- surroundings; set before use --- */

/* The clock. `fixed`: a time chosen by the user (--now), so records made after it are not shown. */
CRM_API void crm_store_set_clock(crm_store *s, int64_t now, bool fixed);
CRM_API int64_t crm_store_now(const crm_store *s);

/* The zone of times without one: an IANA name or a POSIX TZ text. CRM_INVALID when unknown. */
CRM_API int crm_store_set_zone(crm_store *s, const char *zone);
CRM_API const char *crm_store_zone(const crm_store *s);

/*
 * Whether people read the rows that come from it: what the library words in them itself, as why somebody is owed a contact,
 * is in the language of the process then (language.h); else in English, as programs expect, which is the default.
 */
CRM_API void crm_store_set_read_by_people(crm_store *s, bool people);
CRM_API bool crm_store_read_by_people(const crm_store *s);

/* Who acts, and the login behind it (the journal keeps both). */
CRM_API int crm_store_set_agent(crm_store *s, const char *agent, const char *login);
CRM_API const char *crm_store_agent(const crm_store *s);

/* 1 when the acting agent is in the store, 0 when not, negative on failure. */
CRM_API int crm_store_agent_known(crm_store *s);

/* Country (ISO 3166) of phone numbers written without one; NULL: such numbers are refused. */
CRM_API int crm_store_set_country(crm_store *s, const char *iso);

/*
 * How long after a ticket was solved a word of the customer reopens it ("7d", the default); later it begins a new one.
 * CRM_INVALID.
 */
CRM_API int crm_store_set_reopen(crm_store *s, const char *duration);

/* How long after the purchase a product is under warranty ("2y"); not set: nobody knows. CRM_INVALID. */
CRM_API int crm_store_set_warranty(crm_store *s, const char *duration);

/* The tag of customers whose tickets are more urgent ("vip", the default). */
CRM_API int crm_store_set_vip(crm_store *s, const char *tag);

/* Currency (ISO 4217) of amounts written without one; NULL: such amounts are refused. */
CRM_API int crm_store_set_currency(crm_store *s, const char *currency);

/* How many seconds a writer waits for another process (0: not at all). Default 30. */
CRM_API void crm_store_set_wait(crm_store *s, int seconds);

/* --- events --- */

typedef enum crm_event_kind {
	CRM_EVENT_PROGRESS, /* done of total (0: unknown), what is being done in `text` */
	CRM_EVENT_WAITING,  /* another process holds the store; `text` says who, if known */
	CRM_EVENT_WARNING,  /* something the user should know; `text` */
	CRM_EVENT_NOTE      /* something worth saying, which --quiet leaves out; `text` */
} crm_event_kind;

typedef struct crm_event {
	crm_event_kind kind;
	uint64_t done, total;
	const char *text;
} crm_event;

typedef void (*crm_event_fn)(const crm_event *event, void *payload);

/* Long work and waits report here, in the calling thread, at most a few times a second. */
CRM_API void crm_store_on_event(crm_store *s, crm_event_fn fn, void *payload);

/*
 * Makes the running call end soon with CRM_INTERRUPTED, rolled back, and every later one that writes or waits too: the
 * store is to be closed then. Safe in a signal handler.
 */
CRM_API void crm_store_interrupt(crm_store *s);

/* --- operations: one transaction, one entry of the journal, one undo --- */

/* Begins to write; `command` is what the journal shows. CRM_BUSY after the wait. */
CRM_API int crm_begin(crm_store *s, const char *command);

/*
 * Brings derived facts up to date, writes the journal and commits. On failure everything is rolled back.
 * An operation that changed nothing leaves no entry.
 */
CRM_API int crm_commit(crm_store *s);
CRM_API void crm_rollback(crm_store *s);

/* Number of the operation that the last crm_commit() made, or 0 when it changed nothing. */
CRM_API int64_t crm_last_operation(const crm_store *s);

/* --- times, as the command line reads and writes them (crm-filter(7)) --- */

typedef enum crm_time_hint {
	CRM_TIME_PAST,
	CRM_TIME_FUTURE
} crm_time_hint;

/*
 * Reads a time; *from and *to are the first and last second meant (equal for an instant, a whole local day for a
 * day). Either may be NULL. The hint says which weekday a bare weekday is. CRM_INVALID.
 */
CRM_API int crm_time_parse(int64_t *from, int64_t *to, crm_store *s, const char *text, crm_time_hint hint);

typedef enum crm_time_form {
	CRM_TIME_RFC3339,
	CRM_TIME_SHORT
} crm_time_form;

/* Writes a time in the store's zone: 2026-01-02T15:04:05+08:00 or 2026-01-02 15:04. `dst` takes 32 bytes. */
CRM_API void crm_time_format(char dst[32], const crm_store *s, int64_t t, crm_time_form form);

/* --- the file --- */

typedef struct crm_vacuumed {
	bool whole;            /* the file was written anew: it was not beyond the limit */
	int64_t before, after; /* bytes of the store and its log */
} crm_vacuumed;

/*
 * Writes the file anew, without free pages and what still stands in them, where its pages in use are not more than
 * `limit` bytes (negative: whatever their size), and empties the write-ahead log in any
 * case. Words of erased records leave the index first. Erasures owe no traces then
 * (crm/privacy.h). It needs twice the used size of free room beside the store, which is looked for first: CRM_FAILED.
 * CRM_BUSY: another process still reads the store as it was, so that the log could not be emptied; what was owed is still.
 */
CRM_API int crm_vacuum(crm_vacuumed *out, crm_store *s, int64_t limit);

/* --- check --- */

enum crm_check_flag {
	CRM_CHECK_FIX = 1 << 0, /* what can be made anew is: facts, pinyin, indexes, sums that rows do not have yet */
	CRM_CHECK_PROBLEMS = 1 << 1 /* no rows for what is well */
};

/*
 * Checks the whole store: integrity, foreign keys, foreign objects, what is made from other things against making it
 * again, rows against their sums, journal against records and digests, file modes. The cursor has the columns check,
 * status (ok, problem, fixed), detail; of one check at most 100 problems are told. *problems counts those that remain.
 * CRM_SCHEMA when the file is too damaged to be mended at all, CRM_INTERRUPTED with nothing changed.
 */
CRM_API int crm_check(crm_cursor **out, crm_store *s, unsigned flags, size_t *problems);

#ifdef __cplusplus
}
#endif

#endif
