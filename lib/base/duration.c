#include "base/time_scan.h"

enum {
	MINUTE = 60,
	HOUR = 3600,
	DAY = 86400
};

static const struct {
	char name[4];
	enum time_unit unit;
} units[] = {
	{ "s", UNIT_SECOND },
	{ "min", UNIT_MINUTE },
	{ "h", UNIT_HOUR },
	{ "d", UNIT_DAY },
	{ "w", UNIT_WEEK },
	{ "wd", UNIT_WORKDAY },
	{ "mo", UNIT_MONTH },
	{ "y", UNIT_YEAR },
};

static int scan_unit(struct time_text *t, int amount, enum time_unit *unit)
{
	size_t n = scan_letters(t);

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (n == strlen(units[i].name) && memcmp(t->p, units[i].name, n) == 0) {
			t->p += n;
			*unit = units[i].unit;
			return CRM_OK;
		}
	}
	if (n == 1 && *t->p == 'm')
		return time_text_fault(t, t->noun, "write %dmin for minutes or %dmo for months", amount, amount);
	if (n)
		return time_text_fault(
			t, t->noun, "there is no such unit, as in 90s, 5min, 4h, 3d, 3wd, 2w, 1mo or 1y");
	return time_text_fault(t, t->noun, "the unit is missing, as in 90s, 5min, 4h, 3d, 3wd, 2w, 1mo or 1y");
}

int scan_amounts(struct time_text *t, int amount[UNIT_COUNT], bool used[UNIT_COUNT])
{
	int last = -1;

	memset(amount, 0, UNIT_COUNT * sizeof(*amount));
	memset(used, 0, UNIT_COUNT * sizeof(*used));
	for (;;) {
		const char *from = t->p;
		enum time_unit unit = UNIT_SECOND;
		int n, rc;

		scan_blanks(t);
		/* What follows may be a time of day: 3d 9:00. */
		if (scan_number(t, &n) == 0 || (last >= 0 && t->p < t->end && *t->p == ':')) {
			t->p = from;
			break;
		}
		if (n < 0)
			return time_text_fault(t, t->noun, "the number is too large");
		rc = scan_unit(t, n, &unit);
		if (rc)
			return rc;
		if ((int)unit <= last)
			return time_text_fault(t, t->noun, "each unit stands once, the largest first, as in 1h30min");
		amount[unit] = n;
		used[unit] = true;
		last = (int)unit;
	}
	if (last < 0)
		return time_text_fault(t, t->noun, "the number is missing, as in 90s, 5min, 4h, 3d, 2w, 1mo or 1y");
	return CRM_OK;
}

static int duration_text(struct time_text *t, int64_t *out)
{
	static const int64_t seconds[UNIT_COUNT] = { [UNIT_YEAR] = 365 * DAY,
		[UNIT_MONTH] = 30 * DAY,
		[UNIT_WEEK] = 7 * DAY,
		[UNIT_DAY] = DAY,
		[UNIT_HOUR] = HOUR,
		[UNIT_MINUTE] = MINUTE,
		[UNIT_SECOND] = 1 };
	int amount[UNIT_COUNT];
	bool used[UNIT_COUNT];
	int64_t sum = 0;
	int rc;

	if (*t->p == '-' || *t->p == '+')
		return time_text_fault(t, t->noun, "it has no sign");
	rc = scan_amounts(t, amount, used);
	if (!rc)
		rc = time_text_end(t);
	if (rc)
		return rc;
	if (used[UNIT_WORKDAY])
		return time_text_fault(t, t->noun, "working days have no fixed length, write d or h");
	for (int i = 0; i < UNIT_COUNT; i++)
		sum += seconds[i] * amount[i]; /* at most 999999999 of each: far from an overflow */
	*out = sum;
	return CRM_OK;
}

int duration_parse(int64_t *out, const char *s, size_t len, struct err *err)
{
	cleanup(time_text_free) struct time_text t;
	int rc = time_text_init(&t, N_("length of time"), s, len, err);

	return rc ? rc : duration_text(&t, out);
}

void duration_format(struct buf *out, int64_t seconds)
{
	uint64_t s = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;

	if (seconds < 0)
		buf_putc(out, '-');
	if (s >= DAY)
		buf_printf(out, "%llud", (unsigned long long)(s / DAY));
	if (s % DAY >= HOUR)
		buf_printf(out, "%dh", (int)(s % DAY / HOUR));
	if (s % HOUR >= MINUTE)
		buf_printf(out, "%dmin", (int)(s % HOUR / MINUTE));
	if (s % MINUTE || !s)
		buf_printf(out, "%ds", (int)(s % MINUTE));
}
