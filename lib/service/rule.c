/* Rules: the entity, and what must hold before one is stored; the record of what they did. */
#include "service/rule.h"

#include "model/record.h"
#include "query/filter.h"
#include "service/ordered.h"
#include "text/text.h"

static const struct word events[] = {
	WORD("created", "create|new ticket|创建"),
	WORD("updated", "update|changed|更新"),
	WORD("replied", "reply|agent replied|回复"),
	WORD("heard", "customer wrote|customer replied|客户来信"),
	WORD("tick", "time|clock|定时"),
};

unsigned rule_event(const char *name)
{
	static const unsigned news[] = { TICKET_CREATED, TICKET_UPDATED, TICKET_REPLIED, TICKET_HEARD, RULE_TICK };

	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		if (strcmp(events[i].name, name) == 0)
			return news[i];
	return 0;
}

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the rule"),
	FIELD("position", CRM_INTEGER, EDIT | LIST, "Position", "rules are applied in this order; a new one comes last",
		.synonyms = "order|execution order|顺序"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name", "its name",
		.norm = "name_fold", .synonyms = "rule|title|规则|名称"),
	FIELD("active", CRM_BOOL, EDIT | LIST | FIELD_YES, "Active", "is applied; default yes",
		.synonyms = "enabled|启用"),
	FIELD("event", CRM_ENUM, MUST | LIST, "Event",
		"created, updated, replied (by an agent), heard (from the customer), or tick: by the clock",
		WORDS(events), .synonyms = "when|trigger|事件"),
	FIELD("condition", CRM_TEXT, EDIT | LIST | FIND, "Condition",
		"filter of tickets, as views store it; times are read when it is applied", .column = "filter_terms",
		.synonyms = "filter|if|条件"),
	FIELD("actions", CRM_TEXT, MUST | LIST | FIND, "Actions", "what is done, `;` or a new line between actions",
		.synonyms = "action|then|动作|动作列表"),
	FIELD("runs", CRM_INTEGER, CALC, "Runs", "how often it was applied",
		.sql = "(SELECT count(*) FROM rule_run x WHERE x.rule = @.id)", .synonyms = "执行次数"),
	FIELD("last_run", CRM_TIME, CALC, "Last run", "when it was last applied",
		.sql = "(SELECT max(x.at) FROM rule_run x WHERE x.rule = @.id)", .synonyms = "最近执行"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

/* A name appears in messages, in the journal and as the actor of events: one plain line. */
static int check_name(crm_store *s, const crm_value *name)
{
	size_t bad = 0;

	while (bad < name->len && (unsigned char)name->s[bad] >= ' ' && name->s[bad] != 0x7f)
		bad++;
	if (bad < name->len)
		return err_set(&s->err, CRM_INVALID, "name: a control character at byte %zu: a name is one plain line",
			bad + 1);
	if (name->len && (name->s[0] == ' ' || name->s[name->len - 1] == ' '))
		return err_set(&s->err, CRM_INVALID, "name: '%s' begins or ends with a blank", name->s);
	return CRM_OK;
}

static int check_condition(crm_store *s, const char *event, const crm_value *condition)
{
	cleanup(sql_release) struct sql q = { .s = s };
	int status;

	if (condition->kind == CRM_NULL || condition->s[strspn(condition->s, " ")] == '\0')
		return event && strcmp(event, "tick") == 0
			       ? err_set(&s->err, CRM_INVALID,
					 "condition: a rule of the clock needs one: it would be applied to every "
					 "ticket there ever was")
			       : CRM_OK;
	if (strpbrk(condition->s, "\n\r\t"))
		return err_set(&s->err, CRM_INVALID, "condition: is one line, blanks between its terms");
	status = filter_stored(&q, &entity_ticket, "t0", condition->s);
	if (status < 0 && status != CRM_NOMEM) {
		cleanup(freep) char *why = strdup(crm_errmsg(s));

		return err_set(&s->err, status, "condition: %s", why ? why : "");
	}
	return status;
}

/* Stored as it is shown: one action a line. */
static int check_actions(struct actions *list, crm_record *r)
{
	crm_value text = crm_record_get(r, "actions");
	struct buf canonical = BUF_INIT;
	int status;

	if (text.kind == CRM_NULL)
		return CRM_OK; /* reported as missing */
	status = actions_parse(list, &r->mem, text.s, text.len, &r->s->err);
	if (status == CRM_OK && list->n == 0)
		return err_set(&r->s->err, CRM_INVALID, "actions: there is none, as in: set priority=high; tag vip");
	if (status == CRM_OK)
		status = actions_check(r->s, list);
	if (status < 0)
		return status;
	actions_write(&canonical, list, "\n");
	status = buf_str(&canonical) ? crm_record_set(r, "actions", canonical.s) : err_nomem(&r->s->err);
	buf_free(&canonical);
	return status;
}

static int prepare(crm_record *r, bool creating)
{
	crm_value name = crm_record_get(r, "name"), event = crm_record_get(r, "event");
	crm_value condition = crm_record_get(r, "condition"), active = crm_record_get(r, "active");
	struct actions list = { 0 };
	int status = CRM_OK;

	if (name.kind != CRM_NULL)
		status = check_name(r->s, &name);
	if (status == CRM_OK)
		status = check_condition(r->s, event.kind == CRM_NULL ? NULL : event.s, &condition);
	if (status == CRM_OK)
		status = check_actions(&list, r);
	if (status == CRM_OK && list.n && name.kind != CRM_NULL && event.kind != CRM_NULL &&
		(active.kind == CRM_NULL || active.i))
		status = rule_check_loop(
			r->s, r->id, name.s, event.s, condition.kind == CRM_NULL ? "" : condition.s, &list);
	actions_free(&list);
	(void)creating;
	return status == CRM_OK ? ordered_position(r) : status;
}

const struct crm_entity entity_rule = {
	.name = N_("rule"),
	.plural = N_("rules"),
	.table = "rule",
	.help = N_("what happens to tickets by itself"),
	.flags = ENTITY_IMPORT | ENTITY_CASCADE,
	FIELDS(fields),
	.order = "position",
	.prepare = prepare,
};

static const struct crm_field run_fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the run"),
	FIELD("at", CRM_TIME, LIST | AUTO, "Time", "when the rule was applied", .synonyms = "时间"),
	FIELD("rule", CRM_REF, AUTO, "Rule", "the rule", .target = "rule", .synonyms = "规则"),
	FIELD("name", CRM_TEXT, LIST | CALC, "Name", "name of the rule",
		.sql = "(SELECT x.name FROM rule x WHERE x.id = @.rule)", .synonyms = "名称"),
	FIELD("ticket", CRM_REF, LIST | AUTO, "Ticket", "the ticket that it was applied to", .target = "ticket",
		.synonyms = "工单"),
	FIELD("seen", CRM_INTEGER, AUTO, "Seen", "events and communications of the ticket by then that no rule wrote",
		.synonyms = "已见"),
	FIELD("over", CRM_BOOL, AUTO, "Over", "no longer keeps the clock from applying it again", .synonyms = "已过"),
	FIELD("operation", CRM_INTEGER, LIST | CALC, "Operation", "its operation in the journal", .sql = "@.op",
		.synonyms = "操作"),
};

const struct crm_entity entity_rule_run = {
	.name = N_("rule_run"),
	.plural = N_("rule runs"),
	.table = "rule_run",
	.help = N_("when which rule was applied to which ticket"),
	.flags = ENTITY_FIXED,
	FIELDS(run_fields),
	.order = "-id",
};
