/*
 * Searching all that is written down: customers, organisations, communications, tickets, follow-ups, orders, surveys.
 * What a filter's bare word finds among the records of one entity is found here among those of all.
 */
#ifndef CRM_SEARCH_H
#define CRM_SEARCH_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All but `terms` may be left out. */
typedef struct crm_search_options {
	/*
	 * What a record must have, all of it, each in any of its searched fields: words, with blanks between them;
	 * words in double quotes, which must follow each other; a word that ends in `*`, which stands for all that begin
	 * so. Without regard to case and width.
	 */
	const char *const *terms;
	size_t nterms;
	bool regex;        /* each term is a regular expression (PCRE2) instead, as in a filter's FIELD:~REGEX */
	const char *in;    /* names of entities, as "customer,log"; NULL: all that are searched */
	int64_t customer;  /* only records of this customer, and its own; 0: of all */
	const char *since; /* only what took place in this period, as typed; a day counts whole; NULL: open */
	const char *until;
	const char *sort;   /* columns, as "type,-at"; NULL: see crm_search() */
	int64_t limit;      /* negative: none */
	int64_t offset;     /* 0 or negative: none */
	const char *fields; /* columns, as "id,snippet", `+also` adds to the usual ones; NULL: those */
	size_t width;       /* of a snippet, in columns of a terminal; 0: 80 */
} crm_search_options;

/*
 * The records that fit. Columns: type and id (together they name the record, TYPE:ID), customer, at, field (where the
 * best hit is), snippet (the part of it around the hits), name, score; for the asking: also (other fields with hits),
 * marks (bytes of the snippet that fit, as "3-9 20-26").
 *
 * Up to 1,000 records are in the order of their score, best first (crm-search(1) says how it is made); more of them,
 * and those that a regular expression finds, are newest first and have no score. CRM_INVALID: a term without a letter
 * or digit, an expression that does not compile or takes too many steps, an unknown entity or column, an empty period.
 */
CRM_API int crm_search(crm_cursor **out, crm_store *s, const crm_search_options *opt);

/* The columns, the usual ones first; and the entities that are searched: the i-th, NULL at the end. */
CRM_API size_t crm_search_columns(const crm_column **out);
CRM_API const crm_entity *crm_search_entity(size_t i);

#ifdef __cplusplus
}
#endif

#endif
