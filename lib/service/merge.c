/*
 * Customers that are one and the same become one. Whatever refers to them is found by the descriptions and moved by a few
 * statements an entity, so that 50,000 communications cost little more than one.
 */
#include "service/merge.h"

#include "model/customer.h"

static void merge_release(struct merge *m)
{
	crm_record_free(m->keep);
	for (size_t i = 0; m->others && i < m->n; i++)
		crm_record_free(m->others[i]);
	free(m->others);
}

static int load_all(struct merge *m, int64_t keep, const int64_t *others, size_t n)
{
	int status = crm_record_load(&m->keep, m->s, &entity_customer, keep);

	m->others = calloc(n + 1, sizeof(crm_record *));
	if (!m->others)
		return err_nomem(&m->s->err);
	m->n = n;
	for (size_t i = 0; status == CRM_OK && i < n; i++)
		status = crm_record_load(&m->others[i], m->s, &entity_customer, others[i]);
	return status;
}

static int check_twice(crm_store *s, int64_t keep, const int64_t *others, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k <= i; k++)
			if (others[i] == (k == i ? keep : others[k]))
				return err_set(
					&s->err, CRM_INVALID, "customer %lld is named twice", (long long)others[i]);
	return CRM_OK;
}

static int check_pair(crm_store *s, int64_t a, int64_t b)
{
	int64_t link;
	int status = distinct_find(&link, s, a, b);

	if (status == CRM_OK)
		return err_set(&s->err, CRM_CONFLICT,
			"customers %lld and %lld are marked as not the same (crm customer distinct %lld %lld --remove; "
			"or "
			"--force)",
			(long long)a, (long long)b, (long long)a, (long long)b);
	return status < 0 ? status : CRM_OK;
}

static int check_distinct(crm_store *s, int64_t keep, const int64_t *others, size_t n)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < n; i++)
		for (size_t k = 0; status == CRM_OK && k <= i; k++)
			status = check_pair(s, k == i ? keep : others[k], others[i]);
	return status;
}

/* Number and key of one that is gone lead to the survivor; `number` 0: an earlier key of its own. */
static int leave_link(const struct merge *m, int64_t number, const crm_value *key, const crm_value *source)
{
	const crm_value n = { .kind = number ? CRM_INT : CRM_NULL, .i = number }, none = { .kind = CRM_NULL };
	char text[24];
	crm_record *r;
	int status = crm_record_new(&r, m->s, &entity_customer_link);

	if (status < 0)
		return status;
	status = record_set_int(r, "customer", m->keep->id, text);
	if (status == CRM_OK)
		status = crm_record_set(r, "kind", "merged");
	record_put(r, field_find_static(r->e, "number"), &n, &none);
	record_put(r, field_find_static(r->e, "key"), key, &none);
	if (key->kind != CRM_NULL)
		record_put(r, field_find_static(r->e, "source"), source, &none);
	if (status == CRM_OK)
		status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static crm_value stored(const crm_record *r, const char *field)
{
	return r->slots[record_index(r, field_find_static(r->e, field))].value;
}

/* `key`, `source`: those that it had before. */
static int leave_links(const struct merge *m, const crm_value *key, const crm_value *source)
{
	const crm_value kept = stored(m->keep, "key");
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < m->n; i++) {
		crm_value k = stored(m->others[i], "key"), from = stored(m->others[i], "source");

		status = leave_link(m, m->others[i]->id, &k, &from);
	}
	if (status == CRM_OK && key->kind != CRM_NULL && !value_equal(key, &kept))
		status = leave_link(m, 0, key, source);
	return status;
}

/* `12 tickets, 3 orders`; the links between customers are our own affair. */
static int tell_moved(char **out, crm_store *s, const int64_t *moved)
{
	struct buf text = BUF_INIT;

	buf_puts(&text, "");
	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);

		if (moved[i] > 0 && e != &entity_customer_link)
			buf_printf(
				buf_comma(&text), "%lld %s", (long long)moved[i], entity_words(e, (uint64_t)moved[i]));
	}
	*out = buf_str(&text) ? buf_take(&text) : NULL;
	return *out ? CRM_OK : err_nomem(&s->err);
}

static int take_together(crm_merged *out, const struct merge *m, const int64_t *others)
{
	const crm_value key = stored(m->keep, "key"), source = stored(m->keep, "source");
	cleanup(freep) int64_t *moved = calloc(crm_entity_count(), sizeof(*moved));
	crm_store *s = m->s;
	int status = moved ? merge_check_takes(m) : err_nomem(&s->err);

	if (status == CRM_OK)
		status = merge_values(m);
	for (size_t i = 0; status == CRM_OK && i < m->n; i++) {
		status = distinct_move(s, others[i], m->keep->id, others, m->n);
		if (status == CRM_OK)
			status = record_move_references(s, &entity_customer, others[i], m->keep->id, moved);
	}
	if (status == CRM_OK)
		status = crm_record_remove(s, &entity_customer, others, m->n, NULL);
	if (status == CRM_OK)
		status = crm_record_save(m->keep);
	if (status == CRM_OK)
		status = leave_links(m, &key, &source);
	if (status < 0)
		return status;
	out->left = merge_left(m);
	return tell_moved(&out->moved, s, moved);
}

static int begin(crm_store *s, int64_t keep, const int64_t *others, size_t n)
{
	struct buf command = BUF_INIT;
	int status;

	buf_printf(&command, "customer merge %lld", (long long)keep);
	for (size_t i = 0; i < n; i++)
		buf_printf(&command, " %lld", (long long)others[i]);
	status = buf_str(&command) ? crm_begin(s, command.s) : err_nomem(&s->err);
	buf_free(&command);
	return status;
}

int crm_customer_merge(
	crm_merged *out, crm_store *s, int64_t keep, const int64_t *others, size_t n, const crm_merge_options *options)
{
	struct merge m = { .s = s, .options = options };
	crm_merged merged = { 0 };
	int status = check_twice(s, keep, others, n);

	if (status == CRM_OK)
		status = begin(s, keep, others, n);
	if (status < 0)
		return status;
	status = load_all(&m, keep, others, n);
	if (status == CRM_OK && !options->force)
		status = check_distinct(s, keep, others, n);
	if (status == CRM_OK)
		status = take_together(&merged, &m, others);
	if (status == CRM_OK && !options->dry_run)
		status = crm_commit(s);
	else
		crm_rollback(s);
	merge_release(&m);
	if (status < 0) {
		free(merged.moved);
		return status;
	}
	merged.operation = options->dry_run ? 0 : crm_last_operation(s);
	*out = merged;
	return CRM_OK;
}
