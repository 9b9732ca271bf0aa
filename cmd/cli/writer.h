/*
 * Inside of the output: the stream's buffer, and what the writers of the formats share.
 *
 * How to add a format: write its `struct writer`, name it in out.h and in the table of rows.c.
 */
#ifndef CLI_WRITER_H
#define CLI_WRITER_H

#include "cli/cell.h"
#include "cli/out.h"
#include "cli/strbuf.h"
#include <string.h>

enum {
	OUT_BUFFER = 64 * 1024
};

struct out {
	int fd;
	int error;           /* the first errno; nothing is written after it */
	struct strbuf *sink; /* where a full buffer goes instead of `fd`, or NULL */
	size_t used;
	char buffer[OUT_BUFFER];
};

/* out_write() for the many short pieces of rows. */
static inline void out_put(struct out *o, const char *s, size_t len)
{
	if (len > OUT_BUFFER - o->used) {
		out_write(o, s, len);
		return;
	}
	memcpy(o->buffer + o->used, s, len);
	o->used += len;
}

static inline void out_putc(struct out *o, char c)
{
	if (o->used == OUT_BUFFER)
		out_flush(o);
	o->buffer[o->used++] = c;
}

void out_blanks(struct out *o, size_t n);
void json_string(struct out *o, const char *s, size_t len); /* quoted and escaped */

/* One run of out_rows(). */
struct rows {
	struct out *out;
	crm_store *store;
	const struct out_settings *set;
	crm_cursor *cursor;
	const crm_column **columns;
	size_t ncolumns;
	size_t written; /* rows finished before the current one */
	struct cells cells;
	void *state; /* of the writer */
};

/*
 * begin() is called once, when it is known that the cursor works; row() with each row on the cursor; end() when
 * all went well; release() always after begin(). A member may be NULL. They return 0 or CRM_NOMEM.
 */
struct writer {
	int (*begin)(struct rows *r);
	int (*row)(struct rows *r);
	int (*end)(struct rows *r);
	void (*release)(struct rows *r);
	bool machine; /* exact bytes for programs: escaped as a whole on a terminal */
};

extern const struct writer rows_table, rows_tsv, rows_csv, rows_json, rows_jsonl, rows_record, rows_markdown,
	rows_vcard, rows_ics;

/* What heads a column before people, and its stable key elsewhere. */
const char *rows_title(const struct rows *r, size_t i);

/* What stands at the right of its column. */
static inline bool column_is_number(const crm_column *c)
{
	return c->type == CRM_INTEGER || c->type == CRM_REAL || c->type == CRM_DURATION || c->type == CRM_MONEY;
}

/* Eight bytes at a time: which of them are below `n` (at most 0x80), or equal to `c`; nonzero when any is. */
static inline uint64_t bytes_load(const char *s)
{
	uint64_t x;
	memcpy(&x, s, sizeof(x));
	return x;
}

static inline uint64_t bytes_below(uint64_t x, unsigned char n)
{
	return (x - UINT64_C(0x0101010101010101) * n) & ~x & UINT64_C(0x8080808080808080);
}

static inline uint64_t bytes_equal(uint64_t x, unsigned char c)
{
	return bytes_below(x ^ (UINT64_C(0x0101010101010101) * c), 1);
}

#endif
