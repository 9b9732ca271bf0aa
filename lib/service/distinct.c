/* Pairs of customers that look alike and are two: once said, nobody need be asked again. */
#include <crm/customer.h>

#include "model/record.h"
#include "service/merge.h"

int distinct_find(int64_t *link, crm_store *s, int64_t a, int64_t b)
{
	return db_get_int(link, s,
		"SELECT id FROM customer_link WHERE customer = $1 AND kind = 'distinct' AND other = $2", "ii",
		a < b ? a : b, a < b ? b : a);
}

static int mark(crm_store *s, int64_t a, int64_t b)
{
	crm_record *r;
	char number[24];
	int status = crm_record_new(&r, s, &entity_customer_link);

	if (status < 0)
		return status;
	status = record_set_int(r, "customer", a, number);
	if (status == CRM_OK)
		status = crm_record_set(r, "kind", "distinct");
	if (status == CRM_OK)
		status = record_set_int(r, "other", b, number);
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static int set_pair(crm_store *s, int64_t a, int64_t b, bool distinct, size_t *changed)
{
	int64_t link;
	int status;

	if (a == b)
		return err_set(&s->err, CRM_INVALID, "customer %lld is named twice", (long long)a);
	status = distinct_find(&link, s, a, b);
	if (status < 0 || (status == CRM_OK) == distinct)
		return status < 0 ? status : CRM_OK;
	++*changed;
	return distinct ? mark(s, a, b) : crm_record_remove(s, &entity_customer_link, &link, 1, NULL);
}

int crm_customer_distinct(crm_store *s, const int64_t *customers, size_t n, bool distinct, size_t *changed)
{
	size_t pairs = 0;
	int status = op_require(s, "customer distinct");

	if (status < 0)
		return status;
	for (size_t i = 0; status == CRM_OK && i < n; i++)
		for (size_t k = i + 1; status == CRM_OK && k < n; k++)
			status = set_pair(s, customers[i], customers[k], distinct, &pairs);
	status = op_finish(s, status);
	if (status == CRM_OK && changed)
		*changed = pairs;
	return status;
}

/* --- when one of them becomes part of another --- */

static bool among(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* The pair is one of `keep` now, unless there is such a pair already or the two have become one. */
static int move_pair(crm_store *s, int64_t link, int64_t keep, int64_t partner, bool one)
{
	crm_record *r;
	char number[24];
	int64_t there;
	int status = one ? CRM_OK : distinct_find(&there, s, keep, partner);

	if (status == CRM_OK)
		return crm_record_remove(s, &entity_customer_link, &link, 1, NULL);
	if (status == CRM_END)
		status = crm_record_load(&r, s, &entity_customer_link, link);
	if (status < 0)
		return status;
	status = record_set_int(r, "customer", keep, number);
	if (status == CRM_OK)
		status = record_set_int(r, "other", partner, number);
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

int distinct_move(crm_store *s, int64_t from, int64_t keep, const int64_t *others, size_t n)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct pair {
		int64_t link, partner;
	} *pairs = NULL;
	size_t npairs = 0, cap = 0;
	int status = db_prepare(&st, s,
		"SELECT id, other FROM customer_link WHERE customer = $1 AND kind = 'distinct' UNION ALL"
		" SELECT id, customer FROM customer_link WHERE other = $1 AND kind = 'distinct' ORDER BY 1",
		DB_SCAN); /* sorts those of one customer */

	if (status < 0)
		return status;
	db_bind_int(st, 1, from);
	while (status >= 0 && (status = db_step(st)) == CRM_OK) {
		if (!GROW(pairs, npairs, cap))
			status = err_nomem(&s->err);
		else
			pairs[npairs++] = (struct pair){ db_int(st, 0), db_int(st, 1) };
	}
	for (size_t i = 0; status >= 0 && i < npairs; i++) {
		int64_t partner = pairs[i].partner;

		status = move_pair(s, pairs[i].link, keep, partner, partner == keep || among(others, n, partner));
	}
	free(pairs);
	return status < 0 ? status : CRM_OK;
}
