/*
 * What is stored about a person: handed out, or erased for good; the ledger of what was erased.
 */
#ifndef CRM_PRIVACY_H
#define CRM_PRIVACY_H

#include <crm/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- handing out --- */

/*
 * All that is stored about a customer, in parts: the customer, then each kind of record that hangs on one, with all fields;
 * `journal`, what was done to these records, to those that were removed, and to the numbers merged into the customer, and
 * how they were before; `erasure`, entries of the ledger. As it is at one moment, until it is freed; the cursors of its
 * parts are to be closed before. Restricted customers too. A customer who is not there has empty parts.
 */
typedef struct crm_subject crm_subject;

CRM_API int crm_subject_new(crm_subject **out, crm_store *s, int64_t customer);
CRM_API void crm_subject_free(crm_subject *x);
CRM_API size_t crm_subject_parts(const crm_subject *x);
CRM_API const char *crm_subject_name(const crm_subject *x, size_t part); /* "customer", "log", … "journal", "erasure" */
CRM_API int crm_subject_open(crm_cursor **out, const crm_subject *x, size_t part);

/* --- erasing --- */

/* What an erasure took. */
typedef struct crm_erased {
	int64_t operation;         /* that erased; 0 after a preview */
	size_t records;            /* that were there, with all that hung on them */
	size_t removed;            /* that had been removed before: the journal alone still had them */
	size_t images;             /* earlier states of all these that the journal had */
	char *text;                /* the records by kind: "1 customer, 27 communications" */
	struct crm_traces *traces; /* what stood in them, for crm_privacy_prove() */
} crm_erased;

CRM_API void crm_erased_free(crm_erased *e);

/*
 * Erases these n records of `e` with all that hangs on them, in the open operation or one of its own: rows, what the
 * journal kept of them in all operations. What merely refers to them lets them go; those
 * that were merged into a customer go with it. A record that was removed before is erased from the journal. Nothing of
 * it can be undone. The ledger keeps numbers and times of the records named and merged into them: in the store, and in
 * FILE-erased beside it before COMMIT (a line may stand there of an erasure that then failed). CRM_NOTFOUND: no such
 * record, or it was erased before. CRM_CONFLICT: it is part of another one since a merge.
 *
 * Pages of the file may hold traces until crm_privacy_scrub(), which is to be called once after COMMIT. `out` is to be
 * freed with crm_erased_free(); it may be NULL where nobody asks for a proof.
 */
CRM_API int crm_privacy_erase(crm_store *s, const crm_entity *e, const int64_t *ids, size_t n, crm_erased *out);

/* The same, rolled back: what would go. No operation may be open. */
CRM_API int crm_privacy_preview(crm_store *s, const crm_entity *e, const int64_t *ids, size_t n, crm_erased *out);

/* As crm_resolve(); by its number also a record that was removed and is in the journal still. */
CRM_API int crm_privacy_resolve(int64_t *out, crm_store *s, const crm_entity *e, const char *name, crm_name_use use);

/*
 * What follows an erasure, several too, after COMMIT: crm_vacuum(), with a limit of CRM_SCRUB_MAX. *owed is true when the
 * store was beyond it: pages may hold traces then until a whole crm_vacuum(), and crm_check() says so. CRM_BUSY and
 * CRM_FAILED as there: erased is erased, and traces are owed.
 */
enum {
	CRM_SCRUB_MAX = 500000000
};
CRM_API int crm_privacy_scrub(bool *owed, crm_store *s);

/* What a look through the files says of an erasure. */
typedef struct crm_proof {
	size_t pieces;   /* of texts that stood in the erased records, and were looked for */
	size_t skipped;  /* that are too short to tell anything: less than 8 bytes */
	int64_t bytes;   /* that were looked through: the file, its log, FILE-erased */
	size_t shared;   /* that are there because rows of others have them too: a common name, a phrase */
	size_t mentions; /* such rows that have a name, a key, a number or an address of the erased */
	size_t left;     /* that are there and in no row: traces */
} crm_proof;

/* Record `id` of `e`, or what the journal has of it, still has what was an erased customer's: its label, as "Name". */
typedef void (*crm_mention_fn)(const crm_entity *e, int64_t id, const char *field, bool journal, void *payload);

/*
 * Looks for what was erased in all bytes of the store's files, once crm_privacy_scrub() left nothing owed. `fn`, if not
 * NULL, is called for each of the `mentions`, 1,000 at most. What is `left` is owed again: a whole crm_vacuum() is due.
 */
CRM_API int crm_privacy_prove(crm_proof *out, crm_store *s, const crm_erased *e, crm_mention_fn fn, void *payload);

/*
 * Calls fn with the path of each earlier copy of the store that lies beside it (FILE.schema-3, FILE.before-restore-…):
 * what was erased is in them still.
 */
typedef void (*crm_copy_fn)(const char *path, void *payload);
CRM_API int crm_privacy_copies(crm_store *s, crm_copy_fn fn, void *payload);

/* --- the ledger --- */

/* Entries of ledgers: which records were erased, told by their number and the operation that had made them. */
typedef struct crm_ledger crm_ledger;

CRM_API int crm_ledger_new(crm_ledger **out);
CRM_API void crm_ledger_free(crm_ledger *l);

/* Adds the entries of an open store; of a file such as FILE-erased. CRM_NOSTORE: there is no such file. CRM_INVALID. */
CRM_API int crm_ledger_add_store(crm_ledger *l, crm_store *s);
CRM_API int crm_ledger_add_file(crm_ledger *l, crm_store *s, const char *path);

/* Adds its entries to FILE-erased of the open store: for one that came to a new place. */
CRM_API int crm_ledger_keep(const crm_ledger *l, crm_store *s);

/*
 * Erases in `s`, a store as it was earlier, what the ledger says was erased and is there (again), in one operation, and
 * takes over the entries that its own ledger does not have. An entry means a record only where the operation that made
 * it, and when, agree: a number that was given to another record since is left alone. *erased receives how many
 * entries were carried out; crm_privacy_scrub() is to follow where it is not 0. FILE-erased is left as it is.
 */
CRM_API int crm_privacy_replay(size_t *erased, crm_store *s, const crm_ledger *l);

#ifdef __cplusplus
}
#endif

#endif
