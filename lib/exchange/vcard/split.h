/*
 * Cuts a file of vCards into its cards without understanding them: knows BEGIN:VCARD, END:VCARD and lines.
 *
 * What is not within a card, and a card that is not closed, is handed out too, so that nothing of the file is lost
 * silently. One card at a time is held, at most READER_ROW_MAX of it.
 */
#ifndef VCARD_SPLIT_H
#define VCARD_SPLIT_H

#include "exchange/decode.h"
#include "exchange/reader.h"

enum vcard_shape {
	VCARD_WHOLE,
	VCARD_STRAY,   /* text outside a card */
	VCARD_UNCLOSED /* the next card, or the end of the file, comes before END:VCARD */
};

struct vcard_text {
	struct buf text; /* lines between BEGIN and END, each ended by \n */
	size_t line;     /* of BEGIN:VCARD, or of the stray text; the first line of `text` is the one behind it */
	size_t nested;   /* line of a card inside this one, 0: none */
	size_t end;      /* line of what ended it */
	enum vcard_shape shape;
	bool too_long; /* beyond READER_ROW_MAX; `text` is cut off */
};

struct vcard_split {
	struct decoder *in;
	struct buf current; /* the line read last, without its end */
	size_t line;        /* its number */
	bool cut;           /* it is longer than READER_ROW_MAX */
	bool held;          /* it is to be read again */
};

void vcard_split_init(struct vcard_split *v, struct decoder *in);
void vcard_split_free(struct vcard_split *v);

/* 0, CRM_END or a read error. */
int vcard_split_next(struct vcard_split *v, struct vcard_text *card, struct err *err);

/* True when a file that begins so is one of vCards. */
bool vcard_begins(const char *s, size_t len);

/* A without regard to case; both are ASCII. */
bool vcard_word_is(const char *s, size_t len, const char *word);

#endif
