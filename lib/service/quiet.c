#include "service/quiet.h"
#include "service/calendar_item.h"

enum {
	DAY_MINUTES = 24 * 60
};

/* Those that pass midnight against the first of the day, and whether any time is left. */
static int check(const struct calendar_hours *q, const struct time_text *t)
{
	int minutes = 0;

	if (q->n == 0)
		return calendar_fault(t, "there are no hours, such as 21:00-09:00");
	for (size_t i = 0; i < q->n; i++)
		minutes += q->v[i].to - q->v[i].from;
	if (q->v[q->n - 1].to - DAY_MINUTES > q->v[0].from && q->n > 1)
		return calendar_fault(t, "the hours past midnight overlap the first of the day; write each hour once");
	if (minutes >= DAY_MINUTES)
		return calendar_fault(t, "that leaves no time of the day");
	return CRM_OK;
}

int quiet_parse(struct calendar_hours *out, const char *s, size_t len, struct err *err)
{
	struct calendar_hours q = { 0 };
	struct time_text t;
	int status = time_text_init(&t, "quiet_hours", s, len, err);

	while (status == CRM_OK) {
		struct calendar_interval i;

		while (scan_blanks(&t) || scan_literal(&t, ",") || scan_literal(&t, ";") || scan_literal(&t, "、"))
			;
		if (t.p == t.end)
			break;
		status = calendar_scan_interval(&t, &i);
		if (status == CRM_OK)
			status = calendar_hours_add(&q, &i, &t);
	}
	if (status == CRM_OK)
		status = check(&q, &t);
	time_text_free(&t);
	if (status == CRM_OK)
		*out = q;
	else
		quiet_free(&q);
	return status;
}

void quiet_free(struct calendar_hours *quiet)
{
	free(quiet->v);
	*quiet = (struct calendar_hours){ 0 };
}

void quiet_write(struct buf *out, const struct calendar_hours *quiet)
{
	struct buf text = BUF_INIT;

	calendar_intervals_write(&text, quiet);
	if (text.len > 0)
		buf_add(out, text.s + 1, text.len - 1); /* each has a blank before it */
	out->failed |= text.failed;
	buf_free(&text);
}

/* One that was on at t, of today's or of yesterday's that pass midnight. */
static bool find(int64_t *begin, int64_t *end, const struct calendar_hours *q, const struct zone *zone, int64_t t)
{
	for (int64_t day = zone_day(zone, t) - 1, last = day + 1; day <= last; day++)
		for (size_t i = 0; i < q->n; i++) {
			*begin = zone_first(zone, (day * DAY_MINUTES + q->v[i].from) * 60);
			*end = zone_first(zone, (day * DAY_MINUTES + q->v[i].to) * 60);
			if (*begin <= t && t < *end)
				return true;
		}
	return false;
}

bool quiet_at(int64_t *begin, int64_t *end, const struct calendar_hours *quiet, const struct zone *zone, int64_t t)
{
	int64_t other, further;

	if (!find(begin, end, quiet, zone, t))
		return false;
	for (size_t i = 0; i < quiet->n && find(&other, &further, quiet, zone, *end); i++)
		*end = further;
	for (size_t i = 0; i < quiet->n && find(&further, &other, quiet, zone, *begin - 1); i++)
		*begin = further;
	return true;
}
