/*
 * Inside of crm_lint(): a cursor that reads the file row by row and gives out what it finds.
 *
 * lint.c opens and ends; report.c keeps the findings; header.c looks at the columns, row.c at the rows, with
 * the converters of an import; text.h and dates.h know texts.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "base/cursor.h"
#include "exchange/import/import.h"
#include "exchange/lint/dates.h"
#include "exchange/lint/gbk.h"

enum lint_kind {
	LINT_FILE,
	LINT_HEADER,
	LINT_UNKNOWN_COLUMN,
	LINT_EMPTY_COLUMN,
	LINT_BYTES,
	LINT_RAGGED,
	LINT_ROW,
	LINT_MISSING,
	LINT_EMAIL,
	LINT_PHONE,
	LINT_DATE,
	LINT_AMBIGUOUS_DATE,
	LINT_MIXED_DATES,
	LINT_WORD,
	LINT_NUMBER,
	LINT_VALUE,
	LINT_DUPLICATE,
	LINT_ROLE,
	LINT_GARBLED,
	LINT_CONTROL_CHARACTERS,
	LINT_SPACES,
	LINT_FORMULA,
	LINT_LONG,
	LINT_KINDS
};

enum {
	LINT_SHOWN = 20, /* findings of a kind, unless all are asked for */
	LINT_MATCHED = 8 /* fields by which rows are found to be about the same record */
};

/* A column of the file, or a field that a preset makes of several. */
struct lint_column {
	const char *name;
	const struct crm_field *field; /* NULL: not a field of ours */
	enum how how;
	bool used;       /* an import would take it */
	uint64_t filled; /* cells that are not empty */
	struct date_forms *dates;
};

struct finding {
	size_t line; /* 0: of the file as a whole */
	const char *column, *value, *message;
	size_t value_len;
	enum lint_kind kind;
	bool error;
};

/* A field whose value belongs to one record. */
struct lint_matched {
	const struct crm_field *field;
	size_t column;
	bool shared; /* families share it: rows with keys of their own may */
};

struct lint {
	struct crm_cursor cursor;
	crm_value cells[6];
	struct import im; /* only what mapping and conversion need */
	crm_import_options opt;
	struct convert convert;
	struct zone *zone;
	crm_lint_result *result;
	bool all, over, ended; /* over: the file; ended: the cursor */

	struct lint_column *columns; /* as the mapping has them */
	size_t ncolumns;
	struct cell *row, *made; /* cells of the row in the same order; of them those that the preset makes */
	struct date_forms *dates;
	struct idmap seen; /* rows, keys, addresses, numbers: the line they were first met on */
	struct lint_matched matched[LINT_MATCHED];
	size_t nmatched;
	const struct crm_field *key, *source;
	struct buf text, item;
	struct lint_gbk gbk;

	struct arena mem; /* of the findings at hand */
	struct finding *findings;
	size_t nfindings, findings_cap, given;
};

/* --- findings (report.c) --- */

extern const crm_column lint_report_columns[6];

/* `column` is a header, or NULL; `value`, of `len` bytes, is copied as far as a reader needs it. */
void lint_add(struct lint *l, enum lint_kind kind, bool error, size_t line, const char *column, const char *value,
	size_t len, const char *fmt, ...) CRM_PRINTF(8, 9);
void lint_forget(struct lint *l);   /* the findings that were given out */
bool lint_give(struct lint *l);     /* the next finding into the cursor's cells; false when there is none */
void lint_conclude(struct lint *l); /* the counts into the result */

/* --- columns (header.c) --- */

/* Fields that a header names: by our own name, or as one of their synonyms; at most `max`. Returns how many there are. */
size_t lint_meanings(
	const struct crm_entity *e, const char *header, const struct crm_field **v, size_t max, struct err *err);

int lint_headers(struct lint *l);  /* maps the columns and says what is wrong with them */
void lint_columns(struct lint *l); /* what is known only after the last row */

/* --- rows (row.c) --- */

int lint_defaults(struct lint *l);                          /* CRM_INVALID: a --default that no record could have */
int lint_row(struct lint *l, const struct row *row);        /* as it was read */
int lint_duplicates(struct lint *l, const struct row *row); /* duplicate.c; when the values are in the record */
void lint_find_matched(struct lint *l);

#endif
