/*
 * An import in two steps: a thread reads and converts rows into batches; the calling thread, under one BEGIN
 * IMMEDIATE, matches them with what is stored, writes what differs, and keeps count.
 *
 * Modes, rejects, --partial and --dry-run are branches of this one path.
 */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "exchange/import/idmap.h"
#include "exchange/import/recipe.h"
#include "exchange/reader.h"
#include "model/convert.h"
#include "model/record.h"
#include <crm/exchange.h>
#include <pthread.h>
#include <stdatomic.h>

/* --- which column is which field (mapping.c) --- */

enum how {
	COLUMN_IGNORED,
	COLUMN_VALUE, /* a scalar, converted by the reading thread */
	COLUMN_TEXT   /* needs the store or several values: reference, list, custom field, age */
};

struct column {
	const struct crm_field *field; /* NULL: ignored */
	const struct crm_field *by;    /* of a reference: the field of its target that stands here, if that is known */
	size_t at;                     /* column of the file; of a made field the recipe */
	bool made;                     /* by a recipe */
	enum how how;
	bool by_name; /* a reference under our own name for it: a number is an id then, otherwise a key */
	bool unknown; /* the header means nothing */
	const struct crm_field *taken; /* lint: the field that it names, but another column is that already */
};

struct mapping {
	struct column *columns; /* one for each column of the file that no recipe takes, and one for each recipe */
	size_t n, cap;
	struct preset *preset;  /* or NULL */
	struct recipes recipes; /* made of the columns that the preset knows */
	struct buf *headers;    /* of the file, in comparable form; nheaders of them */
	size_t nheaders;
};

struct import;

/* Maps all columns; unknown ones are noted. CRM_INVALID: a bad --map, two columns for one field, a required one missing. */
int mapping_make(struct mapping *m, struct import *im);
void mapping_free(struct mapping *m);
const char *mapping_name(const struct import *im, const struct column *c); /* of the column, for messages */

/* What a preset adds to it (preset_map.c). */
int mapping_choose_preset(struct mapping *m, struct import *im); /* by --preset, else by the columns; perhaps none */
int mapping_take_by_preset(struct mapping *m, struct import *im, size_t at, bool *taken);
bool mapping_is_label(const struct mapping *m, size_t at); /* a column that a recipe takes labels from */
size_t mapping_taken_by_preset(const struct mapping *m);   /* how many columns of the file */
int mapping_left_out(struct buf *out, const struct mapping *m, const struct import *im); /* names of columns */
bool mapping_asked_for(const struct import *im, size_t at);                              /* by --map */
void mapping_free_preset(struct mapping *m);
int mapping_text(struct buf *out, const struct mapping *m, const struct reader *r); /* `姓名=name, …` for the record */

/* --- rows on their way from thread to thread (batch.c) --- */

struct draft {
	size_t line;
	int64_t id;               /* number that crm gave the customer, from a card that it wrote; 0: none */
	const struct cell *cells; /* as read, for --rejects; ncells of them */
	size_t ncells;
	const struct cell *made;   /* by the recipes, one for each */
	crm_value *values, *norms; /* of COLUMN_VALUE columns, one for each column */
	const char *field, *fault; /* why it cannot be taken, or NULL */
};

enum {
	BATCH_ROWS = 1024,
	BATCH_COUNT = 4
};

struct batch {
	struct arena mem;
	struct draft rows[BATCH_ROWS];
	size_t n;
	uint64_t bytes; /* of the file, up to the end of this batch */
	int status;     /* CRM_OK, CRM_END after the last, or negative */
	struct err err;
};

/* The cell of the mapping's i-th column. */
static inline const struct cell *draft_cell(const struct draft *d, const struct column *c)
{
	return c->made ? &d->made[c->at] : &d->cells[c->at];
}

struct feed {
	struct reader *reader;
	const struct mapping *mapping;
	struct convert convert;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct batch *batches;
	size_t filled, taken; /* counters; batch k is batches[k % BATCH_COUNT] */
	bool started;
	atomic_bool stop; /* read between rows, without the lock */
};

int feed_start(struct feed *f, struct reader *reader, const struct mapping *mapping, const struct convert *convert,
	struct err *err);
struct batch *feed_take(struct feed *f); /* the next batch; waits */
void feed_return(struct feed *f);        /* it may be filled again */
void feed_stop(struct feed *f);

/* --- references and handles (refs.c) --- */

struct refs {
	struct idmap known; /* text → id, for each referring field */
	struct arena mem;
	struct handle {
		const struct crm_entity *target;
		const char *text, *name;
	} * handles;
	size_t nhandles, cap;
	bool prefilled;
};

/* The record that the row names in the column, and others of its field, put into the record's slot. CRM_NOTFOUND, CRM_AMBIGUOUS … with a message. */
int refs_set(struct import *im, const struct draft *d, const struct column *c);

/* --- the record that a row is about (match.c) --- */

/* What found the record of a row. */
enum match_kind {
	MATCH_NONE,
	MATCH_KEY = 'k',
	MATCH_MERGED = 'm', /* the key of one who was merged into it */
	MATCH_OTHER = 'o',
	MATCH_EMAIL = 'e',
	MATCH_PHONE = 'p'
};

struct matcher {
	struct idmap map;
	enum match_kind by;     /* of the row at hand */
	bool survivors;         /* there are customers into whom others were merged */
	bool bulk;              /* by the map; before that by the indexes */
	bool key, email, phone; /* what --match allows and the mapping has */
	const struct crm_field *key_field, *email_field, *phone_field;
	const struct crm_field *other; /* another unique field that is mapped: Message-ID, an agent's name; or NULL */
	uint64_t *row_hashes;          /* bulk: of the mapped columns, by id */
	int64_t nhashes;
};

int matcher_init(struct import *im);
void matcher_free(struct matcher *m);

/* *id 0: none. CRM_CONFLICT: several; the message says which. */
int matcher_find(struct import *im, const struct crm_record *r, int64_t *id);
/*
 * The record of this number, if it was there before the import and is the one that wrote the row: without a key, of the
 * same name. *id 0: no such.
 */
int matcher_find_own(struct import *im, const struct crm_record *r, int64_t number, int64_t *id);
int matcher_add(struct import *im, const struct crm_record *r, int64_t id);

/* From now on by maps of all that is stored: one scan. */
int matcher_go_bulk(struct import *im);

/* Bulk only: true when the stored row has exactly these values. */
bool matcher_same_row(const struct import *im, const struct crm_record *r, int64_t id);

/*
 * Rows about customers into whom others were merged (survivor.c): a file has rows for what is one by now, and none may undo
 * what the other says, import after import.
 */
enum put_how {
	PUT_OVER,  /* what the row says goes before what is stored */
	PUT_UNITE, /* but lists are added to, and addresses that it has stay where they are */
	PUT_FILL   /* the row is of one who was merged: it fills what is empty, and adds */
};

/* For the record `id`, loaded into im->record. */
int survivor_how(enum put_how *how, struct import *im, const struct draft *d, int64_t id);

/* The cell of the mapping's i-th column; *done false: it is to be put as for anybody. */
int survivor_put(bool *done, struct import *im, const struct draft *d, size_t i, enum put_how how);

uint64_t matcher_row_hash(
	const struct import *im, const struct crm_record *r); /* of its values in the file's columns */

/* Rows without key, e-mail and phone (alike.c). */
bool alike_are_several(const struct import *im); /* equal rows are records each */
bool alike_possible(const struct import *im);    /* for any row of this import */
bool alike_applies(const struct import *im, const struct crm_record *r);
uint64_t alike_hash(const struct import *im, const struct crm_record *r);
int alike_candidates(struct import *im, int64_t **ids, size_t *n); /* of im->record; *ids is the caller's to free */

/* --- the whole (import.c), writing (apply.c) --- */

struct import {
	crm_store *s;
	const struct crm_entity *e;
	const crm_import_options *opt;
	crm_import_result *out;
	crm_import_note_fn note;
	void *payload;

	struct reader *reader;
	const struct convert *convert; /* how the values of the file are read */
	struct mapping mapping;
	struct feed feed;
	struct refs refs;
	struct matcher match;
	struct crm_record record; /* the row at hand */
	const char *fault_field;  /* the field that made apply_row() fail, or NULL */
	bool fault_is_row;        /* it is about the row as a whole */
	const char *source;       /* of the keys: --source, else the preset's; NULL: none */
	struct inserter *inserter;

	int64_t stored;        /* largest id before the import */
	int64_t first_created; /* 0: none yet */
	uint32_t *lines;       /* line of each record created here, by id - first_created */
	size_t nlines, lines_cap;
	struct idmap updated_lines;
	uint64_t stubs; /* records made because a row named them */
	bool bulk, rejects_begun, near_stopped;
	bool lint;     /* the file is only looked at: columns that cannot be taken are marked, not refused */
	uint64_t size; /* of the file, 0: unknown */
	struct buf reject_text, plan_text;
};

/* What is remembered of an import. */
struct import_record {
	const struct crm_entity *e;
	const char *file, *digest, *source, *mapping, *encoding;
};

int import_record_put(crm_store *s, const struct import_record *record, crm_import_result *result);

/* What crm_lint() needs too; *zone is the caller's to free. */
int import_check_options(crm_store *s, const crm_entity *e, const crm_import_options *opt);
int import_reader_settings(crm_store *s, const crm_import_options *opt, struct reader_options *out);
int import_check_form(struct import *im); /* of the file: is it one for this entity? */
int import_context(struct import *im, struct convert *convert, struct zone **zone);

int apply_row(struct import *im, const struct draft *d); /* CRM_INVALID and the like: the row is rejected */
/* Whether the row has all that it must have but `but`, so that somebody may be made for it. */
int apply_check_rest(struct import *im, const struct crm_field *but);
int apply_bulk_check(struct import *im, uint64_t bytes);   /* goes over to bulk when the import turns out large */
size_t apply_line_of(const struct import *im, int64_t id); /* on which a record was written here, or 0 */
int rejects_put(struct import *im, const struct draft *d, const char *field, const char *reason);

/* Communications and events without a key (repeated.c): the stored one that the row repeats or fills in, or 0. */
bool repeated_possible(const struct import *im);
int repeated_find(struct import *im, int64_t *id);
int repeated_remove(struct import *im); /* after a bulk load: those that were there already */

/* --- messages that are discreet (discreet.c) --- */

/* A reason without what it quotes of the row, '…' instead; and why two are alike without the names, which stand in brackets. */
void discreet_reason(struct buf *out, const struct draft *d, const char *reason);
void discreet_likeness(struct buf *b);

/* New customers that resemble others (near.c): tells of them, or CRM_EXISTS. */
int near_check_option(crm_store *s, const crm_entity *e, const crm_import_options *opt);
bool near_is_asked(const struct import *im); /* of all rows, so that the indexes must stay */
int near_check(struct import *im, size_t line);

/* Orders (numbered.c): the stored line that the row is about by its number, or 0. */
int numbered_find(struct import *im, int64_t *id);

/* Custom fields, views, follow-up policies (setting.c): the stored one that the row is about, or 0. */
bool setting_possible(const struct import *im);
int setting_find(struct import *im, int64_t *id);

/* Surveys: the stored one that the row is an answer to, or corrects, or 0. */
int answered_find(struct import *im, int64_t *id);

/* Tells of the file as a whole, in the language of people. */
void import_note(struct import *im, const char *subject, const char *fmt, ...) CRM_PRINTF(3, 4);

/* --- the form of delimited text (marks.c) --- */

int import_marks(
	crm_store *s, const crm_import_options *opt, struct reader_options *out); /* CRM_INVALID: a bad option */
void note_skipped(struct import *im);                                             /* lines before the header */
void note_left_out(struct import *im); /* comments and the footer, once all is read */

/* An INSERT of the same columns again and again (inserter.c). */
int inserter_new(struct inserter **out, crm_store *s, const struct crm_entity *e);
int inserter_put(struct inserter *i, struct crm_record *r);
void inserter_free(struct inserter *i);

#endif
