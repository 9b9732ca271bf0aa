/* Import and export. */
#ifndef CRM_EXCHANGE_H
#define CRM_EXCHANGE_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crm_import_options {
	const char *file;      /* name for messages and the record of the import */
	const char *read;      /* "csv", "tsv" (as --format tsv writes it), "jsonl", "vcard" or NULL: by content */
	const char *encoding;  /* NULL or "auto", else an iconv name */
	const char *delimiter; /* NULL or "auto", else one character or "tab" */
	const char *zone;      /* of times without one; NULL: the store's */
	const char *country;   /* of phone numbers without one; NULL: the store's */
	const char *mode;      /* NULL or "upsert", "insert", "update" */
	const char *match;     /* NULL: "key,email,phone" */
	const char *blank;     /* NULL or "keep", "clear" */
	/*
	 * New customers that resemble one who is there: NULL tells of them, as long as the import is small (of the first
	 * thousand); "warn" of all; "reject" rejects their rows; "off".
	 */
	const char *near;
	const char *source; /* where external keys come from; NULL: the preset's, else none */
	const char *preset; /* NULL or "auto": by the columns; "none"; a name of crm_import_presets(); a JSON file */
	const char *const *map; /* "COLUMN=FIELD", "COLUMN=" ignores one; nmap of them */
	size_t nmap;
	const char *const *defaults; /* "FIELD=VALUE" for rows where it is blank; ndefaults of them */
	size_t ndefaults;
	bool dry_run, partial, keep_unknown;
	bool discreet; /* notes name line, field and ids, never what stands in the file: they may be mailed */
	bool create;   /* records that a row names and that are not there (customers of communications) are made */
	int rejects;   /* descriptor for rejected rows as CSV, or -1 */
	int plan;      /* descriptor for a plan, which is made instead of importing, or 0 */

	/* Delimited text: */
	const char *quote;   /* NULL: the double quote; "none", else one character */
	const char *comment; /* NULL or "none", else the character that lines to pass over begin with */
	size_t header_row;   /* line that names the columns; 0: found */
	size_t footer;       /* rows at the end to leave out */
	bool excel;          /* take the ' away that `export --excel` puts before cells */

	const char *date_format; /* NULL: only what means one thing; "excel", "excel1904", or as "%d/%m/%Y" */
	/*
	 * For input that another program writes, else NULL: asked when reading has ended, before anything is kept, whether
	 * that program did all its work. `all`: the input was read to its end, otherwise reading stopped at an error. NULL:
	 * it did; else why not, borrowed: the import fails with this reason, whatever else was wrong.
	 */
	const char *(*input_ended)(void *input, bool all);
	void *input;
} crm_import_options;

typedef struct crm_import_result {
	uint64_t read, created, updated, unchanged, conflicts, rejected; /* rejected counts the conflicts too */
	double seconds;
	int64_t import;    /* its record, 0 when nothing was kept */
	int64_t operation; /* 0 when nothing was kept */
	char encoding[32];
	char form[16];
	char delimiter;  /* 0: none */
	char preset[32]; /* "" when the headers were matched one by one */
	uint64_t near;   /* new customers that resemble one who is there; of those compared */
} crm_import_result;

/*
 * Called for each rejected row, and with line 0 for notes on the file (unknown columns, mapping).
 * `field` may be NULL.
 */
typedef void (*crm_import_note_fn)(uint64_t line, const char *field, const char *reason, void *payload);

/*
 * Imports from a descriptor. Without `partial` a rejected row leaves the store unchanged and returns CRM_FAILED,
 * after the whole file was read so that every row is reported; with it CRM_REJECTED when some rows were.
 * *out is filled whenever reading began. CRM_INVALID: options, headers, file.
 */
CRM_API int crm_import(crm_import_result *out, crm_store *s, const crm_entity *e, int fd, const crm_import_options *opt,
	crm_import_note_fn note, void *payload);

/*
 * Does what a plan says (crm-import(1), PLANS), as one operation that is remembered as an import. CRM_CONFLICT, and
 * nothing is changed, when a record of it was changed since, or one to be made is there by now; CRM_FAILED when a line is
 * faulty, or the plan is cut off. `note` is called for each such line of the plan.
 */
CRM_API int crm_import_apply(crm_import_result *out, crm_store *s, int fd, const char *file, bool dry_run,
	crm_import_note_fn note, void *payload);

/*
 * The presets that the library knows: what the columns of other systems' exports mean. Columns preset, type, title,
 * columns (how many it knows), origin. CRM_NOMEM.
 */
CRM_API int crm_import_presets(crm_cursor **out);

/*
 * The whole store as text, for version control, and to move it to a later version: crm-formats(7) has its form. One
 * snapshot. `history`: with the journal and the list of imports.
 */
CRM_API int crm_dump(crm_store *s, int fd, bool history);

/*
 * A dump into an empty store (CRM_CONFLICT otherwise), whole or not at all. *rows: how many lines were loaded. `edited`:
 * one that was changed since, so that its digest and count do not hold. CRM_FAILED: a faulty or cut off dump, with the
 * line; CRM_SCHEMA: one of a newer version. Not undoable.
 */
CRM_API int crm_load(uint64_t *rows, crm_store *s, int fd, const char *file, bool edited);

/*
 * One customer as a vCard 4.0, lines ended by CR LF: `values` are those of crm_vcard_fields(), a list "id,key,…" for a
 * query, in this order. The card imports again as the same fields. *out is owned by the caller (free). CRM_NOMEM.
 */
CRM_API const char *crm_vcard_fields(void);
CRM_API int crm_vcard(char **out, size_t *len, const crm_value *values);

/*
 * Follow-ups as an iCalendar (RFC 5545), lines ended by CR LF: the head, an event for each, the tail. `values` are those
 * of crm_ics_fields(), a list "id,due,…" for a query, in this order. An event keeps its UID for ever, and the same store
 * gives the same bytes. *out is owned by the caller (free). CRM_NOMEM.
 */
CRM_API const char *crm_ics_fields(void);
CRM_API const char *crm_ics_head(void);
CRM_API const char *crm_ics_tail(void);
CRM_API int crm_ics_event(char **out, size_t *len, crm_store *s, const crm_value *values);

/*
 * A file as it stands, for what is no import: a column for each of its own, every cell a text, absent when empty. Of the
 * options those of the form of a file count: file, read, encoding, delimiter, quote, comment, header_row, footer, excel.
 * The cursor reads as it goes: descriptor and store must stay until it is closed. CRM_INVALID: options; CRM_FAILED: the
 * file, or one of its rows, cannot be read.
 */
CRM_API int crm_file_rows(crm_cursor **out, crm_store *s, int fd, const crm_import_options *opt);

/* --- looking at a file before it is imported --- */

enum {
	CRM_LINT_KINDS = 32 /* no more kinds of findings than that */
};

typedef struct crm_lint_count {
	const char *kind;
	uint64_t errors, warnings;
	uint64_t shown; /* of both, as rows of the cursor */
} crm_lint_count;

typedef struct crm_lint_result {
	uint64_t rows, errors, warnings;
	size_t nkinds; /* kinds that were found */
	crm_lint_count kinds[CRM_LINT_KINDS];
	char encoding[32], form[16]; /* "": reading did not begin */
	char preset[32];             /* "": none */
} crm_lint_result;

/*
 * Reads a file as crm_import() would and says what is wrong with it: what an import would reject (errors), and what a
 * careful reader would ask about (warnings). The store need not be open, only its surroundings (clock, zone, country)
 * are used; custom fields and stored records are not known then. Of the options those of the file, its columns and
 * its values count: read, preset, encoding, delimiter, zone, country, map, defaults, keep_unknown. `*opt` and what it points to
 * must outlive the cursor.
 *
 * The cursor reads as it goes: descriptor, store and *result must stay until it is closed. Its columns are line, column,
 * kind, severity (error, warning), value, message; of each kind at most 20 rows unless `all`. *result is filled when it
 * has ended. Memory grows with the number of rows only by what tells duplicates (some 20 bytes for each key, address and
 * number). CRM_INVALID: options; CRM_FAILED: the file cannot be read.
 */
CRM_API int crm_lint(crm_cursor **out, crm_lint_result *result, crm_store *s, const crm_entity *e, int fd,
	const crm_import_options *opt, bool all);

#ifdef __cplusplus
}
#endif

#endif
