/* The days of a file into a calendar. */
#include "exchange/holidays.h"
#include "model/record.h"
#include "service/calendar_store.h"
#include <crm/calendar.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static int read_file(struct buf *text, int fd, const char *file, struct err *err)
{
	for (;;) {
		ssize_t n;

		if (!buf_reserve(text, 1 << 16))
			return err_nomem(err);
		n = read(fd, text->s + text->len, 1 << 16);
		if (n == 0)
			return CRM_OK;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, CRM_FAILED, "%s: %s", file, strerror(errno));
		text->len += (size_t)n;
		if (text->len > HOLIDAYS_FILE_MAX)
			return err_set(err, CRM_FAILED, "%s: larger than any file of holidays (%d MiB)", file,
				HOLIDAYS_FILE_MAX >> 20);
	}
}

static int add_days(
	crm_calendar_days *added, struct calendar_rules *r, struct holidays *h, const char *file, struct err *err)
{
	for (size_t i = 0; i < h->n; i++) {
		bool work = h->v[i].kind == CALENDAR_WORKDAYS;
		size_t n = 0;
		int rc = calendar_days_add(work ? &r->workdays : &r->holidays, h->v[i].kind, &h->v[i].day, &n, err);

		if (rc == CRM_INVALID)
			return err_set(err, CRM_FAILED, "%s:%llu: %s", file, (unsigned long long)h->v[i].line,
				buf_str(&err->msg));
		if (rc < 0)
			return rc;
		*(work ? &added->workdays : &added->holidays) += n;
	}
	return CRM_OK;
}

static int set_days(crm_record *r, const char *field, const struct calendar_days *days)
{
	cleanup(buf_free) struct buf text = BUF_INIT;

	calendar_days_write(&text, days);
	return buf_str(&text) ? crm_record_set(r, field, buf_str(&text)) : err_nomem(&record_store(r)->err);
}

/* What of the calendar stays: its hours, and its days unless they are replaced. */
static int read_rules(struct calendar_rules *rules, crm_record *r, bool replace)
{
	crm_value hours = crm_record_get(r, "hours"), holidays = crm_record_get(r, "holidays"),
		  workdays = crm_record_get(r, "workdays");
	struct calendar_text text = { .hours = hours.s };

	if (!replace) {
		text.holidays = holidays.kind == CRM_STRING ? holidays.s : NULL;
		text.workdays = workdays.kind == CRM_STRING ? workdays.s : NULL;
	}
	return calendar_rules_parse(rules, &text, &record_store(r)->err);
}

static int change(crm_calendar_days *added, crm_record *r, struct holidays *h, const char *file, bool replace)
{
	struct calendar_rules rules;
	int status = read_rules(&rules, r, replace);

	if (status == CRM_OK)
		status = add_days(added, &rules, h, file, &record_store(r)->err);
	if (status == CRM_OK)
		status = set_days(r, "holidays", &rules.holidays);
	if (status == CRM_OK)
		status = set_days(r, "workdays", &rules.workdays);
	calendar_rules_free(&rules);
	return status == CRM_OK ? crm_record_save(r) : status;
}

static int change_in_operation(
	crm_calendar_days *added, crm_store *s, int64_t calendar, struct holidays *h, const char *file, bool replace)
{
	crm_record *r;
	char command[48];
	int status;

	snprintf(command, sizeof(command), "calendar holidays %lld", (long long)calendar);
	status = op_require(s, command);
	if (status < 0)
		return status;
	status = crm_record_load(&r, s, &entity_calendar, calendar);
	if (status == CRM_OK) {
		status = change(added, r, h, file, replace);
		crm_record_free(r);
	}
	return op_finish(s, status);
}

int crm_calendar_read(crm_calendar_days *out, crm_store *s, int64_t calendar, int fd, const char *file, bool replace)
{
	cleanup(buf_free) struct buf text = BUF_INIT;
	cleanup(holidays_free) struct holidays h = { 0 };
	crm_calendar_days added = { 0 };
	int status = read_file(&text, fd, file, &s->err);

	if (status == CRM_OK)
		status = holidays_parse(&h, buf_str(&text), text.len, file, &s->err);
	if (status == CRM_OK && h.n == 0)
		status = err_set(&s->err, CRM_FAILED, "%s: has no day", file);
	if (status == CRM_OK)
		status = change_in_operation(&added, s, calendar, &h, file, replace);
	if (status == CRM_OK)
		*out = added;
	return status;
}
