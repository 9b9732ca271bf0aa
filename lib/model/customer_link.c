/* What customers are to each other: one became part of another, or two that look alike are two. */
#include "model/customer.h"
#include "model/record.h"

static const struct word kinds[] = {
	WORD("merged", "合并|已合并"),
	WORD("distinct", "not the same|不同人"),
};

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the link"),
	FIELD("customer", CRM_REF, MUST | LIST, "Customer", "the customer", .target = "customer", .synonyms = "客户"),
	FIELD("kind", CRM_ENUM, MUST | LIST, "Kind",
		"merged: one was merged into the customer; distinct: the other is somebody else", WORDS(kinds),
		.synonyms = "关系|种类"),
	FIELD("other", CRM_REF, EDIT | LIST, "Other", "who is not the same", .target = "customer",
		.synonyms = "其他客户|另一方"),
	FIELD("number", CRM_INTEGER, EDIT | LIST, "Number", "number that the one merged had",
		.synonyms = "原编号|编号"),
	FIELD("key", CRM_TEXT, EDIT | LIST, "Key", "key that the one merged had", .column = "external_key",
		.synonyms = "外部编号"),
	FIELD("source", CRM_TEXT, EDIT, "Source", "the system that the key comes from", .synonyms = "来源"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the link was made", .synonyms = "创建"),
};

int customer_merged_number(int64_t *survivor, crm_store *s, int64_t number)
{
	return db_get_int(
		survivor, s, "SELECT customer FROM customer_link WHERE number = $1 AND kind = 'merged'", "i", number);
}

int customer_merged_key(int64_t *survivor, crm_store *s, const crm_value *key, const crm_value *source)
{
	return db_get_int(survivor, s,
		"SELECT customer FROM customer_link WHERE external_key = $1 AND coalesce(source, '') = coalesce($2, '')"
		" AND external_key IS NOT NULL AND kind = 'merged'",
		"vv", key, source);
}

/* The pair in one order, so that both ways of saying it are the same. */
static int prepare_distinct(crm_record *r, int64_t a, int64_t b)
{
	char number[24];
	int64_t there;
	int status = CRM_OK;

	if (b == 0)
		return err_set(&r->s->err, CRM_INVALID, "other: is required where two are not the same");
	if (a == b)
		return err_set(&r->s->err, CRM_INVALID, "customer %lld is the same as itself", (long long)a);
	if (a > b)
		status = record_set_int(r, "customer", b, number);
	if (status == CRM_OK && a > b)
		status = record_set_int(r, "other", a, number);
	if (status == CRM_OK)
		status = db_get_int(&there, r->s,
			"SELECT id FROM customer_link WHERE customer = $1 AND kind = 'distinct' AND other = $2 AND id "
			"<> $3",
			"iii", a < b ? a : b, a < b ? b : a, r->id);
	if (status == CRM_OK)
		return err_set(&r->s->err, CRM_EXISTS, "customers %lld and %lld are marked as not the same already",
			(long long)a, (long long)b);
	return status < 0 ? status : CRM_OK;
}

/* What leads to the survivor must not be somebody's own. */
static int prepare_merged(crm_record *r)
{
	crm_value number = crm_record_get(r, "number"), key = crm_record_get(r, "key"),
		  source = crm_record_get(r, "source");
	int64_t id;
	int status = CRM_END;

	if (number.kind == CRM_NULL && key.kind == CRM_NULL)
		return err_set(&r->s->err, CRM_INVALID, "number: it or the key is required of one that was merged");
	if (number.kind != CRM_NULL)
		status = db_get_int(&id, r->s, "SELECT id FROM customer WHERE id = $1", "v", &number);
	if (status == CRM_OK)
		return err_set(&r->s->err, CRM_EXISTS, "there is a customer %lld", (long long)id);
	if (status == CRM_END && key.kind != CRM_NULL)
		status = db_get_int(&id, r->s,
			"SELECT id FROM customer WHERE external_key = $1 AND external_key IS NOT NULL AND"
			" coalesce(source, '') = coalesce($2, '') AND id <> $3",
			"vvi", &key, &source, crm_record_get(r, "customer").i);
	if (status == CRM_OK)
		return err_set(&r->s->err, CRM_EXISTS, "customer %lld has the key '%s'", (long long)id, key.s);
	return status < 0 ? status : CRM_OK;
}

static int prepare(crm_record *r, bool creating)
{
	crm_value kind = crm_record_get(r, "kind");

	(void)creating;
	if (kind.kind == CRM_NULL)
		return CRM_OK;
	return strcmp(kind.s, "merged") == 0
		       ? prepare_merged(r)
		       : prepare_distinct(r, crm_record_get(r, "customer").i, crm_record_get(r, "other").i);
}

const struct crm_entity entity_customer_link = {
	.name = N_("customer_link"),
	.plural = N_("customer links"),
	.table = "customer_link",
	.help = N_("which customers were merged, and which look alike but are not the same"),
	.flags = ENTITY_IMPORT,
	FIELDS(fields),
	.order = "id",
	.prepare = prepare,
};
