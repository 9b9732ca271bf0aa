/* Why something is owed, in words. */
#include "service/due.h"
#include "text/text.h"

/* As the policy has it, unless the language says it otherwise. */
static void put_limit(struct buf *b, const crm_store *s, const struct step *st)
{
	const char *english = st->unit == STEP_WORKING ? N_("%lldwd") : N_("%lldd"), *text = store_tr(s, english);

	if (st->unit == STEP_ELAPSED || text == english)
		buf_puts(b, st->after);
	else
		buf_printf(b, text, (long long)st->amount);
}

static void put_silence(struct buf *b, const crm_store *s, const struct due *d)
{
	const struct step *st = d->step;
	cleanup(buf_free) struct buf passed = BUF_INIT, limit = BUF_INIT;

	put_limit(&limit, s, st);
	b->failed |= limit.failed;
	if (limit.failed)
		return;
	if (st->unit == STEP_NEVER) {
		buf_puts(b, store_tr(s, "never contacted"));
	} else if (st->unit == STEP_ELAPSED) {
		duration_format(&passed, d->passed);
		buf_printf(b, store_tr(s, "%s since the last contact, more than %s"), buf_str(&passed), limit.s);
		b->failed |= passed.failed;
	} else if (st->unit == STEP_WORKING) {
		buf_printf(b,
			store_tr_n(s, "%lld working day since the last contact, more than %s",
				"%lld working days since the last contact, more than %s", (uint64_t)d->passed),
			(long long)d->passed, limit.s);
	} else {
		buf_printf(b,
			store_tr_n(s, "%lld day since the last contact, more than %s",
				"%lld days since the last contact, more than %s", (uint64_t)d->passed),
			(long long)d->passed, limit.s);
	}
}

static void put_agreement(struct buf *b, const crm_store *s, const struct due *d)
{
	int64_t late = zone_day(s->zone, crm_store_now(s)) - zone_day(s->zone, d->due);
	cleanup(buf_free) struct buf when = BUF_INIT;

	if (d->day)
		buf_puts(&when, d->day);
	else
		time_format_short(&when, s->zone, d->due);
	b->failed |= when.failed;
	if (!buf_str(&when))
		return;
	if (late <= 0 && d->purpose) {
		buf_printf(b, d->snoozed ? store_tr(s, "put off until %s: %s") : store_tr(s, "due %s: %s"), when.s,
			d->purpose);
		return;
	}
	buf_printf(b, d->snoozed ? store_tr(s, "put off until %s") : store_tr(s, "due %s"), when.s);
	if (late > 0 && d->purpose)
		buf_printf(b, store_tr_n(s, ", %lld day late: %s", ", %lld days late: %s", (uint64_t)late),
			(long long)late, d->purpose);
	else if (late > 0)
		buf_printf(b, store_tr_n(s, ", %lld day late", ", %lld days late", (uint64_t)late), (long long)late);
}

/* By the clock of the customer. */
static void put_quiet(struct buf *b, const crm_store *s, const struct due *d)
{
	struct civil c;

	zone_civil(d->quiet ? d->quiet : s->zone, d->not_before, &c);
	if (d->quiet)
		buf_printf(b, store_tr(s, "; quiet hours until %02d:%02d %s"), c.hour, c.minute, zone_name(d->quiet));
	else
		buf_printf(b, store_tr(s, "; quiet hours until %02d:%02d"), c.hour, c.minute);
}

void due_reason(struct buf *out, const crm_store *s, const struct due *d)
{
	if (d->followup)
		put_agreement(out, s, d);
	else
		put_silence(out, s, d);
	if (d->instead)
		buf_puts(out, store_tr(s, "; must not be called"));
	if (d->not_before)
		put_quiet(out, s, d);
}
