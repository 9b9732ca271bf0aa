/*
 * The filter language (crm-filter(7)), translated straight into an SQL condition.
 *
 * The grammar: or := and { `or` and };  and := term { term };  term := `(` or `)` | not:TERM | NAME.TERM | FIELD:VALUE |
 * @VIEW | WORD. The translation needs no tree: each rule writes its SQL as it is read.
 */
#ifndef QUERY_FILTER_H
#define QUERY_FILTER_H

#include "model/convert.h"
#include "model/entity.h"

/* SQL under construction with its parameters: $1 is v[0]. */
struct sql {
	crm_store *s;
	struct buf text;
	struct arena mem; /* texts of the parameters */
	crm_value *v;
	size_t n, cap;
	bool sizes;                     /* amounts of money as numbers that compare, not as text */
	bool places;                    /* names in the form in which they are put in order */
	const char *currency;           /* what $currency stands for */
	int aliases;                    /* t0 is the queried table; related ones are t1, t2 … */
	int depth;                      /* of brackets, negations and views around the term at hand */
	int terms;                      /* terms and values written so far */
	const struct crm_field *judged; /* the last judged field in it, or NULL */
	bool asks_restricted;           /* a term of the filter is about customer.restricted */
	int64_t as_of;                  /* of tickets: the time at which they are looked at; 0: as they are */
};

void sql_release(struct sql *q);
void sql_param(struct sql *q, const crm_value *v); /* writes $n */
void sql_param_text(struct sql *q, const char *s, size_t len);
void sql_param_int(struct sql *q, int64_t i);
void sql_bind(struct stmt *st, const struct sql *q); /* the statement may outlive q */
int sql_status(struct sql *q);                       /* CRM_NOMEM when anything could not be added */

/* The statement, ready to step; `flags` are those of db_prepare(). */
int sql_prepare(struct stmt **st, struct sql *q, unsigned flags);

/* The value of a field of the row `alias`, as an expression. */
void sql_field(struct sql *q, const struct crm_entity *e, const struct crm_field *f, const char *alias);

/* The part of a sum (struct crm_field, part) that is in one currency, as a number that compares. */
void sql_part(struct sql *q, const struct crm_field *f, const char *alias, const char *currency);

/* The condition without which a judged field is empty. */
void sql_bound(struct sql *q, const struct crm_field *f, const char *alias);

/* The same of a ticket in the past: false when the field is asked for as it is. CRM_INVALID: its past is not kept. */
bool as_of_field(struct sql *q, const struct crm_field *f, const char *alias);
int as_of_check(struct sql *q, const struct crm_entity *e, const struct crm_field *f);

/* `a` or `a.b` (b of the record that a refers to), as an expression; *out is the last field. */
int sql_path(struct sql *q, const struct crm_entity *e, const char *path, size_t len, const char *alias,
	const struct crm_field **out);

/*
 * The same as a word that tells records apart, as text (yes, no for a truth). CRM_INVALID for a field that cannot: times,
 * measures, lists, long texts.
 */
int sql_word(
	struct sql *q, const struct crm_entity *e, const char *path, const char *alias, const struct crm_field **out);

/* Why records are not told apart by a field: "it is a time"; NULL: they are. */
const char *field_no_word(const struct crm_field *f);

/* Writes the condition for terms given as arguments, or in stored form, on the row `alias`. CRM_INVALID. */
int filter_terms(struct sql *q, const struct crm_entity *e, const char *alias, size_t n, const char *const *terms);
int filter_stored(struct sql *q, const struct crm_entity *e, const char *alias, const char *text);

/*
 * The same of what is shown to somebody, or counted: of nobody who is restricted, unless the terms ask by that field
 * (model/restricted.h). Every list and report goes through it, or through its second half for conditions of its own.
 */
int filter_shown(struct sql *q, const struct crm_entity *e, const char *alias, size_t n, const char *const *terms);
int sql_shown(struct sql *q, const struct crm_entity *e, const char *alias);

/* Counts one more term or value: CRM_INVALID beyond what SQLite joins in one expression. */
int filter_count(struct sql *q);

/* One FIELD:VALUE comparison (compare.c). */
int compare_field(struct sql *q, const struct crm_entity *e, const struct crm_field *f, const char *alias,
	const char *value, size_t len);

#endif
