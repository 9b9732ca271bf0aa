/*
 * Metrics of tickets and the reports on them, on tickets whose times were added up by hand. Every ticket begins at T
 * unless it says otherwise: Monday 2026-02-16 00:00 UTC.
 */
#include "store_helper.h"

#include "report/distribution.h"
#include "service/metrics.h"

#define T 1771200000

static char *report_text(crm_store *s, const char *name, const crm_report_options *opt)
{
	crm_cursor *c;

	assert_non_null(crm_report_find(name));
	assert_ok(s, crm_report_run(&c, s, crm_report_find(name), opt));
	return rows_text(s, c);
}

static void check_report(crm_store *s, const char *name, crm_report_options opt, const char *expected)
{
	scoped_text got = report_text(s, name, &opt);

	if (strcmp(got, expected) != 0)
		fail_msg("report %s\ngot:\n%sinstead of:\n%s", name, got, expected);
}

#define FILTER(...)                                                                                                    \
	.filter = (const char *const[]){ __VA_ARGS__ }, .nfilter = ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ }))
#define CALENDAR "metric,n,mean_s,median_s,p90_s"
#define TIMES(s, expected, ...)                                                                                        \
	check_report(s, "times", (crm_report_options){ .fields = CALENDAR, __VA_ARGS__ }, expected)

/* --- tickets --- */

static crm_step at(int64_t t)
{
	return (crm_step){ .at = t };
}

#define AT(t)       (&(crm_step){ .at = (t) })
#define BY(t, name) (&(crm_step){ .at = (t), .actor = (name) })

SENTINEL static int64_t ticket(crm_store *s, int64_t t, ...)
{
	crm_record *r;
	crm_step step = at(t);
	va_list ap;
	int64_t id;

	assert_ok(s, crm_record_new(&r, s, entity("ticket")));
	assert_ok(s, crm_record_set(r, "customer", "1"));
	assert_ok(s, crm_record_set(r, "subject", "x"));
	assert_ok(s, crm_record_set(r, "type", "question"));
	va_start(ap, t);
	assert_ok(s, set_fields(r, ap));
	va_end(ap);
	assert_ok(s, crm_ticket_add(r, &step));
	id = crm_record_id(r);
	crm_record_free(r);
	return id;
}

static void reply(crm_store *s, int64_t id, int64_t t)
{
	assert_ok(s, crm_ticket_reply(NULL, s, id, "email", "hello", AT(t)));
}

static void word(crm_store *s, int64_t id, int64_t t)
{
	char ticket_text[24];

	snprintf(ticket_text, sizeof(ticket_text), "%lld", (long long)id);
	add(s, "log", "customer", "1", "ticket", ticket_text, "channel", "email", "direction", "in", "at", epoch(t));
}

static void move(crm_store *s, int64_t id, const char *status, int64_t t)
{
	assert_ok(s, crm_ticket_move(s, id, status, 0, AT(t)));
}

/* An event as an import of events writes it. */
static void event(crm_store *s, int64_t id, int64_t t, const char *kind, const char *before, const char *after)
{
	char ticket_text[24];

	snprintf(ticket_text, sizeof(ticket_text), "%lld", (long long)id);
	add(s, "ticket_event", "ticket", ticket_text, "at", epoch(t), "kind", kind, "old_value", before, "new_value",
		after);
}

static void people(crm_store *s)
{
	add_customer(s, "Li");
	add(s, "agent", "name", "chen");
	add(s, "agent", "name", "mei");
}

/* --- times --- */

static void one_ticket_from_the_first_word_to_the_solution(void **state)
{
	crm_store *s = store_of(state);
	int64_t id;

	people(s);
	id = ticket(s, T, NULL);
	reply(s, id, T + 1 * HOUR); /* new to open */
	word(s, id, T + 2 * HOUR);
	word(s, id, T + 3 * HOUR);
	reply(s, id, T + 5 * HOUR); /* the older of the two words waited 3 hours */
	move(s, id, "pending", T + 5 * HOUR);
	word(s, id, T + 29 * HOUR); /* open again */
	move(s, id, "solved", T + 30 * HOUR);
	TIMES(s, "first_reply|1|3600|3600|3600\n"
		 "next_reply|1|10800|10800|10800\n"
		 "first_resolution|1|108000|108000|108000\n"
		 "full_resolution|1|108000|108000|108000\n"
		 "requester_wait|1|21600|21600|21600\n" /* 0 to 5, 29 to 30 */
		 "agent_wait|1|86400|86400|86400\n"     /* 5 to 29 */
		 "on_hold|0|-|-|-\n");
}

/* What has not ended is not there, and is no zero. */
static void a_ticket_without_an_end_has_no_times(void **state)
{
	crm_store *s = store_of(state);
	int64_t id;

	people(s);
	TIMES(s, "first_reply|0|-|-|-\nnext_reply|0|-|-|-\nfirst_resolution|0|-|-|-\nfull_resolution|0|-|-|-\n"
		 "requester_wait|0|-|-|-\nagent_wait|0|-|-|-\non_hold|0|-|-|-\n");
	id = ticket(s, T, NULL);
	word(s, id, T + HOUR);
	move(s, id, "hold", T + 2 * HOUR);
	TIMES(s, "first_reply|0|-|-|-\nnext_reply|0|-|-|-\nfirst_resolution|0|-|-|-\nfull_resolution|0|-|-|-\n"
		 "requester_wait|0|-|-|-\nagent_wait|0|-|-|-\non_hold|0|-|-|-\n");
	reply(s, id, T + 4 * HOUR);
	word(s, id, T + 5 * HOUR); /* nobody answered */
	check_report(s, "times", (crm_report_options){ .fields = "metric,n,mean_s" },
		"first_reply|1|14400\nnext_reply|0|-\nfirst_resolution|0|-\nfull_resolution|0|-\n"
		"requester_wait|0|-\nagent_wait|0|-\non_hold|0|-\n");
}

static void first_and_full_resolution_of_a_reopened_ticket(void **state)
{
	crm_store *s = store_of(state);
	int64_t id;

	people(s);
	id = ticket(s, T, NULL);
	assert_ok(s, crm_ticket_solve(s, id, "done", AT(T + 10 * HOUR)));
	move(s, id, "open", T + 20 * HOUR);
	TIMES(s, /* the wait goes on, so its total is not known */
		"first_reply|0|-|-|-\nnext_reply|0|-|-|-\nfirst_resolution|1|36000|36000|36000\n"
		"full_resolution|1|36000|36000|36000\nrequester_wait|0|-|-|-\nagent_wait|0|-|-|-\non_hold|0|-|-|-\n");
	move(s, id, "hold", T + 22 * HOUR);
	move(s, id, "solved", T + 30 * HOUR);
	move(s, id, "closed", T + 40 * HOUR); /* no second solution */
	TIMES(s, "first_reply|0|-|-|-\nnext_reply|0|-|-|-\nfirst_resolution|1|36000|36000|36000\n"
		 "full_resolution|1|108000|108000|108000\n"
		 "requester_wait|1|72000|72000|72000\n" /* 0 to 10, 20 to 30 */
		 "agent_wait|0|-|-|-\non_hold|1|28800|28800|28800\n");
}

/* An agent wrote first and made the ticket of it: the second word to the customer is the reply. */
static void a_public_comment_at_the_creation_is_no_reply(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	ticket(s, T, NULL);
	reply(s, 1, T);
	check_report(s, "times", (crm_report_options){ .fields = "metric,n" },
		"first_reply|0\nnext_reply|0\nfirst_resolution|0\nfull_resolution|0\nrequester_wait|0\nagent_wait|0\n"
		"on_hold|0\n");
	reply(s, 1, T + 7);
	assert_ok(s, crm_ticket_note(NULL, s, 1, "for us", AT(T + 8)));
	TIMES(s, "first_reply|1|7|7|7\nnext_reply|0|-|-|-\nfirst_resolution|0|-|-|-\nfull_resolution|0|-|-|-\n"
		 "requester_wait|0|-|-|-\nagent_wait|0|-|-|-\non_hold|0|-|-|-\n");
}

/* Between the creation and the first reply the customer waits for the first reply, whatever is said. */
static void next_replies_begin_after_the_first(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	ticket(s, T, NULL);
	word(s, 1, T + 10);
	reply(s, 1, T + 60);
	reply(s, 1, T + 70); /* answers nothing */
	word(s, 1, T + 100);
	reply(s, 1, T + 150);
	word(s, 1, T + 200);
	word(s, 1, T + 210);
	reply(s, 1, T + 300);
	word(s, 1, T + 400);
	check_report(s, "times", (crm_report_options){ .fields = CALENDAR, .by = "all" },
		"first_reply|1|60|60|60\nnext_reply|2|75|75|100\nfirst_resolution|0|-|-|-\nfull_resolution|0|-|-|-\n"
		"requester_wait|0|-|-|-\nagent_wait|0|-|-|-\non_hold|0|-|-|-\n");
}

static void merged_tickets_and_spam_are_in_no_metric(void **state)
{
	crm_store *s = store_of(state);
	const int64_t others[] = { 2 };

	people(s);
	for (int i = 0; i < 3; i++)
		ticket(s, T, NULL);
	for (int64_t id = 1; id <= 3; id++)
		reply(s, id, T + id * 100);
	assert_ok(s, crm_ticket_merge(s, 1, others, 1, AT(T + 1000)));
	move(s, 3, "spam", T + 1000);
	/* the reply of 2 became one of 1, after its first */
	check_report(s, "times", (crm_report_options){ .fields = "metric,n,mean_s" },
		"first_reply|1|100\nnext_reply|0|-\nfirst_resolution|0|-\nfull_resolution|0|-\nrequester_wait|0|-\n"
		"agent_wait|0|-\non_hold|0|-\n");
	check_report(s, "tickets", (crm_report_options){ .by = "month", .fields = "bucket,created,solved,backlog" },
		"2026-02|1|0|1\n2026-03|0|0|1\n");
}

static void statuses_of_your_own_count_by_their_category(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	add(s, "ticket_status", "name", "testing", "category", "open");
	add(s, "ticket_status", "name", "supplier", "category", "paused");
	add(s, "ticket_status", "name", "refunded", "category", "resolved");
	ticket(s, T, NULL);
	move(s, 1, "testing", T + 100);
	move(s, 1, "supplier", T + 300);
	move(s, 1, "refunded", T + 600);
	check_report(s, "times", (crm_report_options){ .fields = "metric,n,mean_s" },
		"first_reply|0|-\nnext_reply|0|-\nfirst_resolution|1|600\nfull_resolution|1|600\nrequester_wait|1|600\n"
		"agent_wait|0|-\non_hold|1|300\n");
}

static void what_is_ahead_of_the_clock_has_not_happened(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	ticket(s, T, NULL);
	reply(s, 1, T + 100);
	move(s, 1, "solved", T + 1000);
	crm_store_set_clock(s, T + 999, true);
	check_report(s, "times", (crm_report_options){ .fields = "metric,n" },
		"first_reply|1\nnext_reply|0\nfirst_resolution|0\nfull_resolution|0\nrequester_wait|0\nagent_wait|0\n"
		"on_hold|0\n");
	check_report(s, "backlog", (crm_report_options){ .fields = "bucket,tickets" }, "open|1\n");
	check_report(s, "aging", (crm_report_options){ .fields = "age,tickets" },
		"<1d|1\n1-3d|0\n3-7d|0\n7-14d|0\n14-30d|0\n>30d|0\n");
	crm_store_set_clock(s, T + 1000, true);
	check_report(s, "backlog", (crm_report_options){ .fields = "bucket,tickets" }, "");
	check_report(s, "times", (crm_report_options){ .fields = "metric,n" },
		"first_reply|1\nnext_reply|0\nfirst_resolution|1\nfull_resolution|1\nrequester_wait|1\nagent_wait|0\n"
		"on_hold|0\n");
}

/* --- data that cannot be --- */

static void keep_warning(const crm_event *event, void *payload)
{
	if (event->kind == CRM_EVENT_WARNING)
		buf_puts(payload, event->text);
}

static void impossible_times_are_counted_apart(void **state)
{
	crm_store *s = store_of(state);
	cleanup(buf_free) struct buf warnings = BUF_INIT;

	people(s);
	for (int i = 0; i < 3; i++)
		ticket(s, T, NULL);
	reply(s, 1, T + 50);
	move(s, 1, "solved", T + 500);
	event(s, 2, T - 10, "reply", "", "");
	event(s, 3, T - 100, "status", "new", "solved");
	event(s, 3, T + 40, "status", "solved", "open");
	event(s, 3, T + 90, "status", "open", "solved");
	raw_exec(((struct sandbox *)*state)->path, "UPDATE ticket SET status = 'solved' WHERE id = 3");
	crm_store_on_event(s, keep_warning, &warnings);
	check_report(s, "times", (crm_report_options){ .fields = "metric,n,mean_s,impossible" },
		"first_reply|1|50|1\n"
		"next_reply|0|-|0\n"
		"first_resolution|1|500|1\n"
		"full_resolution|2|295|0\n" /* 500 and 90: the last is possible */
		"requester_wait|1|500|1\n"
		"agent_wait|0|-|0\n"
		"on_hold|0|-|0\n");
	assert_string_equal(buf_str(&warnings),
		"2 tickets were answered, changed or solved before they were created, and left out of what that "
		"spoils: 2, 3 (crm ticket events ticket:2)");
}

/* --- steps as operations --- */

/* Words and steps bring further changes about, in the same operation: all of it is there, or none. */
static void a_step_is_one_operation_whatever_it_brings_about(void **state)
{
	const char *path = ((struct sandbox *)*state)->path;
	crm_store *s = store_of(state);
	int64_t undone;

	people(s);
	ticket(s, T, NULL);
	const int64_t before = raw_int(path, "SELECT count(*) FROM operation");

	reply(s, 1, T + 10); /* the communication, and new becomes open */
	assert_int_equal(raw_int(path, "SELECT count(*) FROM operation"), before + 1);
	move(s, 1, "hold", T + 20);
	word(s, 1, T + 30); /* the communication, and hold becomes open */
	assert_int_equal(raw_int(path, "SELECT count(*) FROM operation"), before + 3);
	check_field(s, "ticket", 1, "status", "open");
	check_raw(path, "SELECT contacts, last_contact_at FROM customer", "2|1771200030\n");
	check_sound(s);
	assert_ok(s, crm_undo(&undone, s, 0));
	check_field(s, "ticket", 1, "status", "hold");
	check_raw(path, "SELECT contacts, last_contact_at FROM customer", "1|1771200010\n");
	assert_ok(s, crm_undo(&undone, s, 0));
	assert_ok(s, crm_undo(&undone, s, 0));
	check_field(s, "ticket", 1, "status", "new");
	check_raw(path, "SELECT count(*) FROM log", "0\n");
	check_sound(s);
}

/* --- several tickets --- */

/* First replies after 1 to n minutes. */
static void replied_tickets(crm_store *s, int n)
{
	for (int i = 1; i <= n; i++)
		reply(s, ticket(s, T + (n - i) * HOUR, NULL), T + (n - i) * HOUR + i * 60);
}

static void means_medians_and_percentiles(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	replied_tickets(s, 4); /* 60 120 180 240: the fourth of 4 is the first with 90 % not above it */
	check_report(s, "times",
		(crm_report_options){ .fields = "n,mean_s,median_s,p90_s", .until = epoch(T + 4 * HOUR) },
		"4|150|150|240\n0|-|-|-\n0|-|-|-\n0|-|-|-\n0|-|-|-\n0|-|-|-\n0|-|-|-\n");
	replied_tickets(s, 10); /* and 60 to 600: 14 values, the middle two 180 and 240, rank 13 is 540 */
	check_report(s, "times", (crm_report_options){ .fields = "n,mean_s,median_s,p90_s" },
		"14|278.571|240|540\n0|-|-|-\n0|-|-|-\n0|-|-|-\n0|-|-|-\n0|-|-|-\n0|-|-|-\n");
}

static void times_by_period_and_field(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	ticket(s, utc(2026, 1, 31, 15, 59), "priority", "high", "assignee", "mei", NULL); /* January in Shanghai */
	ticket(s, utc(2026, 1, 31, 16, 0), "priority", "low", NULL);
	ticket(s, utc(2026, 2, 1, 16, 0), "priority", "high", "assignee", "chen", NULL);
	for (int64_t id = 1; id <= 3; id++)
		reply(s, id, utc(2026, 2, 1, 18, 0) + id);
	const char *const month[] = { "2026-01|first_reply|1|93661\n", "2026-02|first_reply|2|50402.5\n" };
	const struct {
		const char *by, *rows[3];
	} cases[] = {
		{ "month", { month[0], month[1] } },
		{ "day", { "2026-01-31|first_reply|1|93661\n", "2026-02-01|first_reply|1|93602\n",
				 "2026-02-02|first_reply|1|7203\n" } },
		{ "week", { "2026-W05|first_reply|2|93631.5\n", "2026-W06|first_reply|1|7203\n" } },
		{ "priority", { "low|first_reply|1|93602\n", "high|first_reply|2|50432\n" } },
		{ "assignee", { "-|first_reply|1|93602\n", "chen|first_reply|1|7203\n", "mei|first_reply|1|93661\n" } },
		{ "team", { "-|first_reply|3|64822\n" } },
		{ "type", { "question|first_reply|3|64822\n" } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		scoped_text got = report_text(
			s, "times", &(crm_report_options){ .by = cases[i].by, .fields = "bucket,metric,n,mean_s" });
		const char *p = got;

		for (size_t k = 0; k < 3 && cases[i].rows[k]; k++) {
			p = strstr(p, cases[i].rows[k]);
			if (!p)
				fail_msg("--by %s: no %sin\n%s", cases[i].by, cases[i].rows[k], got);
		}
	}
}

/* Few of many: the others' events and words are passed over. */
static void a_filter_finds_the_right_events(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	for (int i = 0; i < 120; i++)
		ticket(s, T, i % 60 == 59 ? "priority" : NULL, "high", NULL);
	for (int64_t id = 1; id <= 120; id++) {
		reply(s, id, T + id);
		move(s, id, "solved", T + 1000 + id);
	}
	check_report(s, "times", (crm_report_options){ .fields = CALENDAR, FILTER("priority:high") },
		"first_reply|2|90|90|120\nnext_reply|0|-|-|-\nfirst_resolution|2|1090|1090|1120\n"
		"full_resolution|2|1090|1090|1120\nrequester_wait|2|1090|1090|1120\nagent_wait|0|-|-|-\n"
		"on_hold|0|-|-|-\n");
}

/* Their order in the index would be alphabetical: open before pending before solved. */
static void events_of_one_second_are_in_the_order_of_writing(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	ticket(s, T, NULL);
	move(s, 1, "pending", T);
	move(s, 1, "open", T);
	move(s, 1, "solved", T);
	move(s, 1, "open", T);
	move(s, 1, "solved", T + 100);
	check_report(s, "times", (crm_report_options){ .fields = "metric,n,mean_s" },
		"first_reply|0|-\nnext_reply|0|-\nfirst_resolution|1|0\nfull_resolution|1|100\nrequester_wait|1|100\n"
		"agent_wait|1|0\non_hold|0|-\n");
}

/* --- business time --- */

/* Worked is from 9 to 17 UTC, every day; counted second by second. */
static int64_t nine_to_five(struct calendar *calendar, int64_t from, int64_t to)
{
	int64_t n = 0;

	(void)calendar;
	for (int64_t t = from; t < to; t++)
		n += t % DAY >= 9 * HOUR && t % DAY < 17 * HOUR;
	return n;
}

static int sum_business(void *payload, enum metric metric, const struct measure *m)
{
	int64_t *sums = payload;

	sums[metric] += m->business;
	return CRM_OK;
}

static void business_time_is_added_up_over_the_waits(void **state)
{
	static const struct working_time work = { .between = nine_to_five };
	crm_store *s = store_of(state);
	cleanup(courses_closep) struct courses *all = NULL;
	struct course_options opt = COURSE_ALL;
	int64_t sums[METRICS] = { 0 };
	const struct course *c;

	people(s);
	ticket(s, T, NULL);         /* midnight */
	reply(s, 1, T + 10 * HOUR); /* 1 hour worked */
	word(s, 1, T + 16 * HOUR);
	reply(s, 1, T + 34 * HOUR); /* 10:00 the next day: 1 + 1 */
	move(s, 1, "pending", T + 34 * HOUR);
	move(s, 1, "open", T + 40 * HOUR); /* 16:00: 6 */
	move(s, 1, "solved", T + 50 * HOUR);
	opt.kinds = WANT(MOMENT_MESSAGE) | WANT(MOMENT_REPLY);
	assert_ok(s, courses_open(&all, s, &opt));
	assert_ok(s, courses_next(&c, all));
	assert_ok(s, metrics_measure(all, c, NOW, &work, sum_business, sums));
	assert_int_equal(sums[METRIC_FIRST_REPLY], HOUR);
	assert_int_equal(sums[METRIC_NEXT_REPLY], 2 * HOUR);
	assert_int_equal(sums[METRIC_FULL_RESOLUTION], 16 * HOUR);
	assert_int_equal(sums[METRIC_AGENT_WAIT], 6 * HOUR);
	assert_int_equal(sums[METRIC_REQUESTER_WAIT], 10 * HOUR);
	assert_int_equal(sums[METRIC_ON_HOLD], 0);
	assert_status(s, CRM_END, courses_next(&c, all));
}

/* The store's calendar is Monday to Friday, 9 to 18; T is Monday 8:00 in Shanghai. */
static void business_columns_are_of_the_main_calendar(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	ticket(s, T, NULL);
	reply(s, 1, T + 2 * HOUR); /* 9 to 10 */
	word(s, 1, T + 9 * HOUR);  /* 17:00 */
	reply(s, 1, T + 26 * HOUR);
	move(s, 1, "hold", T + 26 * HOUR);            /* Tuesday 10:00: 8 hours, and 27 of three days */
	move(s, 1, "solved", T + 5 * DAY + 4 * HOUR); /* Saturday */
	check_report(s, "times",
		(crm_report_options){ .fields = "metric,mean_s,business_mean_s,business_median_s,business_p90_s" },
		"first_reply|7200|3600|3600|3600\n"
		"next_reply|61200|7200|7200|7200\n"
		"first_resolution|446400|162000|162000|162000\n"
		"full_resolution|446400|162000|162000|162000\n"
		"requester_wait|446400|162000|162000|162000\n"
		"agent_wait|-|-|-|-\n"
		"on_hold|352800|126000|126000|126000\n");
	assert_ok(s, crm_record_remove(s, entity("calendar"), (const int64_t[]){ 1 }, 1, NULL));
	check_report(s, "times", (crm_report_options){ .fields = "n,mean_s,business_mean_s,business_p90_s" },
		"1|7200|-|-\n1|61200|-|-\n1|446400|-|-\n1|446400|-|-\n1|446400|-|-\n0|-|-|-\n1|352800|-|-\n");
}

/* --- tickets --- */

static void created_solved_reopened_and_left_over(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	add_customer(s, "Wu");
	ticket(s, T, NULL);
	ticket(s, T + HOUR, "customer", "2", NULL);
	ticket(s, T + DAY, NULL);
	move(s, 1, "solved", T + 2 * HOUR);
	move(s, 1, "open", T + 3 * HOUR);
	move(s, 1, "solved", T + 4 * HOUR); /* two solutions of a ticket in a day */
	move(s, 2, "solved", T + DAY);
	move(s, 3, "solved", T + DAY + HOUR);
	move(s, 3, "open", T + 3 * DAY);
	assert_ok(s, crm_store_set_zone(s, "UTC"));
	crm_store_set_clock(s, T + 3 * DAY + HOUR, true);
	check_report(s, "tickets", (crm_report_options){ 0 },
		"2026-02-16|2|2|1|1|1|1\n"
		"2026-02-17|1|2|0|0|2|2\n"
		"2026-02-18|0|0|0|0|0|0\n"
		"2026-02-19|0|0|1|1|0|0\n");
	check_report(s, "tickets", (crm_report_options){ .by = "week" }, "2026-W08|3|4|2|1|3|2\n");
	/* what was left over before the period is counted in it, what came after is not */
	check_report(s, "tickets", (crm_report_options){ .since = "2026-02-17", .until = "2026-02-17 00:30" },
		"2026-02-17|1|1|0|1|1|1\n");
	check_report(s, "tickets",
		(crm_report_options){ .since = "2026-02-17", .until = "2026-02-18", FILTER("customer:2") },
		"2026-02-17|0|1|0|0|1|1\n2026-02-18|0|0|0|0|0|0\n");
}

/* --- agents --- */

static void agents_get_answer_and_solve(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	for (int i = 0; i < 3; i++)
		ticket(s, T, NULL);
	assert_ok(s, crm_ticket_assign(s, 1, "chen", AT(T + 10)));
	assert_ok(s, crm_ticket_assign(s, 2, "chen", AT(T + 10)));
	assert_ok(s, crm_ticket_assign(s, 2, "mei", AT(T + 20)));
	assert_ok(s, crm_ticket_reply(NULL, s, 1, "email", "x", BY(T + 100, "chen")));
	assert_ok(s, crm_ticket_reply(NULL, s, 2, "email", "x", BY(T + 300, "chen"))); /* mei has the ticket */
	assert_ok(s, crm_ticket_reply(NULL, s, 2, "email", "x", BY(T + 400, "mei")));
	move(s, 1, "solved", T + 1000);
	move(s, 2, "solved", T + 2000);
	move(s, 2, "open", T + 3000); /* solved by mei */
	assert_ok(s, crm_ticket_assign(s, 2, "chen", AT(T + 3500)));
	move(s, 2, "solved", T + 4000);
	assert_ok(s, crm_ticket_solve(s, 3, "x", BY(T + 500, "mei"))); /* nobody had it */
	check_report(s, "agents", (crm_report_options){ 0 },
		"chen|3|2|2|0|200|2500|50\n" /* 1000 and 4000; one with a reply, one with two */
		"mei|1|2|1|1|-|500|100\n");
	check_report(s, "agents", (crm_report_options){ .since = epoch(T + 3000), .until = epoch(T + 4000) },
		"chen|1|1|0|0|-|4000|0\nmei|0|0|0|1|-|-|-\n");
}

/* --- what is left --- */

static void backlog_at_past_times(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	add(s, "team", "name", "second", "members", "mei");
	ticket(s, T, "priority", "high", NULL);
	ticket(s, T + 100, NULL);
	ticket(s, T + 200, "priority", "low", NULL);
	assert_ok(s, crm_ticket_assign(s, 1, "chen", AT(T + 300)));
	move(s, 1, "hold", T + 400);
	move(s, 2, "solved", T + 500);
	edit(s, "ticket", 3, "priority", "urgent"); /* now */
	const struct {
		int64_t at;
		const char *by, *rows;
	} cases[] = {
		{ T - 1, "status", "" },
		{ T, "status", "new|1|1|0|1771200000\n" },
		{ T + 299, "status", "new|3|3|0|1771200000\n" },
		{ T + 300, "status", "new|2|2|0|1771200100\nopen|1|1|0|1771200000\n" },
		{ T + 400, "status", "new|2|2|0|1771200100\nhold|1|0|1|1771200000\n" },
		{ T + 499, "assignee", "-|2|2|0|1771200100\nchen|1|0|1|1771200000\n" },
		{ T + 500, "assignee", "-|1|1|0|1771200200\nchen|1|0|1|1771200000\n" },
		{ T + 500, "priority", "low|1|1|0|1771200200\nhigh|1|0|1|1771200000\n" },
		{ NOW, "priority", "high|1|0|1|1771200000\nurgent|1|1|0|1771200200\n" },
		{ NOW, "team", "-|2|1|1|1771200000\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_report(s, "backlog", (crm_report_options){ .as_of = epoch(cases[i].at), .by = cases[i].by },
			cases[i].rows);
	check_report(s, "backlog", (crm_report_options){ .as_of = epoch(T + 450), FILTER("status:hold") },
		"hold|1|0|1|1771200000\n");
	check_report(s, "backlog", (crm_report_options){ .fields = "bucket,tickets", FILTER("customer.name:Li") },
		"new|1\nhold|1\n");
}

static void tickets_grow_old(void **state)
{
	static const int64_t ages[] = { 0, DAY - 1, DAY, 3 * DAY - 1, 3 * DAY, 7 * DAY, 14 * DAY - 1, 14 * DAY,
		30 * DAY - 1, 30 * DAY, 400 * DAY };
	crm_store *s = store_of(state);

	people(s);
	for (size_t i = 0; i < ARRAY_SIZE(ages); i++)
		ticket(s, NOW - ages[i], "priority", i % 2 ? "high" : "urgent", NULL);
	ticket(s, NOW - 5 * DAY, NULL);
	move(s, 12, "solved", NOW);
	move(s, 1, "pending", NOW);
	check_report(s, "aging", (crm_report_options){ 0 },
		"<1d|2|1|1|1|1|0|0\n1-3d|2|2|0|1|1|0|0\n3-7d|1|1|0|1|0|0|0\n7-14d|2|2|0|1|1|0|0\n"
		"14-30d|2|2|0|1|1|0|0\n>30d|2|2|0|1|1|0|0\n");
}

static void aftersales_by_kind_product_and_model(void **state)
{
	crm_store *s = store_of(state);

	people(s);
	ticket(s, T, NULL);
	ticket(s, T, "type", "after_sales", "kind", "return", "product_no", "X1", NULL);
	ticket(s, T, "type", "after_sales", "kind", "repair", "product_no", "X1", "model", "M", NULL);
	ticket(s, T, "type", "after_sales", "kind", "return", "product_no", "X2", NULL);
	move(s, 2, "solved", T + 100);
	move(s, 4, "closed", T + 300);
	check_report(s, "aftersales", (crm_report_options){ 0 }, "return|2|2|0|200|-|-\nrepair|1|0|1|-|-|-\n");
	check_report(
		s, "aftersales", (crm_report_options){ .by = "product_no" }, "X1|2|1|1|100|-|-\nX2|1|1|0|300|-|-\n");
	check_report(s, "aftersales", (crm_report_options){ .by = "model" }, "-|2|2|0|200|-|-\nM|1|0|1|-|-|-\n");
	check_report(s, "aftersales", (crm_report_options){ .since = epoch(T + 1) }, "");

	for (int i = 0; i < 8; i++) /* 5 of X1, of which one is cancelled and one came back; 2 of M, 1 without */
		add(s, "order", "customer", "1", "at", epoch(T), "model",
			i < 5   ? "X1"
			: i < 7 ? "M"
				: "",
			"status", i == 3 ? "cancelled" : "paid", "quantity", i == 4 ? "-1" : "2");
	check_report(s, "aftersales",
		(crm_report_options){ .fields = "bucket,orders,rate_percent", .by = "product_no" },
		"X1|3|66.6667\nX2|-|-\n");
	check_report(s, "aftersales", (crm_report_options){ .fields = "bucket,orders,rate_percent", .by = "model" },
		"-|-|-\nM|2|50\n");
	check_report(s, "aftersales", (crm_report_options){ .fields = "bucket,orders,rate_percent" },
		"return|6|33.3333\nrepair|6|16.6667\n");
	check_report(s, "aftersales",
		(crm_report_options){ .fields = "bucket,orders,rate_percent", FILTER("kind:return") }, "return|-|-\n");
	check_report(
		s, "aftersales", (crm_report_options){ .fields = "orders", .until = epoch(T - 1), .by = "model" }, "");
}

static void what_a_report_does_not_take_is_refused(void **state)
{
	crm_store *s = store_of(state);
	const struct {
		const char *report;
		crm_report_options opt;
		const char *message;
	} cases[] = {
		{ "times", { .as_of = "2026-01-01" },
			"report times: takes no --as-of; it takes --since, --until, --vs, --by, --rows" },
		{ "times", { .by = "mnth" }, "report times: cannot group by 'mnth', did you mean 'month'?" },
		{ "aging", { .since = "2026-01-01" }, "report aging: takes no --since; it takes --rows" },
		{ "backlog", { .until = "2026-01-01" },
			"report backlog: takes no --until; it takes --by, --as-of, --rows" },
		{ "backlog", { .as_of = "2026-04-01 00:00" },
			"--as-of: 2026-04-01 00:00 lies ahead: nobody knows what will be there then" },
		{ "backlog", { .as_of = "2026-01-01", FILTER("subject:x") },
			"subject: its past is not kept; --as-of knows id, status, priority, assignee, type, team, "
			"created_at, state" },
	};
	crm_cursor *c;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_refused(s, CRM_INVALID, cases[i].message,
			crm_report_run(&c, s, crm_report_find(cases[i].report), &cases[i].opt));
}

/* --- order statistics and words --- */

static int compare_numbers(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Against sorting: values in order, in reverse, all the same, few different ones, without pattern. */
static void selection_agrees_with_sorting(void **state)
{
	struct random random = { 7 };

	(void)state;
	for (size_t n = 1; n < 400; n += n < 20 ? 1 : 37)
		for (int shape = 0; shape < 6; shape++) {
			struct distribution d = { 0 };
			int64_t *sorted = calloc(n, sizeof(*sorted));

			assert_non_null(sorted);
			for (size_t i = 0; i < n; i++) {
				const int64_t shapes[] = { (int64_t)i, (int64_t)(n - i), 5,
					(int64_t)random_below(&random, 3), (int64_t)(random_next(&random) >> 20),
					(int64_t)(i < n / 2 ? i : n - i) };

				sorted[i] = shapes[shape];
				assert_true(distribution_add(&d, sorted[i]));
			}
			qsort(sorted, n, sizeof(*sorted), compare_numbers);
			assert_true(
				distribution_median(&d) == ((double)sorted[(n - 1) / 2] + (double)sorted[n / 2]) / 2);
			/* the first value with at least 90 % of all not above it */
			size_t rank = 0;
			while ((rank + 1) * 10 < n * 9)
				rank++;
			assert_int_equal(distribution_percentile(&d, 90), sorted[rank]);
			assert_int_equal(distribution_percentile(&d, 100), sorted[n - 1]);
			distribution_free(&d);
			free(sorted);
		}
}

static void words_keep_their_numbers(void **state)
{
	struct words w = { 0 };
	char text[16];

	(void)state;
	assert_int_equal(words_number(&w, NULL, 0), WORD_NONE);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 5000; i++) {
			snprintf(text, sizeof(text), "%d", i);
			assert_int_equal(words_number(&w, text, strlen(text)), i);
		}
	assert_int_equal(words_number(&w, "", 0), 5000);
	assert_int_equal(words_number(&w, "12345", 3), 123);
	assert_string_equal(words_text(&w, 4999), "4999");
	assert_null(words_text(&w, WORD_NONE));
	words_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(one_ticket_from_the_first_word_to_the_solution),
		sandbox_test(a_ticket_without_an_end_has_no_times),
		sandbox_test(first_and_full_resolution_of_a_reopened_ticket),
		sandbox_test(a_public_comment_at_the_creation_is_no_reply),
		sandbox_test(next_replies_begin_after_the_first),
		sandbox_test(merged_tickets_and_spam_are_in_no_metric),
		sandbox_test(statuses_of_your_own_count_by_their_category),
		sandbox_test(what_is_ahead_of_the_clock_has_not_happened),
		sandbox_test(impossible_times_are_counted_apart),
		sandbox_test(a_step_is_one_operation_whatever_it_brings_about),
		sandbox_test(means_medians_and_percentiles),
		sandbox_test(times_by_period_and_field),
		sandbox_test(a_filter_finds_the_right_events),
		sandbox_test(events_of_one_second_are_in_the_order_of_writing),
		sandbox_test(business_time_is_added_up_over_the_waits),
		sandbox_test(business_columns_are_of_the_main_calendar),
		sandbox_test(created_solved_reopened_and_left_over),
		sandbox_test(agents_get_answer_and_solve),
		sandbox_test(backlog_at_past_times),
		sandbox_test(tickets_grow_old),
		sandbox_test(aftersales_by_kind_product_and_model),
		sandbox_test(what_a_report_does_not_take_is_refused),
		cmocka_unit_test(selection_agrees_with_sorting),
		cmocka_unit_test(words_keep_their_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
