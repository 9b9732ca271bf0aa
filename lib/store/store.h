/*
 * The SQLite file behind a crm_store. Only this folder includes sqlite3.h; everything above talks in statements
 * (db_*), operations (op_*) and schema objects.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/base.h"
#include "base/sha256.h"
#include "base/time.h"
#include <crm/rule.h>
#include <crm/store.h>

struct sqlite3;
struct stmt;
struct marks;

/* What SQLite takes as one text or one row: room for the weights of a classifier, the largest text there is. */
enum {
	DB_LENGTH_MAX = 64 << 20
};

/* Called before COMMIT with the marked owners. */
typedef int (*recompute_fn)(crm_store *s, const struct marks *marks);

/* Records whose derived facts must be recomputed before COMMIT. */
struct marks {
	const void *fact; /* struct fact of model/entity.h */
	recompute_fn recompute;
	int64_t *ids;
	size_t n, cap;
	bool all; /* too many to name: every owner */
};

/* A run of ids created by the open operation, not yet written to the journal. */
struct created_range {
	const char *entity;
	int64_t first, last;
};

/* So many entities may take turns in one operation without breaking each other's runs. */
enum {
	CREATED_RUNS = 4
};

/*
 * What follows from an operation's changes, in the same operation: `before` is called once its facts are up to date and
 * may change more, `after` when all of it is committed. Owned by the operation, which frees it at its end in any case.
 */
struct reaction {
	int (*before)(struct reaction *r, crm_store *s);
	void (*after)(struct reaction *r, crm_store *s);
	void (*free)(struct reaction *r);
};

struct operation {
	bool open;
	bool implicit;  /* begun by a single record operation */
	int depth;      /* of further ones within that one */
	int64_t id;     /* 0 until something changed */
	int64_t undoes; /* operation that this one takes back, or 0 */
	char *command;
	struct created_range created[CREATED_RUNS];
	struct marks *marks;
	size_t nmarks, marks_cap;
	struct reaction *reaction;
	uint64_t created_records;
	void *search; /* what the index of words has to learn of it, kept by the model (model/search.c) */
	void (*search_free)(void *search);
};

/* Random bytes from the system, kept until they are used: one call makes the salts of several images. */
struct salts {
	unsigned char bytes[256];
	size_t left;
};

/* A judgement about a record that only C can make (db_judge()). CRM_OK with *out, whose text lives until the next. */
typedef int (*judge_fn)(crm_value *out, crm_store *s, int64_t id);

enum {
	JUDGES_MAX = 16
};

struct crm_store {
	struct sqlite3 *db;
	struct err err;
	char *path;
	crm_open_mode mode;
	int schema;
	int64_t user; /* behind a root, whose stores are used as well; -1: nobody */
	char *trust;  /* paths of stores that are used whosever they are, as configured */
	struct {
		unsigned mode, uid, gid;
	} file;              /* of what lies beside the store */
	bool wal, wal_waits; /* it has a log, and that is not empty */
	const char *remote;  /* the kind of file system when it is not of this machine, or NULL */
	bool guarded;        /* not yet known to be ours (guard.c) */
	int64_t guard_until_ms;

	int64_t now;
	bool now_fixed;
	bool people; /* read its rows */
	struct zone *zone;
	char *agent, *login, *country, *currency, *warranty, *vip;
	char *weights, *loyalty[3]; /* of satisfaction, of loyalty, as configured */
	char *classify;             /* fields of tickets to fill in, as configured */
	char *duplicate_weights;    /* the same of what tells duplicates */
	int64_t reopen;             /* seconds after a solution in which the customer's word reopens a ticket */
	int wait;

	crm_event_fn event;
	void *event_payload;
	crm_hook_fn hook;
	void *hook_payload;
	volatile int interrupted;
	int64_t wait_began_ms;
	bool wait_told;

	int holds; /* db_hold() */
	struct stmt **cache;
	size_t ncache;
	struct operation op;
	int64_t last_operation;
	struct salts salts;
	judge_fn judges[JUDGES_MAX];
	int judging;   /* judgements under way, one within the other */
	void *service; /* what lib/service keeps between judgements; freed by service_free */
	void (*service_free)(void *service);
	void *custom; /* custom fields, kept by the model (model/custom.c) */
	void (*custom_free)(void *custom);
	void *classifiers; /* those that were asked for (service/classify.h) */
	void (*classifiers_free)(void *classifiers);
	bool custom_stale;            /* rolled back since they were read */
	const char **dropped_indexes; /* names to rebuild before COMMIT */
	size_t ndropped, dropped_cap;
	bool leaves_slack; /* freed pages are not overwritten */
};

/* Context for reading times: the store's clock and zone. */
struct time_context store_time_context(const crm_store *s, crm_time_hint hint);

/* What the library words itself in rows: in the language of people if they read it, else the English as it is. */
const char *store_tr(const crm_store *s, const char *english) CRM_FORMAT_ARG(2);
const char *store_tr_n(const crm_store *s, const char *one, const char *many, uint64_t n) CRM_FORMAT_ARG(2)
	CRM_FORMAT_ARG(3);

/* The period of --since and --until; open ends (NULL) are INT64_MIN and INT64_MAX. CRM_INVALID when it is empty. */
int store_period(int64_t *from, int64_t *to, crm_store *s, const char *since, const char *until);

void store_event(crm_store *s, crm_event_kind kind, uint64_t done, uint64_t total, const char *text);

/* A warning or note to people, in their language. */
void store_say(crm_store *s, crm_event_kind kind, uint64_t done, const char *fmt, ...) CRM_PRINTF(4, 5);

/* The same of a text that was put together, and frees it. */
void store_tell(crm_store *s, crm_event_kind kind, uint64_t done, struct buf *text);

/* --- statements (statement.c) --- */

enum db_flags {
	DB_SCAN = 1 << 0, /* may scan a table or sort: said openly, or the statement fails in checked builds */
	DB_ONCE = 1 << 1  /* built for one use: not kept prepared */
};

/*
 * A prepared statement, ready to bind. Parameters are $1, $2 …. Bind errors are remembered and returned by
 * db_step(). Give it back with db_release() (or cleanup(db_releasep)).
 */
int db_prepare(struct stmt **out, crm_store *s, const char *sql, unsigned flags);
void db_release(struct stmt *st);
static inline void db_releasep(struct stmt **st)
{
	db_release(*st);
}
void db_rewind(struct stmt *st); /* to step again with other values */

void db_bind_int(struct stmt *st, int n, int64_t v);
void db_bind_text(struct stmt *st, int n, const char *s, size_t len); /* borrowed until released; NULL is NULL */
void db_bind_str(struct stmt *st, int n, const char *s);              /* up to its NUL */
void db_bind_null(struct stmt *st, int n);
void db_bind_value(struct stmt *st, int n, const crm_value *v);
void db_bind_copy(struct stmt *st, int n, const crm_value *v);        /* texts are copied */
void db_bind_blob(struct stmt *st, int n, const char *s, size_t len); /* copied */

/*
 * CRM_OK a row, CRM_END, negative. CRM_NOMEM ever after memory was short for anything read from the store or written to
 * it: db_text() and the like, which cannot say so, give "" then.
 */
int db_step(struct stmt *st);
int db_columns(const struct stmt *st);
const char *db_column_name(const struct stmt *st, int col);
bool db_is_null(struct stmt *st, int col);
int64_t db_int(struct stmt *st, int col);
const char *db_text(struct stmt *st, int col); /* NULL for NULL; borrowed until the next step */
size_t db_bytes(struct stmt *st, int col);
crm_value db_value(struct stmt *st, int col);
bool db_is_blob(struct stmt *st, int col);
const unsigned char *db_blob(struct stmt *st, int col, size_t *len); /* borrowed until the next step */
void db_read(struct stmt *st, int col, crm_value *out);              /* the same in place: for many cells */
bool db_readonly(const struct stmt *st);

/*
 * Runs to the end. `types` names the arguments: i int64_t, s const char * (NULL allowed), v const crm_value *.
 * db_get_int reads the first column of the first row: CRM_END when there is none.
 */
int db_run(crm_store *s, const char *sql, const char *types, ...);
int db_get_int(int64_t *out, crm_store *s, const char *sql, const char *types, ...);

/* All rows of a statement that is ready to step, as a list of its first n columns. */
int db_gather(crm_cursor **out, crm_store *s, struct stmt *st, const crm_column *columns, size_t n);

/* The numbers in its first column, in memory that the caller frees in any case; *ids is NULL and *n 0 before. */
int db_gather_ids(int64_t **ids, size_t *n, crm_store *s, struct stmt *st);

/* Several statements without parameters. */
int db_exec(crm_store *s, const char *sql);

/*
 * The number under which SQL asks for a judgement: judge(number, id). It is asked once for each row that SQL's own
 * terms leave, so a field that is judged says which rows cannot have it (`bound`).
 */
int db_judge(int *number, crm_store *s, judge_fn fn);

/*
 * Holds one snapshot over several statements, so that they fit together and the file is locked once instead of for
 * each. Nests; does nothing while an operation is open.
 */
int db_hold(crm_store *s);
void db_unhold(crm_store *s);

int64_t db_last_id(crm_store *s);
int64_t db_changed(crm_store *s);             /* rows changed by the last statement */
int db_error(crm_store *s, const char *what); /* turns SQLite's last error into a status and message */
void db_forget(crm_store *s);                 /* drops all kept statements */

/* --- operations (operation.c): see also crm_begin, crm_commit, crm_rollback --- */

int op_require(crm_store *s, const char *command); /* begins an implicit one unless one is open */
int op_finish(crm_store *s, int status);           /* ends an implicit one: commits on CRM_OK, else rolls back */
int op_id(int64_t *out, crm_store *s);             /* number of the open operation, made on first use */
int op_settle(crm_store *s);                       /* brings the facts of marked owners up to date now */
int op_created(crm_store *s, const char *entity, int64_t id);

/* What the digest of an operation holds of an image: hex SHA-256 of the text, or of an erased one that which it had. */
void image_hash(char hex[SHA256_HEX + 1], const char *image, size_t len);

/* The digest of an operation whose predecessor has that one (NULL: none has), computed from the journal. (digest.c) */
int op_digest(char hex[SHA256_HEX + 1], crm_store *s, const char *previous, int64_t op);
int op_sign(crm_store *s, int64_t op); /* computes and stores it: all of its changes are written */

/* Remembers that the facts of an owner must be recomputed before COMMIT; `owner` 0 means all. */
int op_mark(crm_store *s, const void *fact, recompute_fn recompute, int64_t owner);
bool op_marks_all(const crm_store *s, const void *fact); /* no more need be marked */

/* --- schema (schema.c, migrations.c, bulk.c) --- */

int schema_check(crm_store *s);   /* application id, version, and the text of every object */
int schema_upgrade(crm_store *s); /* to the newest version, in one transaction */
int schema_migrate(crm_store *s); /* the same after a copy of the store as it is */

/* What later migrations fill in by functions of ours, in rows that come from a store of that version. */
int schema_fill(crm_store *s, int64_t version);

/* Calls fn for each object of the file that is not ours but accepted; for crm_check. */
typedef void (*schema_foreign_fn)(const char *type, const char *name, void *payload);
int schema_foreign(crm_store *s, schema_foreign_fn fn, void *payload);

/* Calls fn for each file of the store, and its directory, that others may do more with than they should; for crm_check. */
typedef void (*store_loose_fn)(const char *path, unsigned mode, unsigned wanted, void *payload);
int store_loose(crm_store *s, store_loose_fn fn, void *payload);

bool schema_is_ours(const char *name); /* an object of this name is part of the schema */

/* The tables of the schema, those that others refer to first. */
struct table {
	const char *name;
	const char **columns;
	const char **defaults; /* of each column in SQL, or NULL: none */
	size_t n;
	const char *order; /* columns of the primary key, as ORDER BY has them */
};

struct tables {
	struct arena mem;
	struct table *v;
	size_t n, cap;
};

int tables_read(struct tables *out, crm_store *s);
void tables_free(struct tables *t);

/* Drops the plain indexes of a table for a bulk load; they are rebuilt before COMMIT, with progress. */
int bulk_drop_indexes(crm_store *s, const char *table);
int bulk_drop_indexes_on(crm_store *s, const char *table, const char *column); /* only those with that column */
int bulk_rebuild_indexes(crm_store *s);

/*
 * During a bulk load whose references were all read from the store in this very transaction, SQLite need not look each
 * of them up again: that is a random page for every row. Always given back by crm_commit() and crm_rollback().
 */
void bulk_trust_references(crm_store *s, bool trust);

/*
 * Whether freed pages are overwritten, as they are unless said otherwise. Not where a million rows go whose content the
 * journal keeps: that would only write every page once more. Always on again after crm_commit() and crm_rollback().
 */
void bulk_zero_freed(crm_store *s, bool zero);

/*
 * Calls fn with all bytes of the store's file, its log or journal, and FILE-erased; *bytes is how many there are. Pieces
 * overlap by `overlap` bytes. FILE-shm has only numbers of pages, and is left out. (file.c)
 */
typedef void (*file_piece_fn)(const char *bytes, size_t n, void *payload);
int file_read(int64_t *bytes, crm_store *s, size_t overlap, file_piece_fn fn, void *payload);

/* crm_vacuum(), without the index of words (vacuum.c). */
int file_vacuum(crm_vacuumed *out, crm_store *s, int64_t limit);

/* Adds lines to FILE-erased, the ledger beside the store (service/erase_ledger.c), which are on disk then. */
int erasure_file_add(crm_store *s, const char *lines, size_t len);

/* Who holds the store, as a line for people, or "" when unknown. Owned by the caller. */
char *holder_read(const crm_store *s);

#endif
