/* Texts with labels, from rows, for training and measuring. */
#ifndef ANALYSIS_LABELLED_H
#define ANALYSIS_LABELLED_H

#include "base/cursor.h"
#include "store/store.h"

struct labelled_text {
	const char *text; /* as text_prepare() made it */
	size_t len;
	const char *label;
	uint64_t rank;  /* a hash of the text: an order that chance has made, the same wherever the text stands */
	uint32_t known; /* number of the label, once labels are known */
};

struct labelled {
	struct labelled_text *v;
	size_t n, cap;
	size_t bytes; /* of text */
	uint64_t all; /* rows with both; more than n where there were too many to keep */
	uint64_t without_text, without_label;
	struct hash_key key; /* chance: by the seed */
	struct arena mem;
};

/* More text than this is thinned out at random. */
enum {
	LABELLED_BYTES = 64 << 20
};

/*
 * Adds rows whose last column is the label, blanks around it taken off, and whose others are the text; takes over `rows` in
 * any case. Errors are those of the rows.
 */
int labelled_read(struct labelled *l, crm_store *s, crm_cursor *rows);

/* Keeps what LABELLED_BYTES hold, and puts texts of the same label side by side, labels in the order of their bytes. */
int labelled_sort(struct labelled *l);

/* A warning of rows that have no text, no label or no place, if there are any. `label` is what the column is called. */
void labelled_warn(const struct labelled *l, crm_store *s, const char *label);

void labelled_free(struct labelled *l);

#endif
