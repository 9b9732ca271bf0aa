/*
 * Orders: which stored line a row is about.
 *
 * It is the line of that number, source and product. A row that names no product means the only line of
 * its number; one that does is, where no line has that product, the line that has none yet. Where the file has products,
 * lines that it touched already are others.
 */
#include "exchange/import/import.h"

static bool has_column(const struct import *im, const char *field)
{
	for (size_t i = 0; i < im->mapping.n; i++)
		if (im->mapping.columns[i].field && strcmp(im->mapping.columns[i].field->name, field) == 0)
			return true;
	return false;
}

struct lines {
	int64_t same, other; /* with the row's product, and another that will do */
	size_t nother;
};

static int read_lines(struct import *im, struct lines *lines)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	crm_value number = crm_record_get(&im->record, "number"), source = crm_record_get(&im->record, "source"),
		  product = crm_record_get(&im->record, "product"), key = crm_record_get(&im->record, "key");
	bool by_product = has_column(im, "product");
	int status = db_prepare(&st, im->s,
		"SELECT id, product IS $2, product IS NULL FROM sales_order WHERE number = $1"
		" AND coalesce(source, '') = coalesce($3, '')"
		" AND (external_key IS NULL OR $4 IS NULL OR external_key = $4) ORDER BY id",
		DB_SCAN); /* sorts the few of one number */

	if (status < 0)
		return status;
	db_bind_value(st, 1, &number);
	db_bind_value(st, 2, &product);
	db_bind_value(st, 3, &source);
	db_bind_value(st, 4, &key);
	while ((status = db_step(st)) == CRM_OK) {
		int64_t id = db_int(st, 0);

		if (db_int(st, 1) && !lines->same)
			lines->same = id;
		if (product.kind != CRM_NULL && !db_int(st, 2))
			continue; /* of another product */
		if (by_product && apply_line_of(im, id) > 0)
			continue;
		lines->other = id;
		lines->nother++;
	}
	return status < 0 ? status : CRM_OK;
}

static int find_line(struct import *im, int64_t *id)
{
	struct lines lines = { 0 };
	int status = read_lines(im, &lines);

	if (status < 0)
		return status;
	if (!lines.same && lines.nother > 1) {
		im->fault_field = "number";
		return err_set(&im->s->err, CRM_CONFLICT, "several lines have this number: say which by the product");
	}
	*id = lines.same ? lines.same : lines.other;
	return CRM_OK;
}

int numbered_find(struct import *im, int64_t *id)
{
	*id = 0;
	if (im->e != &entity_order || crm_record_get(&im->record, "number").kind == CRM_NULL)
		return CRM_OK;
	return find_line(im, id);
}
