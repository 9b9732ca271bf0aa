/* Calendars in the store: the entity, and reading one. */
#include "service/calendar_store.h"
#include "base/cursor.h"
#include "model/record.h"
#include <crm/calendar.h>

static const struct crm_field fields[] = {
	FIELD("id", CRM_INTEGER, LIST | AUTO, "Id", "number of the calendar"),
	FIELD("name", CRM_TEXT, MUST | LIST | FIND | FIELD_FOLDED | CRM_FIELD_UNIQUE, "Name", "its name",
		.norm = "name_fold", .synonyms = "名称|日历"),
	FIELD("zone", CRM_TEXT, EDIT | LIST, "Zone", "time zone of its hours; empty: the one in force (--tz)",
		.synonyms = "time zone|timezone|时区"),
	FIELD("hours", CRM_TEXT, MUST | LIST, "Hours", "weekly hours: mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00",
		.synonyms = "business hours|working hours|工作时间"),
	FIELD("holidays", CRM_TEXT, EDIT, "Holidays",
		"days without work: 2026-02-16..2026-02-22 NAME; --12-25 (every year)",
		.synonyms = "holiday|节假日|假日"),
	FIELD("workdays", CRM_TEXT, EDIT, "Workdays",
		"days of work besides, or with other hours: 2026-02-14; 2026-12-24 09:00-12:00",
		.synonyms = "working days|调休|补班|调休工作日"),
	FIELD("main", CRM_BOOL, EDIT | LIST, "Main", "counts where nothing names a calendar; at most one",
		.column = "is_main", .synonyms = "default|默认|主日历"),
	FIELD("description", CRM_TEXT, EDIT | LIST, "Description", "what it is for", .synonyms = "note|说明|备注"),
	FIELD("created_at", CRM_TIME, AUTO, "Created", "when the record was made", .synonyms = "创建"),
	FIELD_VERSION,
};

static const char *text_of(crm_record *r, const char *field)
{
	crm_value v = crm_record_get(r, field);

	return v.kind == CRM_STRING ? v.s : NULL;
}

/* Stores a list of days as calendar_days_write() has it; empty is none. */
static int set_days(crm_record *r, const char *field, const struct calendar_days *days)
{
	cleanup(buf_free) struct buf text = BUF_INIT;

	calendar_days_write(&text, days);
	return buf_str(&text) ? crm_record_set(r, field, text.s ? text.s : "") : err_nomem(&record_store(r)->err);
}

/* The texts in their canonical form: the parsed is what is stored. */
static int canonical(crm_record *r, const struct calendar_text *text)
{
	cleanup(buf_free) struct buf hours = BUF_INIT;
	struct calendar_rules rules;
	int status = calendar_rules_parse(&rules, text, &record_store(r)->err);

	if (status == CRM_OK) {
		calendar_hours_write(&hours, &rules);
		status = buf_str(&hours) ? crm_record_set(r, "hours", hours.s) : err_nomem(&record_store(r)->err);
	}
	if (status == CRM_OK)
		status = set_days(r, "holidays", &rules.holidays);
	if (status == CRM_OK)
		status = set_days(r, "workdays", &rules.workdays);
	calendar_rules_free(&rules);
	return status;
}

static int check_zone(crm_store *s, const char *name)
{
	struct zone *z = NULL;
	int status = zone_load(&z, name, &s->err);

	zone_free(z);
	return status == CRM_INVALID ? err_set(&s->err, status, "zone: %s", buf_str(&s->err.msg)) : status;
}

/* One at most: taking it from the other unasked would change reports that somebody else reads. */
static int check_main(crm_record *r)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	crm_store *s = record_store(r);
	crm_value main = crm_record_get(r, "main");
	int status;

	if (main.kind != CRM_INT || !main.i || !record_changed(r, "main"))
		return CRM_OK;
	status = db_prepare(&st, s, "SELECT id, name FROM calendar WHERE is_main = 1 AND id <> $1", 0);
	if (status < 0)
		return status;
	db_bind_int(st, 1, crm_record_id(r));
	status = db_step(st);
	if (status == CRM_OK)
		return err_set(&s->err, CRM_CONFLICT,
			"calendar %lld, %s, is the main one already: `crm calendar edit %lld --main no` first",
			(long long)db_int(st, 0), db_text(st, 1), (long long)db_int(st, 0));
	return status < 0 ? status : CRM_OK;
}

static int prepare(crm_record *r, bool creating)
{
	struct calendar_text text = { .zone = text_of(r, "zone"),
		.hours = text_of(r, "hours"),
		.holidays = text_of(r, "holidays"),
		.workdays = text_of(r, "workdays") };
	int status = CRM_OK;

	/* Policies refer to a calendar by this name, so it stays as long as any do. */
	if (!creating && record_changed(r, "name"))
		status = record_forbid_dependants(r, N_("cannot be renamed"));
	if (status == CRM_OK && text.zone && record_changed(r, "zone"))
		status = check_zone(record_store(r), text.zone);
	if (status == CRM_OK && text.hours) /* else it is said to be required */
		status = canonical(r, &text);
	return status < 0 ? status : check_main(r);
}

const struct crm_entity entity_calendar = {
	.name = N_("calendar"),
	.plural = N_("calendars"),
	.table = "calendar",
	.help = N_("business hours, holidays and adjusted working days"),
	.flags = ENTITY_IMPORT,
	FIELDS(fields),
	.order = "id",
	.prepare = prepare,
};

/* --- reading one --- */

#define SELECT "SELECT id, zone, hours, holidays, workdays FROM calendar WHERE "

static int make(struct calendar **out, crm_store *s, struct stmt *st)
{
	struct calendar_text text = {
		.zone = db_text(st, 1), .hours = db_text(st, 2), .holidays = db_text(st, 3), .workdays = db_text(st, 4)
	};
	int status = calendar_new(out, &text, s->zone, &s->err);

	/* Not written by crm, or a zone that this machine lacks. */
	if (status == CRM_INVALID)
		return err_set(&s->err, status, "calendar %lld: %s", (long long)db_int(st, 0), buf_str(&s->err.msg));
	return status;
}

int calendar_load(struct calendar **out, crm_store *s, int64_t id)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, SELECT "id = $1", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, id);
	status = db_step(st);
	if (status == CRM_END)
		return err_set(&s->err, CRM_NOTFOUND, "there is no calendar %lld (crm calendar list)", (long long)id);
	return status < 0 ? status : make(out, s, st);
}

int calendar_load_named(struct calendar **out, crm_store *s, const char *name)
{
	int64_t id;
	int status = crm_resolve(&id, s, &entity_calendar, name, CRM_NAME_WRITE);

	return status < 0 ? status : calendar_load(out, s, id);
}

int calendar_load_main(struct calendar **out, crm_store *s)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(&st, s, SELECT "is_main = 1", 0);

	if (status < 0)
		return status;
	status = db_step(st);
	if (status == CRM_END)
		return err_set(&s->err, CRM_NOTFOUND,
			"no calendar is the main one: `crm calendar edit CALENDAR --main yes` makes one");
	return status < 0 ? status : make(out, s, st);
}

/* --- working time of a period --- */

static int read_period(int64_t *from, int64_t *to, crm_store *s, const char *since, const char *until)
{
	int64_t first, last;
	int status = crm_time_parse(from, NULL, s, since, CRM_TIME_PAST);

	*to = s->now;
	if (status < 0 || !until)
		return status;
	status = crm_time_parse(&first, &last, s, until, CRM_TIME_PAST);
	*to = last > first ? last + 1 : first; /* a day counts whole */
	return status;
}

int crm_calendar_hours(crm_cursor **out, crm_store *s, int64_t calendar, const char *since, const char *until)
{
	static const crm_column columns[] = {
		COLUMN("from", "From", "where the period begins", CRM_TIME),
		COLUMN("to", "To", "where it ends", CRM_TIME),
		COLUMN("working_s", "Working seconds", "seconds of working time in it", CRM_INTEGER),
	};
	cleanup(calendar_freep) struct calendar *c = NULL;
	struct rowset *rows;
	int64_t from, to;
	int status = read_period(&from, &to, s, since, until);

	if (status == CRM_OK && to < from)
		status = until ? err_set(&s->err, CRM_INVALID, "the period is empty: --since %s is after --until %s",
					 since, until)
			       : err_set(&s->err, CRM_INVALID, "the period is empty: --since %s is after now", since);
	if (status == CRM_OK)
		status = calendar_load(&c, s, calendar);
	if (status == CRM_OK)
		status = rowset_new(&rows, columns, ARRAY_SIZE(columns));
	if (status < 0)
		return status;
	status = rowset_begin(rows);
	if (status < 0) {
		rowset_free(rows);
		return err_nomem(&s->err);
	}
	rowset_int(rows, 0, from);
	rowset_int(rows, 1, to);
	rowset_int(rows, 2, calendar_between(c, from, to));
	return rowset_cursor(out, rows);
}
