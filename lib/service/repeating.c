/* Series of follow-ups: their fields checked, and the next written when one is done. */
#include "service/repeating.h"
#include "model/record.h"
#include "service/repeat.h"
#include <stdio.h>

static const char *text_of(crm_record *r, const char *field)
{
	crm_value v = crm_record_get(r, field);

	return v.kind == CRM_STRING ? v.s : NULL;
}

static void put_int(crm_record *r, const char *field, int64_t i)
{
	const crm_value v = { .kind = CRM_INT, .i = i }, none = { .kind = CRM_NULL };

	record_put(r, field_find_static(r->e, field), &v, &none);
}

/* When it is due in the local calendar; `day` NULL: at a time. */
static int occurrence_of(struct occurrence *out, crm_store *s, int64_t at, const char *day)
{
	struct time_context ctx = store_time_context(s, CRM_TIME_FUTURE);
	struct civil c;
	int64_t to;
	int status = day ? time_parse(&at, &to, &ctx, day, strlen(day), &s->err) : CRM_OK;

	if (status < 0)
		return status;
	zone_civil(s->zone, at, &c);
	out->day = days_from_civil(c.year, c.month, c.day);
	out->clock = day ? -1 : c.hour * 3600 + c.minute * 60 + c.second;
	return CRM_OK;
}

static int occurrence_of_record(struct occurrence *out, crm_record *r)
{
	return occurrence_of(out, r->s, crm_record_get(r, "due").i, text_of(r, "due_day"));
}

/* --- what it says --- */

/* Of two ways of coming again the new one counts; both at once, or days of nothing, are a mistake. */
static int settle_ways(crm_record *r)
{
	int status = CRM_OK;

	if (text_of(r, "every") && text_of(r, "after")) {
		if (record_changed(r, "every") && record_changed(r, "after"))
			return err_set(&r->s->err, CRM_INVALID,
				"every and after contradict each other: --every comes by the calendar, --after so long "
				"after the one before is done");
		status = crm_record_set(r, record_changed(r, "after") ? "every" : "after", "");
	}
	if (status == CRM_OK && record_changed(r, "every") && !record_changed(r, "on"))
		status = crm_record_set(r, "on", "");
	if (status == CRM_OK && text_of(r, "on") && !text_of(r, "every"))
		return err_set(&r->s->err, CRM_INVALID,
			"on: says which days of --every are meant, as in --every month --on last");
	return status;
}

/*
 * A day of the month that shorter ones have not would be forgotten once the first of the series is gone. And when the due
 * is moved, a single day moves with it.
 */
static void settle_days(struct repeat *rule, crm_record *r, const struct occurrence *due, bool creating)
{
	uint64_t single = rule->on && !(rule->on & (rule->on - 1)) && rule->on >> REPEAT_LAST == 0;
	int y, m, day;

	civil_from_days(due->day, &y, &m, &day);
	if (!creating && single && record_changed(r, "due") && !record_changed(r, "on"))
		rule->on = UINT64_C(1) << (rule->unit == REPEAT_WEEK ? weekday_of(due->day) : day);
	if (!rule->on && rule->unit >= REPEAT_MONTH && day > 28)
		rule->on = UINT64_C(1) << day;
}

static int check_every(crm_record *r, bool creating)
{
	cleanup(buf_free) struct buf every = BUF_INIT, on = BUF_INIT;
	struct occurrence due;
	struct repeat rule;
	int status = repeat_parse(&rule, text_of(r, "every"), text_of(r, "on"), &r->s->err);

	if (status == CRM_OK)
		status = occurrence_of_record(&due, r);
	if (status < 0)
		return status;
	settle_days(&rule, r, &due, creating);
	repeat_write(&every, &on, &rule);
	return buf_str(&on) ? crm_record_set(r, "on", buf_str(&on)) : err_nomem(&r->s->err);
}

int followup_set_repeat(crm_record *r, const struct crm_field *f, const char *text)
{
	cleanup(buf_free) struct buf canonical = BUF_INIT, on = BUF_INIT;
	struct err *err = record_context(r).err;
	struct repeat rule;
	int status = CRM_OK;

	if (*text && strcmp(f->name, "every") == 0) {
		status = repeat_parse(&rule, text, NULL, err);
		if (status == CRM_OK)
			repeat_write(&canonical, &on, &rule);
	} else if (*text) {
		status = strcmp(f->name, "on") == 0 ? repeat_on_parse(&canonical, text, err)
						    : repeat_after_parse(&canonical, text, err);
	}
	if (status < 0)
		return status;
	return buf_str(&canonical) ? record_set_field(r, f, buf_str(&canonical), canonical.len) : err_nomem(err);
}

int followup_repeat_check(crm_record *r, bool creating)
{
	int status;

	if (!record_changed(r, "every") && !record_changed(r, "on") && !record_changed(r, "after") &&
		!record_changed(r, "due"))
		return CRM_OK;
	status = settle_ways(r);
	if (status == CRM_OK && text_of(r, "every") && crm_record_get(r, "due").kind == CRM_INT)
		status = check_every(r, creating);
	if (status == CRM_OK && !creating && (text_of(r, "every") || text_of(r, "after"))) {
		put_int(r, "series", r->id);
		put_int(r, "occurrence", 1);
	}
	return status;
}

/* --- the next --- */

/* The first of the series that is still there. */
static int first_of(struct occurrence *out, crm_store *s, int64_t series)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status = db_prepare(
		&st, s, "SELECT due_at, due_day FROM followup WHERE series = $1 ORDER BY occurrence LIMIT 1", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, series);
	status = db_step(st);
	return status == CRM_OK ? occurrence_of(out, s, db_int(st, 0), db_text(st, 1)) : status;
}

static int next_by_calendar(struct occurrence *next, int64_t *missed, crm_record *r, int64_t series)
{
	struct occurrence first, last;
	struct repeat rule;
	int status = repeat_parse(&rule, text_of(r, "every"), text_of(r, "on"), &r->s->err);

	if (status == CRM_OK)
		status = first_of(&first, r->s, series);
	if (status == CRM_OK)
		status = occurrence_of_record(&last, r);
	if (status < 0)
		return status;
	return repeat_next(next, missed, &rule, r->s->zone, &first, &last, crm_store_now(r->s)) ? CRM_OK : CRM_END;
}

/* That long after it was done: at the hour agreed upon, unless hours are what is counted. */
static int next_after(int64_t *at, struct occurrence *next, crm_record *r)
{
	const char *after = text_of(r, "after");
	struct time_context ctx = store_time_context(r->s, CRM_TIME_FUTURE);
	struct buf offset = BUF_INIT;
	struct occurrence last;
	int64_t to;
	int status = occurrence_of_record(&last, r);

	ctx.now = crm_record_get(r, "done_at").i;
	buf_printf(&offset, "+%s", after);
	if (status == CRM_OK)
		status = buf_str(&offset) ? time_parse(at, &to, &ctx, offset.s, offset.len, &r->s->err)
					  : err_nomem(&r->s->err);
	buf_free(&offset);
	if (status < 0)
		return status;
	*next = (struct occurrence){ .day = zone_day(r->s->zone, *at), .clock = last.clock };
	if (strpbrk(after, "his")) /* hours, minutes, seconds: days, weeks, months and years have no such letter */
		next->clock = 0;
	else
		*at = occurrence_time(next, r->s->zone);
	return CRM_OK;
}

static void put_due(crm_record *r, int64_t at, const struct occurrence *o)
{
	crm_value day = { .kind = CRM_NULL }, none = { .kind = CRM_NULL };
	char date[16];
	int y, m, d;

	put_int(r, "due", at);
	if (o->clock < 0) {
		civil_from_days(o->day, &y, &m, &d);
		snprintf(date, sizeof(date), "%04d-%02d-%02d", y, m, d);
		day = value_text(&r->mem, date, strlen(date));
	}
	record_put(r, field_find_static(r->e, "due_day"), &day, &none);
}

/* What was agreed upon holds for the next too; what became of it does not. */
static int copy_agreement(crm_record *next, crm_record *r)
{
	static const char *const same[] = { "customer", "ticket", "owner", "action", "purpose", "every", "on",
		"after" };
	const crm_value none = { .kind = CRM_NULL };
	crm_value tags;

	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		crm_value v = crm_record_get(r, same[i]);

		record_put(next, field_find_static(r->e, same[i]), &v, &none);
	}
	for (size_t i = 0; i < r->ncustom; i++) {
		if (!GROW(next->custom, next->ncustom, next->custom_cap))
			return err_nomem(&r->s->err);
		next->custom[next->ncustom++] = (struct custom_value){
			.field = r->custom[i].field, .value = r->custom[i].value, .changed = true
		};
	}
	tags = crm_record_get(r, "tags");
	return tags.kind == CRM_STRING ? crm_record_set(next, "tags", tags.s) : CRM_OK;
}

static int write_next(int64_t *id, crm_record *r, int64_t series, int64_t at, const struct occurrence *o)
{
	crm_record *next;
	int status = crm_record_new(&next, r->s, r->e);

	if (status < 0)
		return status;
	next->actor = r->actor;
	status = copy_agreement(next, r);
	put_due(next, at, o);
	put_int(next, "series", series);
	put_int(next, "occurrence", crm_record_get(r, "occurrence").i + 1);
	if (status == CRM_OK)
		status = crm_record_save(next);
	if (status == CRM_OK)
		*id = next->id;
	crm_record_free(next);
	return status;
}

int repeating_write_next(int64_t *id, int64_t *missed, crm_record *r)
{
	int64_t series = crm_record_get(r, "series").i, there, at = 0;
	struct occurrence o;
	int status;

	*id = *missed = 0;
	if (!text_of(r, "every") && !text_of(r, "after"))
		return CRM_OK;
	status = db_get_int(&there, r->s, "SELECT 1 FROM followup WHERE series = $1 AND occurrence > $2 LIMIT 1", "ii",
		series, crm_record_get(r, "occurrence").i);
	if (status != CRM_END)
		return status;
	if (text_of(r, "after")) {
		status = next_after(&at, &o, r);
	} else {
		status = next_by_calendar(&o, missed, r, series);
		at = status == CRM_OK ? occurrence_time(&o, r->s->zone) : 0;
	}
	if (status != CRM_OK)
		return status < 0 ? status : CRM_OK; /* none up to the year 9999 */
	return write_next(id, r, series, at, &o);
}

int followup_repeat_next(crm_record *r)
{
	int64_t id, missed;

	return repeating_write_next(&id, &missed, r);
}
