/* Erasing what is over, rule by rule. */
#include "base/cursor.h"
#include "query/query.h"
#include "service/retention.h"
#include <crm/privacy.h>

enum {
	BATCH = 500 /* records an operation: others may write in between */
};

enum column {
	ENTITY,
	ID,
	LAST,
	RULE
};

static const crm_column columns[] = {
	[ENTITY] = COLUMN("entity", "Entity", "what is erased", CRM_TEXT),
	[ID] = COLUMN("id", "Id", "its number", CRM_INTEGER),
	[LAST] = COLUMN("last", "Last", "when the last thing happened to it", CRM_TIME),
	[RULE] = COLUMN("rule", "Rule", "the rule by which it is over", CRM_TEXT),
};

size_t crm_retention_columns(const crm_column **out)
{
	*out = columns;
	return ARRAY_SIZE(columns);
}

struct run {
	crm_store *s;
	const crm_retention_options *opt;
	struct rowset *rows;
	crm_retained *result;
};

/* --- rules --- */

struct rules {
	int64_t *ids;
	size_t n;
};

static int active_rules(struct rules *out, crm_store *s)
{
	crm_query *q;
	int status = crm_query_new(&q, s, &entity_retention);

	if (status < 0)
		return status;
	status = crm_query_filter(q, 1, &(const char *){ "active:yes" });
	if (status == CRM_OK)
		status = crm_query_collect(&out->ids, &out->n, q);
	crm_query_free(q);
	return status;
}

/* Looked at on this day already, and not changed since. */
static int was_looked_at(bool *out, crm_store *s, int64_t id)
{
	const int64_t begin = zone_day_start(s->zone, zone_day(s->zone, crm_store_now(s)));
	int64_t found = 0;
	int status =
		db_get_int(&found, s, "SELECT 1 FROM retention WHERE id = $1 AND checked_at >= $2", "ii", id, begin);

	*out = found == 1;
	return status < 0 ? status : CRM_OK;
}

static int look_at(crm_store *s, int64_t id)
{
	int status = crm_begin(s, "privacy retain run");

	if (status < 0)
		return status;
	status = db_run(s, "UPDATE retention SET checked_at = $1 WHERE id = $2", "ii", crm_store_now(s), id);
	if (status >= 0)
		return crm_commit(s);
	crm_rollback(s);
	return status;
}

/* --- one rule --- */

static void put_rows(struct run *x, const struct retention *r, const struct overs *over)
{
	x->result->records += over->n;
	for (size_t i = 0; i < over->n; i++) {
		rowset_begin(x->rows);
		rowset_str(x->rows, ENTITY, r->entity->name);
		rowset_int(x->rows, ID, over->v[i].id);
		rowset_int(x->rows, LAST, over->v[i].last);
		rowset_str(x->rows, RULE, r->name);
	}
}

static int erase(struct run *x, const struct retention *r, const struct overs *over)
{
	cleanup(freep) int64_t *ids = malloc((over->n + 1) * sizeof(*ids));
	int status = ids ? CRM_OK : err_nomem(&x->s->err);

	for (size_t i = 0; ids && i < over->n; i++)
		ids[i] = over->v[i].id;
	if (status == CRM_OK && r->entity == &entity_log)
		status = retention_leave_contacts(x->s, over->v, over->n);
	return status == CRM_OK ? crm_privacy_erase(x->s, r->entity, ids, over->n, NULL) : status;
}

static int erase_batch(struct run *x, const struct retention *r, const struct over *v, size_t n)
{
	cleanup(overs_free) struct overs still = { 0 };
	int status = crm_begin(x->s, "privacy retain run");

	if (status < 0)
		return status;
	status = retention_still(&still, x->s, r, v, n);
	if (status == CRM_OK && still.n > 0)
		status = erase(x, r, &still);
	if (status == CRM_OK)
		status = crm_commit(x->s);
	else
		crm_rollback(x->s);
	if (status == CRM_OK)
		put_rows(x, r, &still);
	return status;
}

static int apply(struct run *x, const struct retention *r)
{
	cleanup(overs_free) struct overs over = { 0 };
	int status = retention_over(&over, x->s, r);

	if (status == CRM_OK && x->opt->dry_run)
		put_rows(x, r, &over);
	for (size_t i = 0; status == CRM_OK && !x->opt->dry_run && i < over.n; i += BATCH) {
		store_event(x->s, CRM_EVENT_PROGRESS, i, over.n, crm_tr("erasing what is over"));
		status = erase_batch(x, r, over.v + i, over.n - i < BATCH ? over.n - i : BATCH);
	}
	return status;
}

static int apply_loaded(struct run *x, crm_record *record)
{
	const crm_value entity = crm_record_get(record, "entity"), filter = crm_record_get(record, "filter");
	struct retention r = {
		.id = crm_record_id(record),
		.name = crm_record_get(record, "name").s,
		.filter = filter.kind == CRM_STRING ? filter.s : NULL,
		.entity = crm_entity_find(entity.s),
	};
	int status = retention_bound(&r.bound, x->s, crm_record_get(record, "keep").s);

	return status == CRM_OK ? apply(x, &r) : status;
}

/* A failure of this very rule; of the store as a whole it ends all. */
static bool is_own(int status)
{
	return status == CRM_INVALID || status == CRM_NOTFOUND || status == CRM_CONFLICT || status == CRM_AMBIGUOUS;
}

static int apply_rule(struct run *x, int64_t id)
{
	crm_record *record;
	bool looked = false;
	int status = x->opt->daily ? was_looked_at(&looked, x->s, id) : CRM_OK;

	if (status == CRM_OK && !looked)
		status = crm_record_load(&record, x->s, &entity_retention, id);
	if (status < 0 || looked)
		return status;
	x->result->rules++;
	status = apply_loaded(x, record);
	if (is_own(status)) {
		store_say(x->s, CRM_EVENT_WARNING, 0, "retention rule '%s': %s", crm_record_get(record, "name").s,
			crm_errmsg(x->s));
		x->result->failed++;
		status = CRM_OK;
	} else if (status == CRM_OK && x->opt->daily && !x->opt->dry_run) {
		status = look_at(x->s, id);
	}
	crm_record_free(record);
	return status;
}

int crm_retention_run(crm_cursor **out, crm_retained *result, crm_store *s, const crm_retention_options *opt)
{
	cleanup(rowset_freep) struct rowset *rows = NULL;
	crm_retained none, *counts = result ? result : &none;
	struct rules rules = { 0 };
	struct run x = { .s = s, .opt = opt, .result = counts };
	int status = opt->rules ? CRM_OK : active_rules(&rules, s);

	*counts = (crm_retained){ 0 };
	if (status == CRM_OK && rowset_new(&rows, columns, ARRAY_SIZE(columns)) < 0)
		status = err_nomem(&s->err);
	x.rows = rows;
	for (size_t i = 0; status == CRM_OK && i < (opt->rules ? opt->n : rules.n); i++)
		status = apply_rule(&x, opt->rules ? opt->rules[i] : rules.ids[i]);
	free(rules.ids);
	if (status < 0)
		return status;
	return rowset_cursor(out, TAKE_PTR(rows)) < 0 ? err_nomem(&s->err) : CRM_OK;
}
