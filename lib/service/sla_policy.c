/* Service levels: the entity, what its targets mean, and the set that tickets are judged by. */
#include "model/record.h"
#include "model/ticket.h"
#include "query/filter.h"
#include "service/ordered.h"
#include "service/sla.h"
#include "text/text.h"

const char *const sla_target_names[SLA_TARGETS] = {
	[SLA_FIRST_REPLY] = N_("first_reply"),
	[SLA_NEXT_REPLY] = N_("next_reply"),
	[SLA_RESOLUTION] = N_("resolution"),
};

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the policy"),
	FIELD("position", CRM_INTEGER, EDIT | LIST, "Position",
		"policies are tried in this order; the first that fits a ticket is its own", .synonyms = "顺序"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name", "its name",
		.norm = "name_fold", .synonyms = "名称"),
	FIELD("filter", CRM_TEXT, EDIT | LIST, "Filter", "which tickets it is for; empty: all",
		.column = "filter_terms", .synonyms = "筛选"),
	FIELD("first_reply", CRM_TEXT, EDIT | LIST, "First reply",
		"within how long the first reply is promised, by priority: 'urgent 30min, high 1h, 4h'",
		.alias = "first-reply", .synonyms = "首次回复"),
	FIELD("next_reply", CRM_TEXT, EDIT | LIST, "Next reply", "likewise every further reply to the customer",
		.alias = "next-reply", .synonyms = "后续回复"),
	FIELD("resolution", CRM_TEXT, EDIT | LIST, "Resolution", "likewise the solution", .synonyms = "解决"),
	FIELD("calendar", CRM_REF, EDIT | LIST | FIELD_HANDLE, "Calendar",
		"whose working time counts; empty: all hours do", .target = "calendar", .synonyms = "日历"),
	FIELD("pauses", CRM_TEXT, EDIT, "Pauses",
		"statuses in which the clock of the resolution stands still; empty: all paused ones; none",
		.synonyms = "停表状态"),
	FIELD("since", CRM_TIME, EDIT, "Since", "only tickets created from then on", .synonyms = "自"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

/* --- targets --- */

static const char *const priority_names[SLA_PRIORITIES] = { "low", "normal", "high", "urgent" };

static int bad_target(const char *field, const char *item, size_t len, struct err *err)
{
	return err_set(err, CRM_INVALID,
		"%s: '%.*s' is not a length of time, with or without a priority: urgent 30min, high 1h, 4h", field,
		(int)crm_text_fit(item, len, 40), item);
}

/* The priority that an item names, in any word for it; the rest is its length of time. -1: all others. */
static int take_priority(const char **s, size_t *len, struct err *err)
{
	const struct crm_field *f = field_find_static(&entity_ticket, "priority");
	const struct word *w = NULL;
	size_t n = 0;

	while (n < *len && !ascii_blank((*s)[n]) && (*s)[n] != '=' && (*s)[n] != ':')
		n++;
	if (n < *len)
		w = word_meant(f->words, f->nwords, *s, n, err);
	for (int i = 0; w && i < SLA_PRIORITIES; i++) {
		if (strcmp(priority_names[i], w->name) != 0)
			continue;
		*s += n + 1;
		*len -= n + 1;
		while (*len > 0 && ascii_blank(**s)) {
			++*s;
			--*len;
		}
		return i;
	}
	return -1;
}

int sla_targets_parse(int64_t seconds[SLA_PRIORITIES], const char *field, const char *text, struct err *err)
{
	struct buf item = BUF_INIT;
	int64_t others = -1;
	size_t pos = 0;
	int status = CRM_OK;

	for (size_t i = 0; i < SLA_PRIORITIES; i++)
		seconds[i] = -1;
	while (status == CRM_OK && text && list_next(&item, text, strlen(text), &pos)) {
		const char *s = item.s;
		size_t len = item.len;
		int priority = take_priority(&s, &len, err);
		int64_t *slot = priority < 0 ? &others : &seconds[priority];
		int64_t value = 0;

		if (duration_parse(&value, s, len, err) < 0 || value == 0)
			status = bad_target(field, item.s, item.len, err);
		else if (*slot >= 0)
			status = priority < 0 ? err_set(err, CRM_INVALID,
							"%s: two lengths of time for all other priorities", field)
					      : err_set(err, CRM_INVALID, "%s: two lengths of time for %s", field,
							priority_names[priority]);
		else
			*slot = value;
	}
	status = list_end(&item, status, err);
	for (size_t i = 0; i < SLA_PRIORITIES; i++)
		seconds[i] = seconds[i] < 0 ? others : seconds[i];
	return status;
}

/* --- the rules of saving --- */

static int check_targets(crm_record *r)
{
	int64_t seconds[SLA_TARGETS][SLA_PRIORITIES];
	struct err *err = &record_store(r)->err;
	bool any = false;
	int status = CRM_OK;

	for (size_t t = 0; status == CRM_OK && t < SLA_TARGETS; t++) {
		crm_value v = crm_record_get(r, sla_target_names[t]);

		status = sla_targets_parse(seconds[t], sla_target_names[t], v.kind == CRM_STRING ? v.s : NULL, err);
		any |= v.kind == CRM_STRING;
	}
	if (status == CRM_OK && !any)
		return err_set(err, CRM_INVALID,
			"sla: nothing is promised: --first-reply, --next-reply or --resolution says what");
	for (size_t t = 0; status == CRM_OK && t < SLA_RESOLUTION; t++)
		for (size_t p = 0; status == CRM_OK && p < SLA_PRIORITIES; p++)
			if (seconds[SLA_RESOLUTION][p] >= 0 && seconds[t][p] > seconds[SLA_RESOLUTION][p])
				status = err_set(err, CRM_INVALID,
					"%s: for priority %s it is longer than the resolution, which it must come "
					"before",
					sla_target_names[t], priority_names[p]);
	return status;
}

/* Statuses that the store has, by their names there. */
static int check_pauses(crm_record *r)
{
	const struct crm_field *f = field_find_static(&entity_ticket, "status");
	crm_value v = crm_record_get(r, "pauses");
	struct buf item = BUF_INIT, list = BUF_INIT;
	size_t pos = 0;
	int status = CRM_OK;

	if (v.kind == CRM_NULL || strcmp(v.s, "none") == 0)
		return CRM_OK;
	while (status == CRM_OK && list_next(&item, v.s, v.len, &pos)) {
		const char *name;

		status = resolve_word(&name, r->s, f, &r->mem, item.s, item.len);
		if (status == CRM_OK)
			list_append(&list, name, strlen(name));
		else if (status == CRM_INVALID)
			status = err_set(&r->s->err, CRM_INVALID,
				"pauses: there is no status '%s' (crm ticket status list)", item.s);
	}
	status = list_end(&item, status, &r->s->err);
	if (status == CRM_OK)
		status = buf_str(&list) ? crm_record_set(r, "pauses", list.s) : err_nomem(&r->s->err);
	buf_free(&list);
	return status;
}

/* What decides by which policy a ticket is judged must not ask for the judgement. */
static int check_circle(crm_record *r)
{
	crm_value filter = crm_record_get(r, "filter");
	cleanup(sql_release) struct sql q = { .s = r->s };
	int status = filter_stored(&q, &entity_ticket, "t0", filter.kind == CRM_STRING ? filter.s : "");

	if (status == CRM_OK && q.judged && q.judged->judge != warranty_judge)
		return err_set(&r->s->err, CRM_INVALID, "filter: %s follows from the policy, which cannot depend on it",
			q.judged->name);
	return status;
}

static int prepare(crm_record *r, bool creating)
{
	int status = check_targets(r);

	if (status == CRM_OK)
		status = check_circle(r);

	if (status == CRM_OK)
		status = check_pauses(r);
	return status < 0 ? status : ordered_prepare(r, creating, &entity_ticket);
}

const struct crm_entity entity_sla = {
	.name = N_("sla"),
	.plural = N_("service levels"),
	.table = "sla",
	.help = N_("within how long replies and solutions are promised"),
	.flags = ENTITY_IMPORT,
	FIELDS(fields),
	.order = "position",
	.prepare = prepare,
};

/* --- the set --- */

static int copy_text(char **out, struct stmt *st, int col, crm_store *s)
{
	*out = db_is_null(st, col) ? NULL : strdup(db_text(st, col));
	return *out || db_is_null(st, col) ? CRM_OK : err_nomem(&s->err);
}

static int load_policy(struct sla_policy *p, struct stmt *st, crm_store *s)
{
	int status;

	*p = (struct sla_policy){ .id = db_int(st, 0), .since = db_is_null(st, 4) ? INT64_MIN : db_int(st, 4) };
	status = copy_text(&p->name, st, 1, s);
	if (status == CRM_OK)
		status = copy_text(&p->filter, st, 2, s);
	if (status == CRM_OK)
		status = copy_text(&p->pauses, st, 3, s);
	if (status == CRM_OK && !db_is_null(st, 5))
		status = calendar_load_named(&p->calendar, s, db_text(st, 5));
	for (int t = 0; status == CRM_OK && t < SLA_TARGETS; t++)
		status = sla_targets_parse(p->seconds[t], sla_target_names[t], db_text(st, 6 + t), &s->err);
	return status;
}

static int load_statuses(struct sla_set *set, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	size_t cap = 0;
	int status = db_prepare(&st, s, "SELECT name, category FROM ticket_status", DB_SCAN);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		const char *category = db_text(st, 1);
		struct sla_status *one;

		if (!GROW(set->statuses, set->nstatuses, cap))
			return err_nomem(&s->err);
		one = &set->statuses[set->nstatuses++];
		one->category = *category == 'o' ? SLA_OPEN : *category == 'p' ? SLA_PAUSING : SLA_RESOLVED;
		status = copy_text(&one->name, st, 0, s);
	}
	return status < 0 ? status : CRM_OK;
}

int sla_set_load(struct sla_set *out, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct sla_set set = { 0 };
	size_t cap = 0;
	int status = load_statuses(&set, s);

	if (status == CRM_OK)
		status = db_prepare(&st, s,
			"SELECT id, name, filter_terms, pauses, since, calendar, first_reply, next_reply, resolution"
			" FROM sla ORDER BY position, id",
			DB_SCAN);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		if (!GROW(set.v, set.n, cap)) {
			status = err_nomem(&s->err);
			break;
		}
		status = load_policy(&set.v[set.n++], st, s);
	}
	if (status < 0) {
		sla_set_free(&set);
		return status;
	}
	*out = set;
	return CRM_OK;
}

void sla_set_free(struct sla_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		free(set->v[i].name);
		free(set->v[i].filter);
		free(set->v[i].pauses);
		calendar_free(set->v[i].calendar);
	}
	free(set->v);
	db_release(set->ticket);
	for (size_t i = 0; i < set->nstatuses; i++)
		free(set->statuses[i].name);
	free(set->statuses);
	*set = (struct sla_set){ 0 };
}

static void free_shared(void *set)
{
	if (set)
		sla_set_free(set);
	free(set);
}

int sla_set_shared(struct sla_set **out, crm_store *s)
{
	struct sla_set *set = s->service;
	int status;

	if (!set) {
		set = calloc(1, sizeof(*set));
		if (!set)
			return err_nomem(&s->err);
		status = sla_set_load(set, s);
		if (status < 0) {
			free(set);
			return status;
		}
		s->service = set;
		s->service_free = free_shared;
	}
	*out = set;
	return CRM_OK;
}
