/* Customers that are in the store twice, perhaps. */
#ifndef CRM_DUPLICATES_H
#define CRM_DUPLICATES_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crm_duplicates_options {
	size_t nfilter;
	const char *const *filter; /* terms on customers: pairs of which at least one fulfils them */
	const char *threshold;     /* as typed, 0 to 1: pairs with this score or more; NULL: 0.8 */
	const char *fields;        /* NULL: all columns */
	const char *sort;          /* NULL: the highest score first, then by number */
	int64_t limit, offset;     /* limit negative: none */
	size_t *found;             /* receives how many pairs there are before limit and offset; NULL: nobody asks */
} crm_duplicates_options;

/*
 * Pairs of customers that are probably one. The score is the probability of that, by the model of Fellegi and Sunter with
 * weights learnt from the store itself: crm-customer(1), DUPLICATES, has the formulas. Not compared are those that
 * are known to be two (customer_link, kind distinct). Columns: a, b (numbers, a the smaller), score, reasons, name_a,
 * name_b, compared (how many fields both have). Reads the whole store, with two threads, and some 300 bytes of memory
 * for each customer. Only reads. CRM_INVALID: a filter, field or threshold out of range; CRM_INTERRUPTED.
 */
CRM_API int crm_duplicates(crm_cursor **out, crm_store *s, const crm_duplicates_options *opt);
CRM_API size_t crm_duplicates_columns(const crm_column **out);

/*
 * What the weights are: rows of field, level (exact, very_close, close, different), m (share of pairs that are the same
 * at that level), u (share of others), weight (log2 m/u, in bits), configured. The first is the weight of a pair of
 * which nothing is known.
 */
CRM_API int crm_duplicates_explain(crm_cursor **out, crm_store *s);
CRM_API size_t crm_duplicates_explain_columns(const crm_column **out);

/*
 * Weights that hold whatever the store says: "phone.exact=14,given_name.different=-6,prior=-20", in bits; NULL: none.
 * CRM_INVALID names the field or level.
 */
CRM_API int crm_duplicates_set_weights(crm_store *s, const char *weights);

/*
 * The customer whom a new record, not saved yet, resembles so much that it is probably the same; *id 0: nobody. Looked for
 * by number, e-mail address, name and pinyin only, so that it takes no time in a large store. *reasons is owned by the
 * caller (free); NULL when there is nobody. Of another entity there never is. CRM_INVALID: the record cannot be saved.
 */
CRM_API int crm_duplicates_near(int64_t *id, char **reasons, crm_record *r);

#ifdef __cplusplus
}
#endif

#endif
