/*
 * What every part of libcrm shares: results, values, columns.
 *
 * Conventions of the whole library
 *   - Every handle is opaque. Output parameters come first and belong to the caller;
 *     returned pointers are borrowed and live as long as the object they came from.
 *   - A call returns CRM_OK (0) or a negative crm_status; iterators return 0 for a row,
 *     CRM_END (1) at the end. The message of the last failure is on the store handle:
 *     crm_errmsg().
 *   - Output parameters are untouched on failure. Every _free and _close accepts NULL.
 *   - All text is UTF-8. Times are seconds since 1970-01-01T00:00:00Z.
 *   - A handle is used by one thread at a time.
 */
#ifndef CRM_TYPES_H
#define CRM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CRM_API               __attribute__((visibility("default")))
#define CRM_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define CRM_API
#define CRM_PRINTF(fmt, args)
#endif

typedef enum crm_status {
	CRM_OK = 0,
	CRM_END = 1,          /* an iterator has no further row */
	CRM_FAILED = -1,      /* input or output failed, or anything without a code of its own */
	CRM_NOTFOUND = -2,    /* no such record */
	CRM_AMBIGUOUS = -3,   /* a name fits several records; the message lists them */
	CRM_EXISTS = -4,      /* a unique value is taken */
	CRM_INVALID = -5,     /* a value, field, filter or argument is refused */
	CRM_CONFLICT = -6,    /* changed meanwhile, has dependants, cannot be undone */
	CRM_BUSY = -7,        /* another process holds the store beyond the wait */
	CRM_READONLY = -8,    /* the store may not be written by this user, or not be used, as others can write it */
	CRM_SCHEMA = -9,      /* not a crm store, damaged, or of a newer version */
	CRM_NOSTORE = -10,    /* there is no store at that place */
	CRM_NOMEM = -11,      /* out of memory */
	CRM_REJECTED = -12,   /* an import finished, or check ended, with problems counted */
	CRM_INTERRUPTED = -13 /* crm_store_interrupt() was called */
} crm_status;

typedef struct crm_store crm_store;
typedef struct crm_entity crm_entity;
typedef struct crm_field crm_field;
typedef struct crm_record crm_record;
typedef struct crm_query crm_query;
typedef struct crm_cursor crm_cursor;
typedef struct crm_groups crm_groups;

/* What a value means; it decides how text becomes a value and how a value is written. */
typedef enum crm_type {
	CRM_TEXT,
	CRM_INTEGER,
	CRM_REAL,
	CRM_BOOL,     /* stored 0 or 1 */
	CRM_TIME,     /* UTC seconds */
	CRM_DATE,     /* text YYYY-MM-DD, or partial: YYYY, YYYY-MM, --MM-DD */
	CRM_DURATION, /* seconds */
	CRM_ENUM,     /* one of the field's words */
	CRM_REF,      /* a record of another entity */
	CRM_EMAIL,
	CRM_PHONE,
	CRM_TAGS,     /* a list of words: "vip, new" */
	CRM_CONTACTS, /* a list of addresses with labels: "work:a@b.c, +861012345678" */
	CRM_MONEY     /* an amount as decimal text, "12.50", in the currency of the record's field for it */
} crm_type;

typedef enum crm_kind {
	CRM_NULL,
	CRM_INT,
	CRM_DOUBLE,
	CRM_STRING
} crm_kind;

/* One cell. `s` is NUL-terminated, `len` bytes long, and borrowed. */
typedef struct crm_value {
	crm_kind kind;
	int64_t i;
	double d;
	const char *s;
	size_t len;
} crm_value;

/* One column of a result. `name` is the stable key of machine formats. */
typedef struct crm_column {
	const char *name;
	const char *label;
	const char *help;
	crm_type type;
	const struct crm_field *field; /* whose values these are (entity.h); NULL: of none, or of several */
} crm_column;

#ifdef __cplusplus
}
#endif

#endif
