/*
 * Rows about a customer into whom others were merged. The file that all of them came from still has a row for each, and
 * the rows differ: were each to have its way, every import would turn the values over again.
 *
 * So one row speaks for the customer: that of its own key, or else the first that has its primary address or number. The
 * others only fill what is empty. None takes anything out of a list, where the addresses and tags of all are.
 */
#include "exchange/import/import.h"

#include "text/text.h"

static const struct crm_field *address_field(const struct import *im)
{
	return im->match.by == MATCH_EMAIL   ? im->match.email_field
	       : im->match.by == MATCH_PHONE ? im->match.phone_field
					     : NULL;
}

/* Whether the address or number that found the record is the primary one there. */
static bool found_by_primary(const struct import *im, const struct draft *d, const struct crm_field *f)
{
	const struct slot *slot = &im->record.slots[record_index(&im->record, f)];

	for (size_t i = 0; i < im->mapping.n; i++)
		if (im->mapping.columns[i].field == f && im->mapping.columns[i].how == COLUMN_VALUE)
			return value_equal(&d->norms[i], &slot->norm);
	return true;
}

int survivor_how(enum put_how *how, struct import *im, const struct draft *d, int64_t id)
{
	const struct crm_field *address = address_field(im);
	int64_t link;
	int status = db_get_int(
		&link, im->s, "SELECT id FROM customer_link WHERE customer = $1 AND kind = 'merged' LIMIT 1", "i", id);

	*how = PUT_OVER;
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK;
	*how = PUT_UNITE;
	if (im->match.by == MATCH_MERGED)
		*how = PUT_FILL;
	if (address && (apply_line_of(im, id) > 0 || !found_by_primary(im, d, address)))
		*how = PUT_FILL;
	return CRM_OK;
}

/* Where blank cells clear, what the row of one clears must not be filled by that of another. */
static bool clears(const struct import *im)
{
	return im->opt->blank && strcmp(im->opt->blank, "clear") == 0;
}

static int add_one(struct import *im, const struct crm_field *list, const char *text, size_t len)
{
	struct convert c = record_context(&im->record);
	struct item item;
	int status = convert_item(&c, list, text, len, &item);

	return status < 0 || record_is_primary(&im->record, list, item.norm)
		       ? status
		       : crm_record_add(&im->record, list->name, text);
}

static int add_items(struct import *im, const struct crm_field *list, const struct cell *cell)
{
	struct buf item = BUF_INIT;
	size_t pos = 0;
	int status = CRM_OK;

	while (status == CRM_OK && list_next(&item, cell->s, cell->len, &pos))
		if (item.len > 0)
			status = add_one(im, list, item.s, item.len);
	return list_end(&item, status, &im->s->err);
}

/* An address that is the record's already stays where it is; of one who was merged it becomes a further one. */
static int put_address(bool *done, struct import *im, const struct crm_field *list, const struct cell *cell,
	const crm_value *norm, enum put_how how)
{
	const struct crm_field *f = field_find_static(im->e, list->kind);
	bool empty = im->record.slots[record_index(&im->record, f)].value.kind == CRM_NULL;

	*done = norm->kind == CRM_STRING && items_find(&im->record.lists[record_index(&im->record, list)], norm->s);
	if (*done || how != PUT_FILL || (empty && !clears(im)))
		return CRM_OK;
	*done = true;
	return add_one(im, list, cell->s, cell->len);
}

/* Whether the value is none that a row of one who was merged may set: what is there stays, but yes goes before no. */
static bool stays(struct import *im, const struct crm_field *f, const crm_value *value)
{
	if (f == im->match.key_field || strcmp(f->name, "source") == 0 || f->set)
		return true;
	if (f->type == CRM_BOOL && !f->custom)
		return value->i == 0;
	return clears(im) || crm_record_get(&im->record, f->name).kind != CRM_NULL;
}

int survivor_put(bool *done, struct import *im, const struct draft *d, size_t i, enum put_how how)
{
	const struct column *c = &im->mapping.columns[i];
	const struct cell *cell = draft_cell(d, c);
	const struct crm_field *list = field_further(im->e, c->field);

	*done = cell->len == 0 && (how == PUT_FILL || field_is_list(c->field));
	if (*done)
		return CRM_OK;
	if (field_is_list(c->field)) {
		*done = true;
		return add_items(im, c->field, cell);
	}
	if (list && c->how == COLUMN_VALUE)
		return put_address(done, im, list, cell, &d->norms[i], how);
	*done = how == PUT_FILL && stays(im, c->field, &d->values[i]);
	return CRM_OK;
}
