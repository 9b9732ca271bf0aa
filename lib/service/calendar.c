/*
 * The arithmetic of business time.
 *
 * Time is cut into blocks of 2^25 seconds, and a block into buckets of 2^16 (about 18 hours). A block holds the working
 * parts inside it, with the working seconds before each, and for each bucket the first part that ends in it or later.
 * With the working seconds between blocks beside them, an instant leads by shifts to two or three parts of which one
 * says how much working time there was before it. No time zone is asked for that.
 */
#include "service/calendar_text.h"

enum {
	DAY = 86400,
	BLOCK_BITS = 25,
	BLOCK = 1 << BLOCK_BITS,
	BUCKET_BITS = 16,
	BUCKETS = BLOCK >> BUCKET_BITS,
	LONGEST_DAY = 2 * DAY, /* what begins on a day ends before */
	OFFSET_LIMIT = 26 * 3600
};

/* The first second of the year 1, and the last of the year 9999, anywhere. */
#define FIRST_TIME (INT64_C(-62135596800) - DAY)
#define LAST_TIME  (INT64_C(253402300799) + DAY)

#define FIRST_BLOCK (-(-FIRST_TIME / BLOCK) - 1)
#define BLOCKS      ((size_t)(LAST_TIME / BLOCK + 1 - FIRST_BLOCK))

/* Kept once made; the others are made anew each time. */
#define FIRST_KEPT ((size_t)(0 - FIRST_BLOCK))
#define LAST_KEPT  ((size_t)(INT64_C(7258118400) / BLOCK - FIRST_BLOCK)) /* 2200-01-01 */

struct part {
	uint32_t begin, end; /* seconds of the block */
	uint32_t before;     /* working seconds of the block before it */
};

struct block {
	struct part *v;
	size_t n, cap;
	uint32_t total;
	uint32_t first[BUCKETS];
};

struct range {
	int64_t from, to;
};

struct calendar {
	struct calendar_rules rules;
	struct zone *own; /* NULL: the zone is the caller's */
	const struct zone *zone;

	/* Holidays of single years, joined; adjusted working days are rules.workdays, which lie apart. */
	struct range *holidays;
	size_t nholidays;
	uint32_t yearly[13]; /* holidays of every year: a bit for each day of a month */
	bool any_yearly;
	const struct calendar_hours *usual; /* of working days without hours */

	/* sum[b] is the working time before block b, counted from the block asked first; known for low to high. */
	struct block **kept;
	int64_t *sum;
	size_t low, high;
	struct block *last; /* one that is not kept, of number last_block */
	size_t last_block;
};

/* --- making one --- */

static void compile_yearly(struct calendar *c)
{
	for (size_t i = 0; i < c->rules.holidays.n; i++) {
		const struct calendar_day *d = &c->rules.holidays.v[i];

		for (int m = 1; d->yearly && m <= 12; m++)
			for (int day = 1; day <= 31; day++)
				if (calendar_day_has(d, 0, calendar_key(m, day)))
					c->yearly[m] |= UINT32_C(1) << day;
		c->any_yearly |= d->yearly;
	}
}

static int compile_holidays(struct calendar *c, struct err *err)
{
	const struct calendar_days *days = &c->rules.holidays;

	c->holidays = malloc((days->n + 1) * sizeof(*c->holidays));
	if (!c->holidays)
		return err_nomem(err);
	for (size_t i = 0; i < days->n && !days->v[i].yearly; i++) {
		const struct calendar_day *d = &days->v[i];
		struct range *last = c->nholidays ? &c->holidays[c->nholidays - 1] : NULL;

		if (!last || d->from > last->to + 1)
			c->holidays[c->nholidays++] = (struct range){ d->from, d->to };
		else if (d->to > last->to)
			last->to = d->to;
	}
	compile_yearly(c);
	return CRM_OK;
}

static int build(struct calendar *c, const struct calendar_text *text, const struct zone *fallback, struct err *err)
{
	int rc = calendar_rules_parse(&c->rules, text, err);

	if (rc == CRM_OK && text->zone && *text->zone)
		rc = zone_load(&c->own, text->zone, err);
	if (rc == CRM_OK)
		rc = compile_holidays(c, err);
	if (rc < 0)
		return rc;
	c->zone = c->own ? c->own : fallback;
	for (int d = 6; d >= 0; d--)
		if (c->rules.week[d].n)
			c->usual = &c->rules.week[d];
	c->kept = calloc(BLOCKS, sizeof(struct block *));
	c->sum = calloc(BLOCKS + 1, sizeof(*c->sum));
	return c->kept && c->sum ? CRM_OK : err_nomem(err);
}

int calendar_new(struct calendar **out, const struct calendar_text *text, const struct zone *fallback, struct err *err)
{
	struct calendar *c = calloc(1, sizeof(*c));
	int rc = c ? build(c, text, fallback, err) : err_nomem(err);

	if (rc < 0)
		calendar_free(c);
	else
		*out = c;
	return rc;
}

static void block_free(struct block *b)
{
	if (b)
		free(b->v);
	free(b);
}

struct calendar *calendar_free(struct calendar *c)
{
	if (!c)
		return NULL;
	calendar_rules_free(&c->rules);
	zone_free(c->own);
	free(c->holidays);
	for (size_t i = FIRST_KEPT; c->kept && i <= LAST_KEPT; i++)
		block_free(c->kept[i]);
	free(c->kept);
	free(c->sum);
	block_free(c->last);
	free(c);
	return NULL;
}

const struct zone *calendar_zone(const struct calendar *c)
{
	return c->zone;
}

/* --- days --- */

static const struct calendar_day *find_workday(const struct calendar *c, int64_t day)
{
	const struct calendar_days *days = &c->rules.workdays;
	size_t low = 0, high = days->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (days->v[middle].to < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < days->n && days->v[low].from <= day ? &days->v[low] : NULL;
}

static bool is_holiday(const struct calendar *c, int64_t day)
{
	size_t low = 0, high = c->nholidays;
	int y, m, d;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->holidays[middle].to < day)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < c->nholidays && c->holidays[low].from <= day)
		return true;
	if (!c->any_yearly)
		return false;
	civil_from_days(day, &y, &m, &d);
	return c->yearly[m] >> d & 1;
}

static const struct calendar_hours *day_hours(const struct calendar *c, int64_t day)
{
	static const struct calendar_hours none = { 0 };
	const struct calendar_day *work = find_workday(c, day);

	if (work)
		return work->hours.n ? &work->hours : c->usual;
	return is_holiday(c, day) ? &none : &c->rules.week[weekday_of(day)];
}

bool calendar_works_on(const struct calendar *c, int64_t day)
{
	return day_hours(c, day)->n > 0;
}

enum calendar_reason calendar_day_reason(const struct calendar *c, int64_t day, const char **name)
{
	const struct calendar_day *work = find_workday(c, day);
	int y, m, d;

	*name = NULL;
	if (work) {
		*name = work->name;
		return CALENDAR_WORKDAY;
	}
	if (!is_holiday(c, day))
		return CALENDAR_WEEKDAY;
	civil_from_days(day, &y, &m, &d);
	for (size_t i = 0; i < c->rules.holidays.n && !*name; i++)
		if (calendar_day_has(&c->rules.holidays.v[i], day, calendar_key(m, d)))
			*name = c->rules.holidays.v[i].name;
	return CALENDAR_HOLIDAY;
}

/* --- intervals --- */

static int64_t bounded(int64_t t)
{
	if (t < FIRST_TIME)
		return FIRST_TIME;
	return t > LAST_TIME ? LAST_TIME : t;
}

void calendar_walk(struct calendar_walk *w, const struct calendar *c, int64_t from, int64_t to)
{
	*w = (struct calendar_walk){ .c = c, .from = bounded(from), .to = bounded(to) };
	/* Hours of a day may end on the next, and a clock put back may show a day that has begun already. */
	w->day = zone_day(c->zone, w->from) - LONGEST_DAY / DAY - 1;
	w->carry = w->day * DAY;
	w->hours = day_hours(c, w->day);
}

static void next_day(struct calendar_walk *w)
{
	const struct calendar_hours *h = w->hours;
	int64_t worked = h->n ? w->day * DAY + h->v[h->n - 1].to * 60 : w->carry;

	if (worked > w->carry)
		w->carry = worked;
	w->day++;
	w->hours = day_hours(w->c, w->day);
	w->next = 0;
}

bool calendar_walk_next(struct calendar_walk *w, struct calendar_span *out)
{
	while (w->day * DAY - OFFSET_LIMIT < w->to) {
		const struct calendar_interval *i;
		int64_t local, begin, end;

		if (w->next == w->hours->n) {
			next_day(w);
			continue;
		}
		/* An adjusted day may begin while the night shift of the day before still works: counted once. */
		i = &w->hours->v[w->next++];
		local = w->day * DAY + i->from * 60;
		begin = zone_first(w->c->zone, local > w->carry ? local : w->carry);
		end = zone_first(w->c->zone, w->day * DAY + i->to * 60);
		begin = begin > w->from ? begin : w->from;
		end = end < w->to ? end : w->to;
		if (begin < end) {
			*out = (struct calendar_span){ .begin = begin, .end = end, .day = w->day };
			return true;
		}
	}
	return false;
}

/* --- blocks --- */

static size_t block_of(int64_t t)
{
	return (size_t)((t >> BLOCK_BITS) - FIRST_BLOCK);
}

static int64_t block_begin(size_t b)
{
	return ((int64_t)b + FIRST_BLOCK) * BLOCK;
}

static struct block *make_block(const struct calendar *c, size_t number)
{
	struct block *b = calloc(1, sizeof(*b));
	int64_t start = block_begin(number);
	struct calendar_walk walk;
	struct calendar_span s;
	size_t i = 0;

	if (!b)
		return NULL;
	calendar_walk(&walk, c, start, start + BLOCK);
	while (calendar_walk_next(&walk, &s)) {
		if (!GROW(b->v, b->n, b->cap)) {
			block_free(b);
			return NULL;
		}
		b->v[b->n++] = (struct part){ (uint32_t)(s.begin - start), (uint32_t)(s.end - start), b->total };
		b->total += (uint32_t)(s.end - s.begin);
	}
	for (uint32_t k = 0; k < BUCKETS; k++) {
		while (i < b->n && b->v[i].end <= k << BUCKET_BITS)
			i++;
		b->first[k] = (uint32_t)i;
	}
	return b;
}

/* NULL when memory is short. */
static const struct block *get_block(struct calendar *c, size_t number)
{
	if (c->kept[number])
		return c->kept[number];
	if (c->last && c->last_block == number)
		return c->last;
	if (number >= FIRST_KEPT && number <= LAST_KEPT)
		return c->kept[number] = make_block(c, number);
	block_free(c->last);
	c->last_block = number;
	return c->last = make_block(c, number);
}

/* Makes the sums before and after a block known. */
static bool reach(struct calendar *c, size_t number)
{
	if (c->low == c->high)
		c->low = c->high = number;
	while (c->high <= number) {
		const struct block *b = get_block(c, c->high);

		if (!b)
			return false;
		c->sum[c->high + 1] = c->sum[c->high] + b->total;
		c->high++;
	}
	while (c->low > number) {
		const struct block *b = get_block(c, c->low - 1);

		if (!b)
			return false;
		c->sum[c->low - 1] = c->sum[c->low] - b->total;
		c->low--;
	}
	return true;
}

/* Working seconds from the first block asked for to t. False when memory is short. */
static inline bool position(struct calendar *c, int64_t t, int64_t *out)
{
	size_t number = block_of(t);
	uint32_t at = (uint32_t)(t & (BLOCK - 1));
	const struct block *b = c->kept[number];

	if (!b || number < c->low || number >= c->high) {
		if (!reach(c, number) || !(b = get_block(c, number)))
			return false;
	}
	*out = c->sum[number] + b->total;
	for (size_t i = b->first[at >> BUCKET_BITS]; i < b->n; i++) {
		const struct part *p = &b->v[i];

		if (at < p->end) {
			*out = c->sum[number] + p->before + (at > p->begin ? at - p->begin : 0);
			break;
		}
	}
	return true;
}

/* --- questions --- */

/* Without the blocks, for which there was no memory. */
static int64_t walk_between(const struct calendar *c, int64_t from, int64_t to)
{
	struct calendar_walk walk;
	struct calendar_span s;
	int64_t n = 0;

	calendar_walk(&walk, c, from, to);
	while (calendar_walk_next(&walk, &s))
		n += s.end - s.begin;
	return n;
}

int64_t calendar_between(struct calendar *c, int64_t from, int64_t to)
{
	int64_t a, b;

	if (to <= from)
		return 0;
	from = bounded(from);
	to = bounded(to);
	if (position(c, from, &a) && position(c, to, &b))
		return b - a;
	return walk_between(c, from, to);
}

static int never(const struct calendar *c, int64_t from, int64_t seconds, struct err *err)
{
	cleanup(buf_free) struct buf length = BUF_INIT, after = BUF_INIT;

	duration_format(&length, seconds);
	time_format_short(&after, c->zone, from);
	if (!buf_str(&length) || !buf_str(&after))
		return err_nomem(err);
	return err_set(err, CRM_INVALID, "the calendar has no %s of working time after %s, up to the year 9999",
		length.s, after.s);
}

static int walk_add(int64_t *out, const struct calendar *c, int64_t from, int64_t seconds, struct err *err)
{
	int64_t left = seconds;
	struct calendar_walk walk;
	struct calendar_span s;

	calendar_walk(&walk, c, from, LAST_TIME);
	while (calendar_walk_next(&walk, &s)) {
		if (s.end - s.begin >= left) {
			*out = s.begin + left;
			return CRM_OK;
		}
		left -= s.end - s.begin;
	}
	return never(c, from, seconds, err);
}

/* The instant at which `need` seconds of the block, more than 0 and at most all, have been worked. */
static int64_t worked_at(const struct block *b, uint32_t need)
{
	size_t low = 0, high = b->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->v[middle].before < need)
			low = middle + 1;
		else
			high = middle;
	}
	return (int64_t)b->v[low - 1].begin + (need - b->v[low - 1].before);
}

int calendar_add(int64_t *out, struct calendar *c, int64_t from, int64_t seconds, struct err *err)
{
	int64_t start, t = bounded(from);
	size_t number = block_of(t);

	if (seconds < 0)
		return err_set(err, CRM_INVALID, "working time is added, not taken away: the seconds are negative");
	if (seconds > LAST_TIME - FIRST_TIME)
		return never(c, t, seconds, err);
	if (seconds == 0) {
		*out = t;
		return CRM_OK;
	}
	if (!position(c, t, &start))
		return walk_add(out, c, t, seconds, err);
	while (c->sum[number + 1] - start < seconds) {
		if (++number == BLOCKS)
			return never(c, t, seconds, err);
		if (!reach(c, number))
			return walk_add(out, c, t, seconds, err);
	}
	{
		const struct block *b = get_block(c, number);

		if (!b)
			return walk_add(out, c, t, seconds, err);
		*out = block_begin(number) + worked_at(b, (uint32_t)(start + seconds - c->sum[number]));
	}
	return CRM_OK;
}

bool calendar_open_at(struct calendar *c, int64_t t)
{
	t = bounded(t);
	return calendar_between(c, t, t + 1) > 0;
}
