/*
 * What the files of crm_check() share. A check is a function that tells problems, or mends them and says so; check.c has
 * the table of all, each file the checks of one subject.
 */
#ifndef SERVICE_CHECK_H
#define SERVICE_CHECK_H

#include "base/cursor.h"
#include "model/record.h"

enum {
	CHECK_TOLD_MAX = 100 /* problems of one check that are told one by one */
};

struct check {
	crm_store *s;
	struct rowset *rows;
	size_t problems; /* that remain */
	size_t found;    /* by the check at hand, mended ones too */
	size_t told;     /* of them, as lines */
	const char *name;
	bool fix;
	bool only_problems;
	size_t total; /* checks, for progress */
};

enum check_status {
	CHECK_OK, /* well, and worth a word */
	CHECK_PROBLEM,
	CHECK_MENDABLE, /* a problem without --fix, which mends it */
	CHECK_FIXED
};

void check_say(struct check *c, enum check_status status, const char *fmt, ...) CRM_PRINTF(3, 4);

/* What a finding calls a record of it. */
static inline const char *check_word(const struct check *c, const struct crm_entity *e)
{
	return store_tr(c->s, e->name);
}

/* A statement made for one use, which may scan; *sql is freed. Then CRM_OK for a row, CRM_END, or an error. */
int check_ask(struct stmt **st, struct check *c, struct buf *sql);

/* --- the file (check_file.c) --- */
int check_integrity(struct check *c);
int check_foreign_keys(struct check *c);
int check_schema(struct check *c);
int check_erasures(struct check *c);
int check_modes(struct check *c);

/* --- what is made from other things, and can be made again (check_made.c) --- */
int check_facts(struct check *c);
int check_pinyin(struct check *c);
int check_search(struct check *c);

/* --- the journal (check_journal.c) --- */
int check_journal(struct check *c);
int check_undone(struct check *c);
int check_digests(struct check *c);
int check_numbers(struct check *c);

/* --- rows as they were written (check_rows.c) --- */
int check_rows(struct check *c);

#endif
