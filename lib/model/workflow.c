/* Statuses of tickets, and which may follow which. */
#include "model/record.h"
#include "model/ticket.h"

const struct word ticket_states[TICKET_STATES] = {
	WORD("open", "打开|处理中"),
	WORD("paused", "暂停"),
	WORD("resolved", "已解决"),
};

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the status"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name", "its name",
		.norm = "name_fold", .synonyms = "名称"),
	FIELD("category", CRM_ENUM, MUST | LIST, "Category",
		"open: we work on it, paused: others have to act, resolved", WORDS(ticket_states), .synonyms = "分类"),
	FIELD("description", CRM_TEXT, EDIT | LIST, "Description", "what it means", .synonyms = "说明"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

/* What may follow; a status of your own is treated as the one named here for its category. */
static const struct {
	const char *from, *to[8];
} transitions[] = {
	{ "new", { "open", "pending", "hold", "solved", "closed", "merged", "spam" } },
	{ "open", { "pending", "hold", "solved", "closed", "merged", "spam" } },
	{ "pending", { "open", "hold", "solved", "closed", "merged", "spam" } },
	{ "hold", { "open", "pending", "solved", "closed", "merged", "spam" } },
	{ "solved", { "open", "closed" } },
	{ "closed", { "open" } },
	{ "merged", { NULL } },
	{ "spam", { "open" } },
};

static const struct {
	const char *category, *like;
} custom[] = {
	{ "open", "open" },
	{ "paused", "hold" },
	{ "resolved", "solved" },
};

static bool is_standard(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(transitions); i++)
		if (strcmp(transitions[i].from, name) == 0)
			return true;
	return false;
}

int workflow_category(const char **out, crm_store *s, const char *status)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int r = db_prepare(&st, s, "SELECT category FROM ticket_status WHERE name = $1", DB_SCAN);

	*out = "";
	if (r < 0)
		return r;
	db_bind_str(st, 1, status);
	r = db_step(st);
	for (size_t i = 0; r == CRM_OK && i < TICKET_STATES; i++)
		if (strcmp(ticket_states[i].name, db_text(st, 0)) == 0)
			*out = ticket_states[i].name;
	return r < 0 ? r : CRM_OK;
}

/* The standard status that a status stands for in the table. */
static int stands_for(const char **out, crm_store *s, const char *status)
{
	const char *category;
	int r;

	*out = status;
	if (is_standard(status))
		return CRM_OK;
	r = workflow_category(&category, s, status);
	for (size_t i = 0; r == CRM_OK && i < ARRAY_SIZE(custom); i++)
		if (strcmp(custom[i].category, category) == 0)
			*out = custom[i].like;
	return r;
}

static bool allowed(const char *from, const char *to)
{
	for (size_t i = 0; i < ARRAY_SIZE(transitions); i++)
		for (size_t k = 0; strcmp(transitions[i].from, from) == 0 && transitions[i].to[k]; k++)
			if (strcmp(transitions[i].to[k], to) == 0)
				return true;
	return false;
}

static void put_allowed(struct buf *out, const char *from)
{
	for (size_t i = 0; i < ARRAY_SIZE(transitions); i++)
		for (size_t k = 0; strcmp(transitions[i].from, from) == 0 && transitions[i].to[k]; k++)
			buf_printf(out, "%s%s", out->len ? ", " : "", transitions[i].to[k]);
}

int workflow_check(crm_store *s, const char *from, const char *to)
{
	struct buf list = BUF_INIT;
	const char *a, *b = to;
	int status = stands_for(&a, s, from);

	if (status == CRM_OK)
		status = stands_for(&b, s, to);
	/* Statuses of one category may take turns where one of them is the user's own. */
	if (status < 0 || (strcmp(a, b) == 0 && strcmp(from, to) != 0) || allowed(a, b))
		return status;
	put_allowed(&list, a);
	if (list.len)
		status = err_set(&s->err, CRM_CONFLICT,
			"status: a ticket that is %s cannot become %s; it can become %s", from, to, buf_str(&list));
	else
		status = err_set(&s->err, CRM_CONFLICT,
			"status: a ticket that is %s cannot become %s: crm undo takes a merge back", from, to);
	buf_free(&list);
	return status;
}

static int prepare(crm_record *r, bool creating)
{
	crm_value name = crm_record_get(r, "name");

	if (creating)
		return CRM_OK;
	if (name.kind == CRM_STRING && is_standard(name.s) &&
		(record_changed(r, "name") || record_changed(r, "category")))
		return err_set(&r->s->err, CRM_CONFLICT, "the status %s is part of the workflow and stays", name.s);
	if (!record_changed(r, "name") && !record_changed(r, "category"))
		return CRM_OK;
	return record_forbid_dependants(
		r, record_changed(r, "name") ? N_("cannot be renamed") : N_("cannot change its category"));
}

const struct crm_entity entity_ticket_status = {
	.name = N_("ticket_status"),
	.plural = N_("ticket statuses"),
	.table = "ticket_status",
	.help = N_("what a ticket may be: the workflow's statuses and your own"),
	FIELDS(fields),
	.order = "id",
	.prepare = prepare,
};
