#include "base/posix_tz.h"
#include "base/time.h"
#include "base/tzif.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	DAY = 86400,
	FILE_LIMIT = 1 << 20,
	NAME_LIMIT = 255
};

/* Offsets are less than this (RFC 8536), so a local time is within a window of it around the same UTC time. */
enum {
	OFFSET_LIMIT = 26 * 3600
};

/* Beyond these instants a year would not fit its int; nothing out there has another offset than at the limit. */
#define TIME_LIMIT (INT64_C(1) << 54)

struct zone {
	struct arena mem;
	const char *name;
	struct tzif data;
};

static bool file_name_ok(const char *name)
{
	if (!*name || *name == '/' || strlen(name) > NAME_LIMIT || strstr(name, ".."))
		return false;
	for (const char *p = name; *p; p++) {
		if (!ascii_alpha(*p) && !ascii_digit(*p) && !strchr("_+-/.", *p))
			return false;
	}
	return true;
}

/* False when there is no such file, or it is too large to be a zone. */
static bool read_zone_file(struct buf *out, const char *name)
{
	cleanup(buf_free) struct buf path = BUF_INIT;
	ssize_t n = 1;
	int fd;

	buf_printf(&path, "/usr/share/zoneinfo/%s", name);
	if (!buf_str(&path)) {
		out->failed = true;
		return false;
	}
	fd = open(path.s, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	while (n != 0 && out->len < FILE_LIMIT && buf_reserve(out, 8192)) {
		n = read(fd, out->s + out->len, 8192);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		out->len += (size_t)n;
	}
	close(fd);
	return n == 0 && !out->failed;
}

static bool find_rules(struct zone *z, const char *name)
{
	cleanup(buf_free) struct buf file = BUF_INIT;

	if (strcmp(name, "UTC") == 0) {
		z->data.has_rule = true; /* all zero is UTC */
		return true;
	}
	if (file_name_ok(name) && read_zone_file(&file, name) && tzif_parse(&z->data, &z->mem, file.s, file.len))
		return true;
	if (file.failed)
		z->mem.failed = true;
	z->data.has_rule = posix_tz_parse(&z->data.rule, name, strlen(name));
	return z->data.has_rule;
}

int zone_load(struct zone **out, const char *name, struct err *err)
{
	struct zone *z = calloc(1, sizeof(*z));
	bool known;

	if (!z)
		return err_nomem(err);
	if (*name == ':')
		name++;
	z->name = arena_copy(&z->mem, name, strlen(name));
	known = find_rules(z, name);
	if (z->mem.failed) {
		zone_free(z);
		return err_nomem(err);
	}
	if (!known) {
		cleanup(buf_free) struct buf quoted = BUF_INIT;
		const char *text;

		zone_free(z);
		buf_quote(&quoted, name, strlen(name));
		text = buf_str(&quoted);
		return err_set(err, CRM_INVALID, "%s is no time zone: write a name such as Asia/Shanghai, UTC or CST-8",
			text ? text : "this");
	}
	*out = z;
	return CRM_OK;
}

struct zone *zone_free(struct zone *z)
{
	if (z) {
		arena_free(&z->mem);
		free(z);
	}
	return NULL;
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

/* Offset in force at t, and the first instant after t at which it may change. */
static int segment(const struct zone *z, int64_t t, int64_t *end)
{
	const struct tzif *d = &z->data;
	size_t low = 0, high = d->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (d->at[middle] <= t)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < d->n) {
		*end = d->at[low];
		return low ? d->offset[low - 1] : d->first_offset;
	}
	if (d->has_rule)
		return posix_tz_segment(&d->rule, t, end);
	*end = INT64_MAX;
	return low ? d->offset[low - 1] : d->first_offset;
}

static int64_t bounded(int64_t t)
{
	if (t > TIME_LIMIT)
		return TIME_LIMIT;
	return t < -TIME_LIMIT ? -TIME_LIMIT : t;
}

int zone_offset(const struct zone *z, int64_t t)
{
	int64_t end;

	return segment(z, bounded(t), &end);
}

void zone_civil(const struct zone *z, int64_t t, struct civil *out)
{
	t = bounded(t);
	civil_from_seconds(t + zone_offset(z, t), out);
}

static int gap_error(const struct zone *z, int64_t local, int64_t at, int before, int after, struct err *err)
{
	struct civil want, from, to;

	civil_from_seconds(local, &want);
	civil_from_seconds(at + before, &from);
	civil_from_seconds(at + after, &to);
	return err_set(err, CRM_INVALID,
		"%04d-%02d-%02d %02d:%02d does not exist in %s: clocks go from %04d-%02d-%02d %02d:%02d to "
		"%04d-%02d-%02d %02d:%02d",
		want.year, want.month, want.day, want.hour, want.minute, z->name, from.year, from.month, from.day,
		from.hour, from.minute, to.year, to.month, to.day, to.hour, to.minute);
}

int zone_instant(const struct zone *z, const struct civil *c, int64_t *out, struct err *err)
{
	int64_t local = days_from_civil(c->year, c->month, c->day) * DAY + c->hour * 3600 + c->minute * 60 + c->second;
	int64_t start = local - OFFSET_LIMIT, end;
	int offset = segment(z, start, &end);

	/* The offsets around that time, in their order: the first under which the clock shows it is the answer. */
	for (;;) {
		int64_t t = local - offset;
		int after;

		if (t < end) {
			*out = t;
			return CRM_OK;
		}
		start = end;
		after = segment(z, start, &end);
		if (start + after > local)
			return gap_error(z, local, start, offset, after, err);
		offset = after;
	}
}

int64_t zone_first(const struct zone *z, int64_t local)
{
	int64_t start, end;

	local = bounded(local);
	start = local - OFFSET_LIMIT;
	for (;;) {
		int offset = segment(z, start, &end);
		int64_t t = local - offset;

		if (t < start) /* the clock jumped over it */
			return start;
		if (t < end)
			return t;
		start = end;
	}
}

int64_t zone_day_start(const struct zone *z, int64_t day)
{
	if (day > TIME_LIMIT / DAY)
		return zone_first(z, TIME_LIMIT);
	return zone_first(z, day < -TIME_LIMIT / DAY ? -TIME_LIMIT : day * DAY);
}

int64_t zone_day(const struct zone *z, int64_t t)
{
	t = bounded(t);
	return floor_div(t + zone_offset(z, t), DAY);
}
