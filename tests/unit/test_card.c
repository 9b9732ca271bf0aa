/* The card of a customer, as a program asks for it: what is on it, in which order, and what is not. */
#include "store_helper.h"

#include <crm/customer.h>

static void check_part(crm_store *s, int64_t customer, crm_card_part part, int64_t limit, const char *expected)
{
	crm_cursor *c;

	assert_ok(s, crm_customer_card(&c, s, customer, part, limit));
	scoped_text got = rows_text(s, c);
	if (strcmp(got, expected) != 0)
		fail_msg("part %d is\n%sinstead of\n%s", (int)part, got, expected);
}

/* NOW is Tuesday 2026-03-10 12:00 in Shanghai, 1773115200. */
static void the_latest_contact_is_neither_a_note_nor_ahead(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	check_part(s, 1, CRM_CARD_CONTACT, 1, "");
	add(s, "log", "customer", "1", "at", "2026-03-08 23:59", "channel", "phone", "direction", "in", "content", "a");
	add(s, "log", "customer", "1", "at", "2026-03-09 10:00", "channel", "email", "internal", "yes", "content", "b");
	add(s, "log", "customer", "1", "at", "2026-03-12 10:00", "channel", "visit", "direction", "out", "content",
		"c");
	/* a minute before midnight two days ago is two days ago */
	check_part(s, 1, CRM_CARD_CONTACT, 1, "1772985540|phone|in|chen|2\n");
	check_part(s, 2, CRM_CARD_CONTACT, 1, "");
}

static void conversations_are_newest_first_by_subject_or_first_line(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	add(s, "log", "customer", "1", "at", "2026-03-08 10:00", "channel", "email", "direction", "out", "content",
		"Dear Li,\nthe parts left");
	add(s, "log", "customer", "1", "at", "2026-03-07 10:00", "channel", "phone", "direction", "in", "subject",
		"price", "content", "x\ny");
	add(s, "log", "customer", "1", "at", "2026-03-09 10:00", "channel", "other", "internal", "yes", "content",
		"careful");
	check_part(s, 1, CRM_CARD_LOGS, 2, "3|1773021600|note|-|chen|careful\n1|1772935200|email|out|chen|Dear Li,\n");
	check_part(s, 1, CRM_CARD_LOGS, -1,
		"3|1773021600|note|-|chen|careful\n1|1772935200|email|out|chen|Dear "
		"Li,\n2|1772848800|phone|in|chen|price\n");
}

static void followups_say_whether_they_are_late(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	add(s, "followup", "customer", "1", "due", "2026-03-10", "action", "call");
	add(s, "followup", "customer", "1", "due", "2026-03-10 11:59", "action", "visit", "purpose", "keys");
	add(s, "followup", "customer", "1", "due", "2026-03-09", "action", "email");
	add(s, "followup", "customer", "1", "due", "2026-03-20 08:00", "action", "call");
	assert_ok(s, crm_followup_skip(NULL, s, 4, "gone"));
	/* one for today as a whole is late tomorrow */
	check_part(s, 1, CRM_CARD_FOLLOWUPS, 5,
		"3|1772985600|2026-03-09|email|-|-|-1|1\n"
		"1|1773072000|2026-03-10|call|-|-|0|0\n"
		"2|1773115140|-|visit|keys|-|0|1\n");
	check_part(s, 1, CRM_CARD_FOLLOWUPS, 1, "3|1772985600|2026-03-09|email|-|-|-1|1\n");
}

/* (5 + 4 + 5 + 4 + 5) / 5 = 4.6 and (3 + 4 + 3 + 4 + 4) / 5 = 3.6, in the mean 4.1. */
static void satisfaction_is_the_mean_over_the_answers(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	check_part(s, 1, CRM_CARD_OPINION, 1, "");
	add(s, "survey", "customer", "1", "answered_at", "2026-02-20 08:00", "service_quality", "5",
		"service_efficiency", "4", "service_speed", "5", "service_professionalism", "4", "service_value", "5",
		"nps", "9");
	add(s, "survey", "customer", "1", "answered_at", "2026-02-27 08:00", "service_quality", "3",
		"service_efficiency", "4", "service_speed", "3", "service_professionalism", "4", "service_value", "4");
	add(s, "survey", "customer", "1", "answered_at", "2026-01-01 08:00", "nps", "2", "score", "4");
	add(s, "survey", "customer", "1", "sent_at", "2026-03-01 08:00"); /* nobody answered */
	check_part(s, 1, CRM_CARD_OPINION, 1, "3|1772150400|4.1|2|4|1|9|-\n");
}

static void tickets_are_the_open_ones(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	add(s, "ticket", "customer", "1", "type", "question", "subject", "copy");
	add(s, "ticket", "customer", "1", "type", "incident", "subject", "dark", "priority", "urgent");
	add(s, "ticket", "customer", "1", "type", "question", "subject", "over", "status", "solved");
	check_part(s, 1, CRM_CARD_TICKETS, 5, "2|new|urgent|-|-|-|dark\n1|new|normal|-|-|-|copy\n");
	check_part(s, 1, CRM_CARD_TICKETS, 1, "2|new|urgent|-|-|-|dark\n");
}

static void there_are_no_other_parts(void **state)
{
	crm_store *s = store_of(state);
	crm_cursor *c = NULL;

	assert_refused(
		s, CRM_INVALID, "a customer's card has no part 9", crm_customer_card(&c, s, 1, (crm_card_part)9, 1));
	assert_null(c);
	check_part(s, 7, CRM_CARD_CUSTOMER, 1, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(the_latest_contact_is_neither_a_note_nor_ahead),
		sandbox_test(conversations_are_newest_first_by_subject_or_first_line),
		sandbox_test(followups_say_whether_they_are_late),
		sandbox_test(satisfaction_is_the_mean_over_the_answers),
		sandbox_test(tickets_are_the_open_ones),
		sandbox_test(there_are_no_other_parts),
	};

	return cmocka_run_group_tests_name("card", tests, NULL, NULL);
}
