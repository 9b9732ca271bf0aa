/* Steps of follow-ups that were agreed upon: done, skipped, snoozed. */
#include <crm/followup.h>

#include "model/followup.h"
#include "model/record.h"
#include "service/repeating.h"
#include "service/ticket.h"
#include <stdio.h>

static const char *text_of(crm_record *r, const char *field)
{
	crm_value v = crm_record_get(r, field);

	return v.kind == CRM_STRING ? v.s : "";
}

static void put_int(crm_record *r, const char *field, int64_t i)
{
	const crm_value v = { .kind = CRM_INT, .i = i }, none = { .kind = CRM_NULL };

	record_put(r, field_find_static(r->e, field), &v, &none);
}

/* Begins a step: the operation, and the record to change, which is still to be done. */
static int begin(crm_record **out, crm_store *s, int64_t followup, const char *verb)
{
	char command[64];
	crm_record *r;
	int status;

	snprintf(command, sizeof(command), "followup %s %lld", verb, (long long)followup);
	status = op_require(s, command);
	if (status < 0)
		return status;
	status = crm_record_load(&r, s, &entity_followup, followup);
	if (status < 0)
		return op_finish(s, status);
	if (strcmp(text_of(r, "status"), "open") != 0 && strcmp(text_of(r, "status"), "snoozed") != 0) {
		status = err_set(&s->err, CRM_CONFLICT, "followup %lld is %s already", (long long)followup,
			text_of(r, "status"));
		crm_record_free(r);
		return op_finish(s, status);
	}
	*out = r;
	return CRM_OK;
}

static int finish(crm_record *r, int status)
{
	crm_store *s = record_store(r);

	crm_record_free(r);
	return op_finish(s, status);
}

/* Copies a reference, which may be empty, to another record. */
static void copy(crm_record *to, crm_record *from, const char *field)
{
	crm_value v = crm_record_get(from, field), none = { .kind = CRM_NULL };

	record_put(to, field_find_static(to->e, field), &v, &none);
}

/* --- the contact that did it --- */

static int write_contact(int64_t *out, crm_record *r, const crm_followup_done_options *opt, int64_t at)
{
	crm_record *log;
	int status = crm_record_new(&log, r->s, &entity_log);

	if (status < 0)
		return status;
	copy(log, r, "customer");
	copy(log, r, "ticket");
	put_int(log, "at", at);
	status = crm_record_set(log, "channel", opt->channel);
	if (status == CRM_OK)
		status = crm_record_set(log, "direction", opt->inbound ? "in" : "out");
	if (status == CRM_OK)
		status = crm_record_set(log, "subject", text_of(r, "purpose"));
	if (status == CRM_OK && opt->text)
		status = crm_record_set(log, "content", opt->text);
	if (status == CRM_OK)
		status = crm_record_save(log);
	if (status == CRM_OK)
		*out = log->id;
	crm_record_free(log);
	return status;
}

/* --- what is agreed upon next --- */

static int next_fault(crm_store *s, const char *text, const char *why)
{
	struct buf quoted = BUF_INIT;
	int status;

	buf_quote(&quoted, text, strlen(text));
	status = buf_str(&quoted) ? err_set(&s->err, CRM_INVALID, "next: %s %s", quoted.s, crm_tr(why))
				  : err_nomem(&s->err);
	buf_free(&quoted);
	return status;
}

/* Splits ACTION:TIME at the first colon, of either width. */
static const char *split_next(const char *text, size_t *action)
{
	static const char wide[] = "：";
	const char *colon = strchr(text, ':'), *other = strstr(text, wide);

	if (other && (!colon || other < colon)) {
		*action = (size_t)(other - text);
		return other + strlen(wide);
	}
	*action = colon ? (size_t)(colon - text) : 0;
	return colon ? colon + 1 : NULL;
}

static int write_next(int64_t *out, crm_record *r, const char *text)
{
	static const char *const same[] = { "customer", "ticket", "owner", "purpose" };
	size_t len;
	const char *when = split_next(text, &len);
	cleanup(freep) char *action = when ? strndup(text, len) : NULL;
	crm_record *next;
	int status;

	if (!when)
		return next_fault(r->s, text, N_("is not ACTION:TIME, as in call:+7d or visit:next monday 10:00"));
	if (!action)
		return err_nomem(&r->s->err);
	status = crm_record_new(&next, r->s, r->e);
	if (status < 0)
		return status;
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		copy(next, r, same[i]);
	status = crm_record_set(next, "action", action);
	if (status == CRM_OK)
		status = crm_record_set(next, "due", when);
	if (status == CRM_OK && followup_has_passed(next))
		status = next_fault(r->s, text, N_("has passed already"));
	if (status == CRM_OK)
		status = crm_record_save(next);
	if (status == CRM_OK)
		*out = next->id;
	crm_record_free(next);
	return status;
}

/* --- the steps --- */

static int end(crm_followup_result *out, crm_record *r, const char *as, int64_t at)
{
	int status = crm_record_set(r, "status", as);

	put_int(r, "done_at", at);
	if (status == CRM_OK)
		status = crm_record_save(r);
	return status == CRM_OK ? repeating_write_next(&out->repeated, &out->missed, r) : status;
}

int crm_followup_done(crm_followup_result *out, crm_store *s, int64_t followup, const crm_followup_done_options *opt)
{
	static const crm_followup_done_options plain;
	crm_followup_result result = { 0 };
	crm_record *r;
	int64_t at;
	int status;

	opt = opt ? opt : &plain;
	at = opt->at ? opt->at : crm_store_now(s);
	status = step_check_time(s, at);
	if (status == CRM_OK)
		status = begin(&r, s, followup, "done");
	if (status < 0)
		return status;
	if (opt->channel)
		status = write_contact(&result.log, r, opt, at);
	else if (opt->text)
		status = crm_record_set(r, "outcome", opt->text);
	if (status == CRM_OK && result.log)
		put_int(r, "log", result.log);
	if (status == CRM_OK)
		status = end(&result, r, "done", at);
	if (status == CRM_OK && opt->next)
		status = write_next(&result.next, r, opt->next);
	status = finish(r, status);
	if (status == CRM_OK && out)
		*out = result;
	return status;
}

int crm_followup_skip(crm_followup_result *out, crm_store *s, int64_t followup, const char *why)
{
	crm_followup_result result = { 0 };
	crm_record *r;
	int status = begin(&r, s, followup, "skip");

	if (status < 0)
		return status;
	if (why)
		status = crm_record_set(r, "outcome", why);
	if (status == CRM_OK)
		status = end(&result, r, "skipped", crm_store_now(s));
	status = finish(r, status);
	if (status == CRM_OK && out)
		*out = result;
	return status;
}

int crm_followup_snooze(crm_store *s, int64_t followup, int64_t until)
{
	crm_record *r;
	char time[32];
	int status;

	if (until <= crm_store_now(s)) {
		crm_time_format(time, s, until, CRM_TIME_SHORT);
		return err_set(&s->err, CRM_INVALID, "%s has passed already: nothing can be snoozed until then", time);
	}
	status = begin(&r, s, followup, "snooze");
	if (status < 0)
		return status;
	status = crm_record_set(r, "status", "snoozed");
	put_int(r, "snoozed_until", until);
	return finish(r, status == CRM_OK ? crm_record_save(r) : status);
}
