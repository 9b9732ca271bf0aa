/* Inside of the search: what is looked for, where, and the hits. */
#ifndef SERVICE_SEARCH_H
#define SERVICE_SEARCH_H

#include "query/words.h"
#include "text/snippet.h"
#include <crm/search.h>

enum {
	SEARCH_RANKED = 1000, /* so many hits are put in the order of their score */
	SEARCH_TERMS_MAX = 60,
	SEARCH_PLACES = 7
};

/* --- what is looked for (search_term.c) --- */

struct search_term {
	const char *text; /* as it was typed */
	size_t len;
	struct sought sought; /* or */
	struct regex *regex;
	double rarity; /* weight in the score */
};

struct search_terms {
	struct search_term v[SEARCH_TERMS_MAX];
	size_t n;
	bool regex;
	struct arena mem;
	struct search_words *words; /* scratch */
};

/* CRM_INVALID: a term without a word, an expression that does not compile. */
int search_terms_read(struct search_terms *out, crm_store *s, const crm_search_options *opt);
void search_terms_free(struct search_terms *terms);

/* What was found in a text. */
struct search_found {
	size_t count[SEARCH_TERMS_MAX]; /* each term how often */
	bool any;
	struct spans spans;    /* and where, in order */
	size_t words, covered; /* how many the text has, and how many of them were found */
};

int search_within(struct search_found *out, struct search_terms *terms, crm_store *s, const char *text, size_t len);

/* --- where (search.c) --- */

/* Records of an entity. */
struct search_place {
	const struct crm_entity *entity;
	const char *at; /* when it took place: an expression on t0 */
	bool walked;    /* an index leads through the records newest first */
};

struct search_hit {
	int64_t at, id;
	double score;
	struct search_source *source;
};

/* How a source goes through its hits, newest first. */
enum search_way {
	SEARCH_LIST,  /* all are known, with their times */
	SEARCH_KNOWN, /* all are known: the records are walked through, whose order is that of time */
	SEARCH_TEST   /* they are walked through and looked at */
};

struct search_source {
	const struct search_place *place;
	const struct crm_field **fields; /* that are searched */
	size_t nfields;
	struct stmt *record; /* customer, name, at, then the fields, of the record that id_parameter says */
	int id_parameter;

	struct search_hit *v; /* that were found */
	size_t n, cap;
	int64_t last;  /* number of the last record */
	bool complete; /* there are no others */
	bool timed;    /* their times are known */

	enum search_way way;
	struct stmt *walk;
	struct search_hit row; /* of the walk, not looked at yet */
	bool waits;
	struct search_hit *same; /* hits of one time, in order */
	size_t nsame, same_cap;
	size_t next; /* of these, or of v */
	bool ended;
};

struct search {
	crm_store *s;
	struct search_terms terms;
	struct search_source sources[SEARCH_PLACES];
	size_t nsources;
	int64_t from, to, customer;
	int64_t wanted; /* hits that will be asked for, -1: all */
	bool ranks;     /* all get a score, however many there are */
	bool newest;    /* none does */
	bool hides;     /* somebody is restricted, and not shown */
	uint64_t looked_at;

	struct search_hit *ranking; /* in the order of their score; NULL: newest first */
	size_t nranking, at;
};

/* Writes the condition that a row t0 has all that is looked for, by its text. */
void search_put_test(struct sql *q, const struct search_terms *terms, const struct search_source *source);

/* The same as an expression of the index (FTS5). */
void search_put_match(struct buf *out, const struct search_term *terms, size_t n);

/* The text of a field of the record that source->record stands on; false when it has none. */
bool search_field_text(const char **text, size_t *len, const struct search_source *source, size_t field);

/* source->record, at that record, and its time. CRM_END: there is none. */
int search_record(struct search *x, struct search_source *source, int64_t id);
int64_t search_record_at(const struct search_source *source);

/* What a field counts: a name or a subject more than a long text. */
double search_weight(const struct crm_field *f);

/* --- the hits (search_find.c), and their order (search_rank.c) --- */

/* Looks for them, as many as must be known to know their order. */
int search_find(struct search *x);

/* The next one. CRM_END. */
int search_next(struct search *x, struct search_hit *out);

/* Whether `a` comes before `b`: the newer one, of those of one time by entity, then the one written down last. */
bool search_newer(const struct search_hit *a, const struct search_hit *b);

/* How many records the index has with a term, at most `limit`. */
int search_index_count(int64_t *out, crm_store *s, const struct search_term *term, int limit);

/* Puts all that were found in the order of their score. */
int search_rank(struct search *x);

#endif
