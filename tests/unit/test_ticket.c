/*
 * Tickets through the library: the whole table of the workflow, and random courses. After every step of a course what
 * the ticket is was noted; whatever came later, the past that crm_query_as_of() tells is what was noted, the kept facts
 * are what crm_check() recomputes, and undoing the steps leaves the ticket as it was before each.
 */
#include "store_helper.h"
#include <crm/ticket.h>

static int64_t new_ticket(crm_store *s, const char *subject)
{
	crm_record *r;
	int64_t id;

	assert_ok(s, crm_record_new(&r, s, entity("ticket")));
	assert_ok(s, crm_record_set(r, "customer", "1"));
	assert_ok(s, crm_record_set(r, "type", "question"));
	assert_ok(s, crm_record_set(r, "subject", subject));
	assert_ok(s, crm_ticket_add(r, NULL));
	id = crm_record_id(r);
	crm_record_free(r);
	return id;
}

static void populate(crm_store *s)
{
	static const char *const agents[] = { "chen", "mei", "tom" };
	crm_record *r;

	for (size_t i = 0; i < ARRAY_SIZE(agents); i++) {
		assert_ok(s, crm_record_new(&r, s, entity("agent")));
		assert_ok(s, crm_record_set(r, "name", agents[i]));
		assert_ok(s, crm_record_save(r));
		crm_record_free(r);
	}
	add_customer(s, "Li");
}

/* What may follow what, as crm-ticket(1) tells it; `-` is the status itself, which is no step. */
static void workflow(void **state)
{
	static const char *const names[] = { "new", "open", "pending", "hold", "solved", "closed", "merged", "spam" };
	static const char *const may[] = {
		"-yyyyyyy", /* new */
		"n-yyyyyy", /* open */
		"ny-yyyyy", /* pending */
		"nyy-yyyy", /* hold */
		"nynn-ynn", /* solved */
		"nynnn-nn", /* closed */
		"nnnnnn-n", /* merged */
		"nynnnnn-", /* spam */
	};
	crm_store *s = ((struct sandbox *)*state)->s;

	populate(s);
	for (size_t from = 0; from < 8; from++)
		for (size_t to = 0; to < 8; to++) {
			int64_t id = new_ticket(s, "Q");

			if (from > 0)
				assert_ok(s, crm_ticket_move(s, id, names[from], 0, NULL));
			assert_status(s, may[from][to] == 'y' ? CRM_OK : CRM_CONFLICT,
				crm_ticket_move(s, id, names[to], 0, NULL));
			if (may[from][to] == 'n')
				assert_non_null(strstr(crm_errmsg(s), names[to]));
		}
}

/* --- random courses --- */

enum {
	COURSES = 25,
	STEPS = 14
};

struct note {
	int64_t at, operation;
	char text[128];
};

/* `status|priority|type|assignee|team`, as they are, or were at a time. */
static void look(char out[128], crm_store *s, int64_t id, int64_t as_of)
{
	crm_cursor *rows;
	crm_query *q;
	size_t n = 0;

	assert_ok(s, crm_query_new(&q, s, entity("ticket")));
	if (as_of)
		assert_ok(s, crm_query_as_of(q, as_of));
	assert_ok(s, crm_query_fields(q, "status,priority,type,assignee,state"));
	assert_ok(s, crm_query_ids(q, &id, 1));
	assert_ok(s, crm_query_open(&rows, q));
	out[0] = '\0';
	if (crm_cursor_next(rows) == CRM_OK)
		for (size_t i = 0; i < 5; i++) {
			const crm_value *v = crm_cursor_value(rows, i);

			n += (size_t)snprintf(out + n, 128 - n, "%s|", v->kind == CRM_STRING ? v->s : "-");
		}
	crm_cursor_close(rows);
	crm_query_free(q);
}

static int change(crm_store *s, int64_t id, const char *field, const char *value)
{
	crm_record *r;
	int status;

	assert_ok(s, crm_record_load(&r, s, entity("ticket"), id));
	assert_ok(s, crm_record_set(r, field, value));
	status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static int hear(crm_store *s, int64_t id)
{
	char number[24];
	crm_record *r;
	int status;

	snprintf(number, sizeof(number), "%lld", (long long)id);
	assert_ok(s, crm_record_new(&r, s, entity("log")));
	assert_ok(s, crm_record_set(r, "customer", "1"));
	assert_ok(s, crm_record_set(r, "ticket", number));
	assert_ok(s, crm_record_set(r, "channel", "phone"));
	assert_ok(s, crm_record_set(r, "direction", "in"));
	status = crm_record_save(r);
	crm_record_free(r);
	return status;
}

static int step(crm_store *s, struct random *random, int64_t id)
{
	static const char *const statuses[] = { "open", "pending", "hold", "solved", "closed" };
	static const char *const priorities[] = { "low", "normal", "high", "urgent" };
	static const char *const types[] = { "question", "complaint", "task" };
	static const char *const agents[] = { "mei", "tom", NULL };

	switch (random_below(random, 6)) {
	case 0:
		return change(s, id, "priority", priorities[random_below(random, 4)]);
	case 1:
		return change(s, id, "type", types[random_below(random, 3)]);
	case 2:
		return crm_ticket_assign(s, id, agents[random_below(random, 3)], NULL);
	case 3:
		return crm_ticket_reply(NULL, s, id, NULL, "hello", NULL);
	case 4:
		return hear(s, id);
	default:
		return crm_ticket_move(s, id, statuses[random_below(random, 5)], 0, NULL);
	}
}

static void course(crm_store *s, struct random *random)
{
	struct note notes[STEPS + 1];
	int64_t now = crm_store_now(s), id = new_ticket(s, "course"), undone;
	int64_t last = crm_last_operation(s);
	size_t n = 0;
	char text[128];

	notes[n].at = now;
	look(notes[n++].text, s, id, 0);
	for (size_t i = 0; i < STEPS; i++) {
		int status;

		crm_store_set_clock(s, now += 60 + (int64_t)random_below(random, 3 * DAY), false);
		status = step(s, random, id);
		if (status == CRM_CONFLICT) /* the workflow forbids it */
			continue;
		assert_int_equal(status, CRM_OK);
		notes[n].at = now;
		notes[n].operation =
			crm_last_operation(s) == last ? 0 : crm_last_operation(s); /* 0: nothing to change */
		last = crm_last_operation(s);
		look(notes[n++].text, s, id, 0);
	}
	for (size_t i = 0; i < n; i++) {
		look(text, s, id, notes[i].at);
		assert_string_equal(text, notes[i].text);
		look(text, s, id, notes[i].at + 59); /* before the next step */
		assert_string_equal(text, notes[i].text);
	}
	check_sound(s);
	for (size_t i = n; i-- > 1;) {
		if (!notes[i].operation)
			continue; /* it changed nothing */
		assert_ok(s, crm_undo(&undone, s, notes[i].operation));
		look(text, s, id, 0);
		assert_string_equal(text, notes[i - 1].text);
	}
	check_sound(s);
}

static void courses(void **state)
{
	const char *seed = getenv("TICKET_SEED");
	struct random random = { .state = seed ? strtoull(seed, NULL, 10) : 20260310 };
	crm_store *s = ((struct sandbox *)*state)->s;

	populate(s);
	for (size_t i = 0; i < COURSES; i++)
		course(s, &random);
}

/* --- steps are one operation each --- */

static void later(void **state)
{
	crm_store *s = ((struct sandbox *)*state)->s;
	crm_step ahead = { .at = NOW + 60 }, before = { .at = NOW - HOUR }, earlier = { .at = NOW - 2 * HOUR };
	int64_t id;

	populate(s);
	id = new_ticket(s, "Q");
	assert_refused(s, CRM_INVALID, "2026-03-10 12:01 lies ahead: only what has happened can be written down",
		crm_ticket_solve(s, id, NULL, &ahead));
	assert_status(s, CRM_CONFLICT, crm_ticket_solve(s, id, NULL, &before)); /* before it was made */
	assert_status(s, CRM_NOTFOUND, crm_ticket_solve(s, id + 1, NULL, NULL));
	assert_int_equal(crm_ticket_merge(s, id, &id, 1, &earlier), CRM_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(workflow, sandbox_setup, sandbox_teardown),
		cmocka_unit_test_setup_teardown(courses, sandbox_setup, sandbox_teardown),
		cmocka_unit_test_setup_teardown(later, sandbox_setup, sandbox_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
