/* Facts of customers: the SQL that the description and the walk over all of them share. */
#ifndef MODEL_CUSTOMER_H
#define MODEL_CUSTOMER_H

#include "model/entity.h"

/*
 * Of order lines `o`: those that count, how many orders they are (of one source and number, or lines without a number),
 * what they come to, and in which currency, where the amounts are in one. Two amounts may be more than 64 bits hold: a
 * sum beyond 9 * 10^18 is not available, instead of an error in the middle of an import.
 */
#define ORDERS_COUNTED  ORDERS_COUNTED_OF("o")
#define ORDERS_COUNT    "count(DISTINCT coalesce(coalesce(o.source, '') || ' ' || o.number, '#' || o.id))"
#define ORDERS_TOTAL    "CASE WHEN " ORDERS_ONE_CURRENCY " THEN " ORDERS_SUM " END"
#define ORDERS_CURRENCY "CASE WHEN " ORDERS_ONE_CURRENCY " THEN max(o.currency) FILTER (WHERE o.amount IS NOT NULL) END"
#define ORDERS_SUM                                                                                                     \
	"CASE WHEN abs(sum(o.amount / 1000000000)) < 9000000000 THEN"                                                  \
	" sum(o.amount / 1000000000) * 1000000000 + sum(o.amount % 1000000000) END"
#define ORDERS_ONE_CURRENCY "count(DISTINCT o.currency) FILTER (WHERE o.amount IS NOT NULL) = 1"
#define ORDERS_COUNTED_OF(line)                                                                                        \
	"(" line ".status IS NULL OR " line ".status NOT IN ('cancelled', 'returned', 'refunded'))"

/* Facts of every customer, from each of the entities that they come from. */
int contacts_recompute_all(crm_store *s); /* contacts.c */
int tickets_recompute_all(crm_store *s);
int followups_recompute_all(crm_store *s);
int orders_recompute_all(crm_store *s);

/*
 * Whom one was merged into that had this number, or this key and source (customer_link.c): CRM_END when none. Where such
 * a one is named, its survivor is meant.
 */
int customer_merged_number(int64_t *survivor, crm_store *s, int64_t number);
int customer_merged_key(int64_t *survivor, crm_store *s, const crm_value *key, const crm_value *source);

/* The customer's cadence in canonical form; CRM_INVALID names the step (made in lib/service). */
int cadence_check(crm_record *customer);

#endif
