/* What the files of lib/store share and nobody else sees. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store/store.h"
#include <sqlite3.h>

int functions_register(crm_store *s);                  /* fold(), has(), REGEXP … */
int search_functions_register(crm_store *s);           /* words(), has_words() … */
int journal_functions_register(crm_store *s);          /* image(), image_hash() */
void result_text(sqlite3_context *ctx, struct buf *b); /* the text, which is freed, as the result */
int busy_wait(void *store, int attempts);              /* our busy handler */
void holder_write(const crm_store *s);                 /* says beside the store who writes */
void holder_remove(const crm_store *s);
void bulk_forget(crm_store *s);
void operation_clear(crm_store *s);

#endif
