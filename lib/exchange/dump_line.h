/*
 * What dump and load share.
 *
 * A dump is UTF-8 text, a line each:
 *
 *   crm-dump {"format":1,"schema":1,"history":true}
 *   TABLE {"column":value,…}        NULL left out; tables in the schema's order, rows by primary key
 *   sequence {"table":"customer","last":12}
 *   end {"rows":123,"sha256":"…"}   of all lines before
 *
 * Numbers are numbers, texts are strings; a text that is no UTF-8, or has a NUL, is {"hex":"…"}, bytes are {"bytes":"…"}.
 */
#ifndef EXCHANGE_DUMP_LINE_H
#define EXCHANGE_DUMP_LINE_H

#include "store/store.h"

#define DUMP_HEADER   "crm-dump"
#define DUMP_SEQUENCE "sequence"
#define DUMP_END      "end"

enum {
	DUMP_FORMAT = 1,
	DUMP_HEADER_MAX = 1 << 16,
	/* A row holds at most DB_LENGTH_MAX bytes, and a byte takes at most six (\u0001); then there are the names. */
	DUMP_LINE_MAX = 6 * DB_LENGTH_MAX + (1 << 16)
};

/* Whether a table is history: left out by --no-history, and with it what the rows of the others say of theirs. */
static inline bool dump_is_history(const char *table)
{
	return strcmp(table, "operation") == 0 || strcmp(table, "change") == 0 || strcmp(table, "import") == 0;
}

static inline bool dump_is_of_history(const char *column)
{
	return strcmp(column, "op") == 0 || strcmp(column, "row_sum") == 0;
}

#endif
