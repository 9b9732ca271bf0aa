/* What the files of lib/store share and nobody else sees. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store/store.h"
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
void guard_accept(crm_store *s);

int header_check(crm_store *s);   /* the first page is that of a store; also sees whether it has a log */
int remote_prepare(crm_store *s); /* before it is read: where it lies */
void remote_warn(crm_store *s);   /* says so */
int store_settle(crm_store *s);   /* when it is known to be ours: how it is written from here on */

/*
 * Opens, or makes, the file FILE + suffix with the mode and owner that what belongs to this store has, whatever the umask.
 * A descriptor, or -1 with errno; a symbolic link is not followed.
 */
int store_open_beside(const crm_store *s, const char *suffix, int flags);

#endif
