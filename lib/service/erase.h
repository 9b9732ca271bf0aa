/* Erasing for good: what the files about it share. */
#ifndef SERVICE_ERASE_H
#define SERVICE_ERASE_H

#include "model/record.h"
#include <crm/privacy.h>

/* An erasure under way; what goes is gathered in temp.gone (entity, id). */
struct erasing {
	crm_store *s;
	const struct crm_entity *e;
	int64_t op;
	bool collects; /* texts, for the proof */
	bool preview;  /* is rolled back */
	bool replays;  /* what a ledger says: the file beside the store has it */
	crm_erased out;
};

/* All of it, in the open operation. */
int erase_all(struct erasing *x, const int64_t *ids, size_t n);

/* Makes temp.gone, empty. */
int erase_make_table(crm_store *s);

/* Runs a statement that looks at all of a small or temporary table, and frees its text; *changed, if not NULL, counts. */
int erase_run(crm_store *s, struct buf *sql, int64_t *changed);

/* The journal (erase_journal.c): first what it has of records that were removed before, then the end of all of it. */
int erase_gather_removed(struct erasing *x);
int erase_images(struct erasing *x);

/* What stands in the images that are about to be blanked, to be looked for afterwards (erase_traces.c). */
int traces_collect(struct erasing *x);
void traces_free(struct crm_traces *t);

/* True SQL for an image that was not erased. */
#define IMAGE_WHOLE(c) "(" c ".image IS NOT NULL AND substr(" c ".image, 1, 11) <> '{\"erased\":\"')"

/* The ledger (erase_ledger.c): entries for what is gone of the entity, in the store and beside it. */
int ledger_note(struct erasing *x);

#endif
