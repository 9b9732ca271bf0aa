/*
 * Times, dates and lengths of time from any text. Whatever is accepted must come back from its own written form.
 * The first byte chooses the zone, the rest is the text.
 */
#include "base/foreign_time.h"

#include <assert.h>

static const char *const zone_names[] = { "UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns",
	"Australia/Lord_Howe", "Pacific/Apia", "EST5EDT,M3.2.0,M11.1.0" };

static const struct zone *zone_of(uint8_t choice)
{
	static struct zone *zones[ARRAY_SIZE(zone_names)];
	size_t i = choice % ARRAY_SIZE(zone_names);

	if (!zones[i] && zone_load(&zones[i], zone_names[i], NULL))
		abort();
	return zones[i];
}

static void check_instant(const struct time_context *ctx, int64_t t)
{
	cleanup(buf_free) struct buf written = BUF_INIT;
	cleanup(err_free) struct err err = { 0 };
	int64_t from, to;

	time_format_rfc3339(&written, ctx->zone, t);
	if (time_parse(&from, &to, ctx, written.s, written.len, &err))
		abort();
	assert(from == t && to == t);
}

static void check_time(const struct time_context *ctx, const char *s, size_t len)
{
	cleanup(err_free) struct err err = { 0 };
	int64_t from, to;
	int rc = time_parse(&from, &to, ctx, s, len, &err);

	if (rc) {
		assert(rc == CRM_INVALID && err.msg.len);
		return;
	}
	assert(from <= to);
	check_instant(ctx, from);
	check_instant(ctx, to);
}

static void check_date(const struct time_context *ctx, const char *s, size_t len)
{
	cleanup(buf_free) struct buf date = BUF_INIT;
	cleanup(buf_free) struct buf again = BUF_INIT;
	cleanup(err_free) struct err err = { 0 };

	if (date_parse(&date, ctx, s, len, &err)) {
		assert(!date.len && err.msg.len);
		return;
	}
	if (date_parse(&again, ctx, date.s, date.len, &err))
		abort();
	assert(strcmp(date.s, again.s) == 0);
}

/* A format, the end of its line, and a text; without a line end all is text. */
static void check_foreign(const struct time_context *ctx, const char *s, size_t len)
{
	cleanup(buf_free) struct buf date = BUF_INIT;
	cleanup(buf_free) struct buf again = BUF_INIT;
	cleanup(err_free) struct err err = { 0 };
	const char *end = memchr(s, '\n', len);
	cleanup(freep) char *format = end ? strndup(s, (size_t)(end - s)) : NULL;
	const char *text = end ? end + 1 : s;
	size_t n = len - (size_t)(text - s);
	int64_t t;

	if (format && date_format_check(format, &err)) {
		assert(err.msg.len);
		return;
	}
	if (foreign_time_parse(&t, ctx, format, text, n, &err) == CRM_OK)
		check_instant(ctx, t);
	if (foreign_date_parse(&date, ctx, format, text, n, &err)) {
		assert(!date.len && err.msg.len);
		return;
	}
	if (date_parse(&again, ctx, date.s, date.len, &err))
		abort();
	assert(strcmp(date.s, again.s) == 0);
}

static void check_duration(const char *s, size_t len)
{
	cleanup(buf_free) struct buf written = BUF_INIT;
	int64_t seconds, again;

	if (duration_parse(&seconds, s, len, NULL))
		return;
	duration_format(&written, seconds);
	/* A number has nine digits at most: years of days beyond that are not read back. */
	if (seconds < INT64_C(999999999) * 86400 && duration_parse(&again, written.s, written.len, NULL))
		abort();
	assert(seconds >= INT64_C(999999999) * 86400 || again == seconds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct time_context ctx = { .now = 1772591400 };
	const char *s;

	if (!size)
		return 0;
	ctx.zone = zone_of(data[0]);
	ctx.future = data[0] & 0x80;
	s = (const char *)data + 1;
	check_time(&ctx, s, size - 1);
	check_date(&ctx, s, size - 1);
	check_duration(s, size - 1);
	check_foreign(&ctx, s, size - 1);
	return 0;
}
