/* Which of many copies to keep: dense in the last days, sparse in the past. */
#include "base/time.h"
#include "store/internal.h"

/* --- names --- */

#define NAME_BEGIN "crm-"
#define NAME_END   ".db"

void crm_backup_name(char dst[32], const crm_store *s)
{
	struct buf name = BUF_INIT;

	buf_puts(&name, NAME_BEGIN);
	place_put_stamp(&name, s->now);
	buf_puts(&name, NAME_END);
	dst[0] = '\0';
	if (buf_str(&name) && name.len < 32)
		memcpy(dst, name.s, name.len + 1);
	buf_free(&name);
}

/* Only what crm_backup_name() would write is such a name: other files that look alike are nobody's to remove. */
bool crm_backup_name_time(int64_t *out, const char *name)
{
	static const char shape[] = NAME_BEGIN "00000000T000000Z" NAME_END;
	size_t len = strlen(shape);
	int64_t date, clock;
	struct civil c;

	if (strlen(name) < len || (name[len] && strcmp(name + len, ".enc") != 0))
		return false;
	for (size_t i = 0; i < len; i++)
		if (shape[i] == '0' ? !ascii_digit(name[i]) : name[i] != shape[i])
			return false;
	name += strlen(NAME_BEGIN);
	if (!parse_int64(name, 8, 0, 99999999, &date) || !parse_int64(name + 9, 6, 0, 235959, &clock))
		return false;
	c = (struct civil){ .year = (int)(date / 10000), .month = (int)(date / 100 % 100), .day = (int)(date % 100) };
	if (c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in_month(c.year, c.month) ||
		clock / 100 % 100 > 59 || clock % 100 > 59)
		return false;
	*out = days_from_civil(c.year, c.month, c.day) * 86400 + clock / 10000 * 3600 + clock / 100 % 100 * 60 +
	       clock % 100;
	return true;
}

/* --- the rules --- */

static int *count_of(crm_keep *keep, const char *unit, size_t len)
{
	static const struct {
		const char *unit;
		size_t offset;
	} units[] = {
		{ "d", offsetof(crm_keep, days) },
		{ "w", offsetof(crm_keep, weeks) },
		{ "m", offsetof(crm_keep, months) },
		{ "mo", offsetof(crm_keep, months) },
		{ "y", offsetof(crm_keep, years) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strlen(units[i].unit) == len && memcmp(units[i].unit, unit, len) == 0)
			return (int *)((char *)keep + units[i].offset);
	return NULL;
}

int crm_keep_parse(crm_keep *out, crm_store *s, const char *text)
{
	crm_keep keep = { 0 };

	for (const char *p = text;; p++) {
		size_t digits = strspn(p, "0123456789"), len = strcspn(p, ",");
		int *count = digits < len ? count_of(&keep, p + digits, len - digits) : NULL;
		int64_t n;

		if (!count || *count > 0 || !parse_int64(p, digits, 1, 10000, &n))
			return err_set(&s->err, CRM_INVALID,
				"'%s' does not say which copies to keep: days, weeks, months and years, each once, as "
				"7d,4w,12m,3y",
				text);
		*count = (int)n;
		p += len;
		if (!*p)
			break;
	}
	*out = keep;
	return CRM_OK;
}

/* --- the choice --- */

static int64_t day_of(int64_t day)
{
	return day;
}

static int64_t week_of(int64_t day)
{
	return floor_div(day - weekday_of(day), 7);
}

static int64_t month_of(int64_t day)
{
	int y, m, d;

	civil_from_days(day, &y, &m, &d);
	return (int64_t)y * 12 + m;
}

static int64_t year_of(int64_t day)
{
	int y, m, d;

	civil_from_days(day, &y, &m, &d);
	return y;
}

struct copy {
	int64_t time, day;
	size_t at; /* its place among those asked about */
};

static int newest_first(const void *a, const void *b)
{
	const struct copy *x = a, *y = b;

	return (x->time < y->time) - (x->time > y->time);
}

/* The newest of each of the last `count` periods that have one. */
static void keep_newest(bool *keep, const struct copy *v, size_t n, int count, int64_t (*period)(int64_t day))
{
	for (size_t i = 0; i < n; i++) {
		bool same = i > 0 && v[i].time == v[i - 1].time;

		if (same) {
			keep[v[i].at] |= keep[v[i - 1].at];
			continue;
		}
		if (i > 0 && period(v[i].day) == period(v[i - 1].day))
			continue;
		if (count-- == 0)
			return;
		keep[v[i].at] = true;
	}
}

int crm_keep_choose(bool *keep, crm_store *s, const crm_keep *rules, const int64_t *times, size_t n, int64_t now)
{
	cleanup(freep) struct copy *v = calloc(n ? n : 1, sizeof(*v));
	size_t known = 0;

	if (!v)
		return err_nomem(&s->err);
	for (size_t i = 0; i < n; i++) {
		keep[i] = times[i] > now;
		if (!keep[i])
			v[known++] = (struct copy){ .time = times[i], .day = zone_day(s->zone, times[i]), .at = i };
	}
	qsort(v, known, sizeof(*v), newest_first);
	keep_newest(keep, v, known, rules->days, day_of);
	keep_newest(keep, v, known, rules->weeks, week_of);
	keep_newest(keep, v, known, rules->months, month_of);
	keep_newest(keep, v, known, rules->years, year_of);
	return CRM_OK;
}
