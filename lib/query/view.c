/* View: a filter with a name. */
#include "model/record.h"
#include "query/filter.h"
#include <crm/query.h>

static const struct crm_field view_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the view"),
	FIELD("entity", CRM_TEXT, MUST | LIST, "Entity", "what it lists", .synonyms = "对象"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND, "Name", "used as @NAME in place of a filter", .synonyms = "名称"),
	FIELD("filter", CRM_TEXT, EDIT | LIST, "Filter", "its terms, in stored form", .column = "filter_terms",
		.synonyms = "筛选"),
	FIELD("fields", CRM_TEXT, EDIT | LIST, "Fields", "its columns", .alias = "view-fields", .synonyms = "字段列表"),
	FIELD("sort", CRM_TEXT, EDIT | LIST, "Sort", "its order", .column = "sort_fields", .alias = "view-sort",
		.synonyms = "排序"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when it was made", .synonyms = "创建"),
	FIELD_VERSION,
};

/* What a view names must exist when it is stored; the error then points at it, not at its first use. */
static int prepare(crm_record *r, bool creating)
{
	crm_value entity = crm_record_get(r, "entity"), name = crm_record_get(r, "name"),
		  filter = crm_record_get(r, "filter");
	crm_value fields = crm_record_get(r, "fields"), sort = crm_record_get(r, "sort");
	const struct crm_entity *e = entity.s ? crm_entity_find(entity.s) : NULL;
	crm_store *s = record_store(r);
	crm_query *q;
	int status;

	(void)creating;
	if (entity.kind == CRM_NULL || name.kind == CRM_NULL)
		return CRM_OK; /* reported as missing */
	if (!e)
		return err_set(&s->err, CRM_INVALID, "entity: there is nothing called '%s' to list", entity.s);
	if (strpbrk(name.s, " \t\n\"@():,"))
		return err_set(&s->err, CRM_INVALID, "name: '%s' has a blank or one of \"@():,", name.s);
	status = crm_query_new(&q, s, e);
	if (status < 0)
		return status;
	if (filter.kind != CRM_NULL)
		status = crm_query_filter_text(q, filter.s);
	if (status == CRM_OK && fields.kind != CRM_NULL)
		status = crm_query_fields(q, fields.s);
	if (status == CRM_OK && sort.kind != CRM_NULL)
		status = crm_query_sort(q, sort.s);
	crm_query_free(q);
	return status;
}

const struct crm_entity entity_view = {
	.name = N_("view"),
	.plural = N_("views"),
	.table = "saved_view",
	.help = N_("filters with a name"),
	.flags = ENTITY_IMPORT,
	FIELDS(view_fields),
	.order = "entity,name",
	.prepare = prepare,
};
