/* What the files of lib/store share and nobody else sees. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store/store.h"
#include <crm/backup.h>
#include <sqlite3.h>
#include <sys/stat.h>

int functions_register(crm_store *s);                  /* fold(), has(), REGEXP … */
int search_functions_register(crm_store *s);           /* words(), has_words() … */
int journal_functions_register(crm_store *s);          /* image(), image_hash() */
int row_sum_functions_register(crm_store *s);          /* row_sum(), belonging_sum() */
void result_text(sqlite3_context *ctx, struct buf *b); /* the text, which is freed, as the result */
int busy_wait(void *store, int attempts);              /* our busy handler */
void holder_write(const crm_store *s);                 /* says beside the store who writes */
void holder_remove(const crm_store *s);
int db_begin(crm_store *s, const char *sql); /* a transaction, or nothing */
void bulk_forget(crm_store *s);
void operation_clear(crm_store *s);

/* --- opening, in this order (open.c): whose the file is (owner.c), then what it is (guard.c, schema.c) --- */

/*
 * Refuses (CRM_READONLY) a store that somebody else can write, unless the user trusts it, and one beside which something
 * was planted. `st`: of the file. owner_check_place(): the same of the directory of a store that is to be made, `group`
 * being its own or -1.
 */
int owner_check(crm_store *s, const char *path, const struct stat *st);
int owner_check_place(crm_store *s, const char *path, gid_t group);

/*
 * Hardens a connection that has read nothing yet. Until guard_accept() it has little memory and time, and whatever SQLite
 * finds wrong means that the file is no store; guard_end() leaves it at that.
 */
int guard_begin(crm_store *s);
void guard_end(crm_store *s);
bool guard_ran_out(void); /* what lacked was not the machine's memory, but what a file may take */
void guard_accept(crm_store *s);

/* A statement that begins after crm_store_interrupt() ends too: sqlite3_interrupt() only ends those under way. */
void guard_watch(crm_store *s);

int header_check(crm_store *s);   /* the first page is that of a store; also sees whether it has a log */
int remote_prepare(crm_store *s); /* before it is read: where it lies */
void remote_warn(crm_store *s);   /* says so */
int store_settle(crm_store *s);   /* when it is known to be ours: how it is written from here on */

/*
 * What belongs to this store has one mode and owner, whatever the umask: gives them to a file that was made just now (0 or
 * -1 with errno), or makes FILE + suffix, or opens it if it is there (a descriptor, or -1 with errno; never through a link).
 */
int store_give(const crm_store *s, int fd);
int store_open_beside(const crm_store *s, const char *suffix, int flags);
/* --- open.c --- */

int store_absolute_path(crm_store *s, char **out, const char *path);
int store_connect(crm_store *s, const char *path); /* guarded; s->path and s->mode are set */
int store_inspect(crm_store *s, bool *moved);      /* what was connected is ours, and is used from here on */
void store_disconnect(crm_store *s);

/*
 * Writes the log back into the file and empties it, as closing does without saying when it could not. CRM_BUSY: somebody
 * reads the store as it was.
 */
int store_write_back(crm_store *s);
int store_make_directory(crm_store *s, const char *path, mode_t mode); /* those above `path` */
bool store_moved(crm_store *s); /* the open file is no longer the one of that name */

/* --- backup.c --- */

/* The store as it is at one moment into a file that is empty or not there; freed pages and their content stay behind. */
int store_copy(crm_store *s, const char *path);

/* The same to a file that appears whole or not at all. CRM_EXISTS. */
int store_copy_to(crm_store *s, const char *path);

/* What it holds, as far as that can be read. */
void store_count(crm_backup_info *out, crm_store *s);

/*
 * Reads every page of the open file, with progress: "quick_check" or "integrity_check". CRM_SCHEMA when something is
 * wrong; ends early once *stop is not 0.
 */
int store_check_pages(crm_store *s, const char *pragma, const volatile int *stop);

/* --- a file that is made beside its place and then put there: whole or absent (place.c) --- */

struct place {
	char *path, *temp;
	int fd; /* of `temp` */
};

/*
 * Makes DIRECTORY/.crm-new-PID, empty, 0600, in the folder of `path` (absolute). What processes that are gone have left
 * there is removed.
 */
int place_begin(struct place *p, crm_store *s, const char *path);

/* Syncs it and renames it; `replace`: another file may stand there. */
int place_keep(struct place *p, crm_store *s, bool replace);

/* Removes it unless it was kept, and frees. */
void place_drop(struct place *p);

/* Adds 20260310T120000Z. */
void place_put_stamp(struct buf *name, int64_t time);

/* Adds -2, -3 … to a path that is taken. */
void place_free_name(struct buf *path);

int place_sync_directory(crm_store *s, const char *path); /* of a file */

/* All of `from`, from where it stands. */
int copy_descriptor(crm_store *s, int from, int to);

#endif
