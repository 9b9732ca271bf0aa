/* Copies of a store: made while others write, thinned out, put back. */
#ifndef CRM_BACKUP_H
#define CRM_BACKUP_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a copy holds. */
typedef struct crm_backup_info {
	uint64_t bytes; /* of the store, unencrypted */
	int64_t customers;
	int64_t operation; /* the last one of its journal, 0: none */
	int schema;        /* version of its schema */
} crm_backup_info;

/*
 * Copies all of `from`, from where it stands, to `to`, changed on the way: encrypted, for example. CRM_OK or negative;
 * what went wrong it keeps to itself.
 */
typedef int (*crm_backup_filter)(int from, int to, void *payload);

/*
 * Copies the open store, as it is at one moment, to a file that appears whole or not at all: mode 0600, read to its end
 * as a store before it stands at `path`, and synced. Others may write meanwhile, and do not wait. `replace`: a file that
 * is there is replaced. With `filter` (NULL: none) the file holds what it makes of the store; the store itself is then
 * written nowhere but into its own folder, without a name.
 *
 * CRM_EXISTS when there is a file and it is not to be replaced. CRM_INVALID when `path` is the store, one of its own
 * files, or no plain file. CRM_FAILED, CRM_INTERRUPTED, CRM_SCHEMA when the store is damaged.
 */
CRM_API int crm_backup(
	crm_backup_info *out, crm_store *s, const char *path, bool replace, crm_backup_filter filter, void *payload);

/* The same copy as a descriptor of a file without a name, at its beginning; the caller closes it. */
CRM_API int crm_backup_open(int *fd, crm_backup_info *out, crm_store *s);

/* --- which copies to keep --- */

/* What a copy made now (crm_store_now) is called among others: crm-20260310T120000Z.db. */
CRM_API void crm_backup_name(char dst[32], const crm_store *s);

/* When a copy of such a name, which may have `.enc` at its end, was made. False for any other name. */
CRM_API bool crm_backup_name_time(int64_t *out, const char *name);

/* How many days, weeks, months and years each keep their newest copy. */
typedef struct crm_keep {
	int days, weeks, months, years;
} crm_keep;

/* Reads "7d,4w,12m,3y": each unit at most once, in any order. CRM_INVALID. */
CRM_API int crm_keep_parse(crm_keep *out, crm_store *s, const char *text);

/*
 * keep[i] says whether the copy made at times[i] (UTC) is kept: the newest of each of the last `days` days of the
 * store's zone that have one; weeks begin on Monday. Copies later than `now` are kept and count for nothing: some clock
 * was wrong. The times may have any order; of equal ones all are kept or none.
 */
CRM_API int crm_keep_choose(
	bool *keep, crm_store *s, const crm_keep *rules, const int64_t *times, size_t n, int64_t now);

/* --- putting one back --- */

typedef struct crm_restore crm_restore;

/*
 * Makes a new store of the copy that can be read from the descriptor `from` (through `filter`, NULL: as it is), beside
 * `path` and not yet there: read to its end and compared with what a store is, brought to the newest schema. `name` is
 * what the copy is called, for messages and the journal. `s` must not be open; until crm_restore_close() it is the
 * handle on the new store. Nothing that is at `path` is changed.
 *
 * CRM_SCHEMA when the copy is no store, damaged or of a newer version; CRM_INVALID, CRM_FAILED, CRM_INTERRUPTED, and
 * whatever the filter returns.
 */
CRM_API int crm_restore_open(crm_restore **out, crm_store *s, const char *path, int from, const char *name,
	crm_backup_filter filter, void *payload);

/* What the copy holds, and what is at the place now. */
CRM_API const crm_backup_info *crm_restore_copy(const crm_restore *r);
typedef enum crm_restore_place {
	CRM_RESTORE_EMPTY,  /* there is nothing */
	CRM_RESTORE_STORE,  /* a store: crm_restore_present() */
	CRM_RESTORE_DAMAGED /* a file that cannot be read as a store */
} crm_restore_place;
CRM_API crm_restore_place crm_restore_present(crm_backup_info *out, const crm_restore *r);

/* What was erased for good before, and came back with the copy. */
typedef struct crm_restored {
	size_t erased; /* records that were erased again */
	bool owed;     /* pages may hold traces of them until crm_vacuum() */
} crm_restored;

/*
 * Puts the new store in its place, in one step: whoever opens the store finds the one or the other. The previous one is
 * kept beside it, complete in one file: crm_restore_kept(). Waits until no other process has it open (CRM_BUSY after
 * the wait); one that comes meanwhile waits, and then finds the new store, or is refused before it writes. The journal
 * gets an operation `restore NAME sha256:DIGEST`, the digest being that of the unencrypted copy.
 *
 * What the previous store, FILE-erased beside it and the file `ledger` (NULL: none) say was erased is erased again before
 * (crm/privacy.h), and the entries of `ledger` are added to FILE-erased.
 */
CRM_API int crm_restore_swap(crm_restored *out, crm_restore *r, const char *ledger);

/* Where the previous store is kept, NULL: there was none. Known before the swap. Borrowed. */
CRM_API const char *crm_restore_kept(const crm_restore *r);

/* Closes and frees; what was not swapped in is gone. */
CRM_API void crm_restore_close(crm_restore *r);

#ifdef __cplusplus
}
#endif

#endif
