/* The journal: who changed what, and taking it back. */
#ifndef CRM_JOURNAL_H
#define CRM_JOURNAL_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Operations, newest first: id, at, agent, login, command, created, changed (removed ones too), undone_by.
 * `limit` negative: all.
 */
CRM_API int crm_history(crm_cursor **out, crm_store *s, int64_t limit);

/* Changes of one record, newest first: operation, at, agent, command, field, old, new. */
CRM_API int crm_history_record(crm_cursor **out, crm_store *s, const crm_entity *e, int64_t id);

enum {
	CRM_DIGEST_LINE = 160 /* with its NUL */
};

/*
 * One line that says what the journal holds, to be kept elsewhere: `crm-digest v1 OPERATION TIME DIGEST`, of the newest
 * operation; the digest is of that operation and all before it (crm-schema(5)). CRM_NOTFOUND when none has one.
 */
CRM_API int crm_history_digest(char line[CRM_DIGEST_LINE], crm_store *s);

/*
 * Computes all digests anew and compares them with the stored ones and with such a line. CRM_OK: up to that operation
 * the journal is what it was when the line was printed, and the *later ones after it are what they were when they were
 * made. CRM_REJECTED when not, with a message that says what differs; CRM_INVALID when it is no such line.
 */
CRM_API int crm_history_verify(int64_t *later, crm_store *s, const char *line);

/*
 * The record that `TYPE:NAME` means, also one that is gone, by its number: it was removed, or erased for good. CRM_NOTFOUND
 * and the rest as crm_resolve_any().
 */
CRM_API int crm_history_resolve(const crm_entity **e, int64_t *out, crm_store *s, const char *name);

/*
 * Takes an operation back, as an operation of its own; 0 means the acting agent's last one that is not undone.
 * *undone is what was taken back. CRM_NOTFOUND when there is none, CRM_CONFLICT when a later change is in the way.
 */
CRM_API int crm_undo(int64_t *undone, crm_store *s, int64_t operation);

/*
 * The same, with records that are in the way kept as they are: changed since, referred to by what stays, or with old
 * values that have no place any more. `fn` is called for each of them once all is done; `why`, as "changed by operation
 * 7", says what is in the way. Taking this undo back gives all of it again. CRM_CONFLICT when every record is in the way.
 */
typedef void (*crm_kept_fn)(const crm_entity *e, int64_t id, const char *why, void *payload);
CRM_API int crm_undo_force(int64_t *undone, crm_store *s, int64_t operation, crm_kept_fn fn, void *payload);

/* Takes the acting agent's last undo back, unless the agent has written since. */
CRM_API int crm_redo(int64_t *redone, crm_store *s);

#ifdef __cplusplus
}
#endif

#endif
