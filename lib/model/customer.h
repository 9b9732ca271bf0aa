/* Facts of customers: the SQL that the description and the walk over all of them share. */
#ifndef MODEL_CUSTOMER_H
#define MODEL_CUSTOMER_H

#include "model/entity.h"

/* Of order lines `o`: those that count, how many orders they are, and what they come to where the currency is one. */
#define ORDERS_COUNTED  "(o.status IS NULL OR o.status NOT IN ('cancelled', 'returned', 'refunded'))"
#define ORDERS_COUNT    "count(DISTINCT coalesce(o.number, '#' || o.id))"
#define ORDERS_TOTAL    "CASE WHEN count(DISTINCT o.currency) = 1 THEN sum(o.amount) END"
#define ORDERS_CURRENCY "CASE WHEN count(DISTINCT o.currency) = 1 THEN max(o.currency) END"

/* Facts of every customer, from each of the entities that they come from. */
int contacts_recompute_all(crm_store *s); /* contacts.c */
int tickets_recompute_all(crm_store *s);
int followups_recompute_all(crm_store *s);
int orders_recompute_all(crm_store *s);

/* The customer's cadence in canonical form; CRM_INVALID names the step (made in lib/service). */
int cadence_check(crm_record *customer);

#endif
