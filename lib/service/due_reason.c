/* Why something is owed, in words. */
#include "service/due.h"
#include "text/text.h"

static void put_silence(struct buf *b, const struct due *d, bool zh)
{
	const struct step *st = d->step;

	if (st->unit == STEP_NEVER) {
		buf_puts(b, zh ? "从未联系" : "never contacted");
	} else if (st->unit == STEP_ELAPSED) {
		buf_puts(b, zh ? "已 " : "");
		duration_format(b, d->passed);
		buf_printf(b, zh ? " 未联系，超过 %s" : " since the last contact, more than %s", st->after);
	} else if (zh) {
		const char *unit = st->unit == STEP_WORKING ? "个工作日" : "天";

		buf_printf(
			b, "已 %lld %s未联系，超过 %lld %s", (long long)d->passed, unit, (long long)st->amount, unit);
	} else {
		buf_printf(b, "%lld %sday%s since the last contact, more than %s", (long long)d->passed,
			st->unit == STEP_WORKING ? "working " : "", d->passed == 1 ? "" : "s", st->after);
	}
}

static void put_agreement(struct buf *b, const crm_store *s, const struct due *d, bool zh)
{
	int64_t late = zone_day(s->zone, crm_store_now(s)) - zone_day(s->zone, d->due);

	buf_puts(b, d->snoozed ? (zh ? "推迟到 " : "put off until ") : (zh ? "约定 " : "due "));
	if (d->day)
		buf_puts(b, d->day);
	else
		time_format_short(b, s->zone, d->due);
	if (late > 0 && zh)
		buf_printf(b, "，已过 %lld 天", (long long)late);
	else if (late > 0)
		buf_printf(b, ", %lld day%s late", (long long)late, late == 1 ? "" : "s");
	if (d->purpose)
		buf_printf(b, zh ? "：%s" : ": %s", d->purpose);
}

/* By the clock of the customer. */
static void put_quiet(struct buf *b, const crm_store *s, const struct due *d, bool zh)
{
	struct civil c;

	zone_civil(d->quiet ? d->quiet : s->zone, d->not_before, &c);
	buf_printf(b, zh ? "；%02d:%02d%s%s 前请勿打扰" : "; quiet hours until %02d:%02d%s%s", c.hour, c.minute,
		d->quiet ? " " : "", d->quiet ? zone_name(d->quiet) : "");
}

void due_reason(struct buf *out, const crm_store *s, const struct due *d, bool chinese)
{
	if (d->followup)
		put_agreement(out, s, d, chinese);
	else
		put_silence(out, d, chinese);
	if (d->instead)
		buf_puts(out, chinese ? "；请勿致电" : "; must not be called");
	if (d->not_before)
		put_quiet(out, s, d, chinese);
}
