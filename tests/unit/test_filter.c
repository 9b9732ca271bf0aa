/* The filter language, row by row of its table, on six customers and six communications that fit a page. */
#include "store_helper.h"

/*
 *	1 Li Ming   北京          lead      chen  vip          1990-05-12  size 9   phone in (退货), e-mail out
 *	2 张三       上海          customer  wang  vip, cold    1990-05              chat in, phone out
 *	3 张伟       北京          customer                     1990        size 10  visit planned, internal note
 *	4 O'Brien   San Jose, CA            wang  old friend   --05-12
 *	5 Ａnna      Beijing, org Acme, title 50*
 *	6 ZOË       title 500
 */
static void add_customers(crm_store *s)
{
	add(s, "agent", "name", "chen");
	add(s, "agent", "name", "wang", "full_name", "Wang Wu");
	add(s, "org", "name", "Acme", "industry", "IT");
	add(s, "org", "name", "Beta");
	add(s, "field", "entity", "customer", "name", "size", "type", "integer");
	add(s, "customer", "name", "Li Ming", "city", "北京", "stage", "lead", "owner", "chen", "tags", "vip",
		"birthday", "1990-05-12", "size", "9", "phone", "138 0013 8000", "email", "li@example.com", "note",
		"wants 退货, soon");
	add(s, "customer", "name", "张三", "city", "上海", "stage", "customer", "owner", "wang", "tags", "vip, cold",
		"birthday", "1990-05", "email", "zs@example.com", "do_not_call", "yes");
	add(s, "customer", "name", "张伟", "city", "北京", "stage", "customer", "birthday", "1990", "size", "10",
		"phones", "home:010-6552 9988");
	add(s, "customer", "name", "O'Brien", "city", "San Jose, CA", "owner", "wang", "tags", "old friend", "birthday",
		"--05-12", "note", "100% \"sure\" _x_ (really)");
	add(s, "customer", "name", "Ａnna", "city", "Beijing", "org", "1", "title", "50*");
	add(s, "customer", "name", "ZOË", "title", "500");
}

static int small_town(void **state)
{
	crm_store *s;

	sandbox_setup(state);
	s = store_of(state);
	add_customers(s);
	add(s, "log", "customer", "1", "channel", "phone", "direction", "in", "at", "2026-03-09 00:00:00", "subject",
		"退货 request", "duration", "5min");
	add(s, "log", "customer", "1", "channel", "email", "direction", "out", "at", "2026-03-09 23:59:59");
	add(s, "log", "customer", "2", "channel", "chat", "direction", "in", "at", "2026-03-10 00:00:00", "agent",
		"wang");
	add(s, "log", "customer", "2", "channel", "phone", "direction", "out", "at", "2026-03-10 11:00");
	add(s, "log", "customer", "3", "channel", "visit", "direction", "out", "at", "2026-03-12 09:00");
	add(s, "log", "customer", "3", "channel", "other", "internal", "yes", "at", "2026-03-01 09:00");
	return 0;
}

#define town_test(name) cmocka_unit_test_setup_teardown(name, small_town, sandbox_teardown)

/* Terms are arguments of a command line, with `;` between them here. */
struct row {
	const char *terms, *expected;
};

enum {
	TERMS_MAX = 16
};

static size_t split_terms(char *text, const char **terms)
{
	size_t n = 0;

	for (char *bar = text; bar; n++) {
		assert_true(n < TERMS_MAX);
		terms[n] = bar;
		bar = strchr(bar, ';');
		if (bar)
			*bar++ = '\0';
	}
	return n;
}

static void check_rows(crm_store *s, const char *type, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cleanup(buf_free) struct buf got = BUF_INIT;
		scoped_text text = strdup(rows[i].terms);
		const char *terms[TERMS_MAX];
		size_t count = split_terms(text, terms);
		int status = query_ids(&got, s, type, count, terms);

		if (status < 0 || strcmp(buf_str(&got), rows[i].expected) != 0)
			fail_msg("%s: status %d '%s', found '%s' instead of '%s'", rows[i].terms, status,
				status < 0 ? crm_errmsg(s) : "", buf_str(&got), rows[i].expected);
	}
}

#define CHECK_ROWS(type, ...)                                                                                          \
	do {                                                                                                           \
		static const struct row rows_[] = { __VA_ARGS__ };                                                     \
		check_rows(store_of(state), type, rows_, ARRAY_SIZE(rows_));                                           \
	} while (0)

static void words_are_looked_for_in_all_text(void **state)
{
	CHECK_ROWS("customer", { "li", "1" }, { "ＬＩ", "1" }, { "退货", "1" }, { "退", "1" }, { "上", "2" },
		{ "\"wants 退货\"", "1" }, { "wants soon", "" }, { "SURE", "4" }, { "\"100% \"", "4" }, { "_x_", "4" },
		{ "example.com", "1 2" }, { "vip", "1 2" }, { "1380", "1" }, { "138 0013", "1" }, { "6552", "3" },
		{ "anna", "5" }, { "zoë", "6" }, { "zoe", "6" }, { "brien", "4" }, { "vip;上海", "2" },
		{ "nothing", "" }, { "15:04", "" }, { "http://x", "" }, { ":x", "4" }, { "a b:c", "" });
	CHECK_ROWS("log", { "退货", "1" }, { "REQUEST", "1" });
}

static void fields_equal_any_of_their_values(void **state)
{
	CHECK_ROWS("customer", { "city:北京", "1 3" }, { "city:beijing", "5" }, { "city:北京,上海", "1 2 3" },
		{ "city:北京, 上海", "1 2 3" }, { "city:San Jose\\, CA", "4" }, { "city:san", "" },
		{ "city:san*", "4" }, { "city:", "6" }, { "city:*", "1 2 3 4 5" }, { "name:张*", "2 3" },
		{ "name:ANNA", "5" }, { "name:zoë", "6" }, { "name:Zoe", "" }, { "name:li  ming", "1" },
		{ "name:o'brien", "4" }, { "name:li", "" }, { "title:50*", "5 6" }, { "title:50\\*", "5" },
		{ "stage:lead", "1" }, { "stage:线索", "1" }, { "stage:Customer,lead", "1 2 3" }, { "stage:", "4 5 6" },
		{ "do_not_call:yes", "2" }, { "do-not-call:是", "2" }, { "do_not_call:no", "1 3 4 5 6" },
		{ "do_not_call:*", "2" }, { "do_not_call:", "1 3 4 5 6" }, { "city：北京", "1 3" },
		{ "not：city：北京", "2 4 5 6" }, { "size:9", "1" }, { "size:*", "1 3" }, { "size:", "2 4 5 6" });
}

static void people_are_named(void **state)
{
	CHECK_ROWS("customer", { "owner:me", "1" }, { "owner:WANG", "2 4" }, { "owner:me,wang", "1 2 4" },
		{ "owner:w*", "2 4" }, { "owner:", "3 5 6" }, { "owner:*", "1 2 4" }, { "owner:nobody", "" },
		{ "org:1", "5" }, { "org:acme", "5" }, { "org:Acm", "5" }, { "org:Beta", "" }, { "org:1,2", "5" },
		{ "org:", "1 2 3 4 6" });
	CHECK_ROWS("log", { "customer:1", "1 2" }, { "customer:Li Ming", "1 2" }, { "customer:zs@example.com", "3 4" },
		{ "customer:1,张三", "1 2 3 4" }, { "agent:me", "1 2 4 5 6" }, { "agent:wang", "3" });
}

static void addresses_are_found_in_any_spelling(void **state)
{
	CHECK_ROWS("customer", { "phone:13800138000", "1" }, { "phone:+86 (138) 0013-8000", "1" },
		{ "phone:01065529988", "3" }, { "phones:010 65529988", "3" }, { "phone:138*", "1" }, { "phone:*", "1" },
		{ "phones:*", "3" }, { "phone:13900139000", "" }, { "email:LI@EXAMPLE.COM", "1" },
		{ "email:li@example.com,zs@example.com", "1 2" }, { "email:", "3 4 5 6" });
}

static void tags_are_words(void **state)
{
	CHECK_ROWS("customer", { "tag:vip", "1 2" }, { "tags:VIP", "1 2" }, { "tag:vip;tag:cold", "2" },
		{ "tag:cold,old friend", "2 4" }, { "tag:old*", "4" }, { "tag:old", "" }, { "tag:", "3 5 6" },
		{ "tag:*", "1 2 4" }, { "not:tag:cold", "1 3 4 5 6" });
}

static void numbers_have_ranges(void **state)
{
	CHECK_ROWS("customer", { "id:2", "2" }, { "id:2,5", "2 5" }, { "id:2..4", "2 3 4" }, { "id:5..", "5 6" },
		{ "id:..2", "1 2" }, { "id:>4", "5 6" }, { "id:>=4", "4 5 6" }, { "id:<2", "1" }, { "id:<=2", "1 2" },
		{ "id:4..2", "" }, { "age:36", "2 3" }, { "age:30..35", "1" }, { "age:>35", "2 3" },
		{ "age:", "4 5 6" }, { "size:>9", "3" }, { "size:9..10", "1 3" },
		{ "size:<10", "1" }, /* as numbers, not as text */
		{ "contacts:2", "1 2" }, { "contacts:0", "3 4 5 6" }, { "contacts:>=1", "1 2" });
	CHECK_ROWS("log", { "duration:5min", "1" }, { "duration:300s", "1" }, { "duration:>4min", "1" },
		{ "duration:..10min", "1" }, { "duration:>1h", "" }, { "duration:", "2 3 4 5 6" });
}

static void a_day_is_meant_as_a_whole(void **state)
{
	CHECK_ROWS("log", { "at:2026-03-09", "1 2" }, { "at:2026-03-09..2026-03-10", "1 2 3 4" },
		{ "at:2026-03-09..", "1 2 3 4 5" }, { "at:..2026-03-09", "1 2 6" }, { "at:>2026-03-09", "3 4 5" },
		{ "at:>=2026-03-09", "1 2 3 4 5" }, { "at:<2026-03-09", "6" }, { "at:<=2026-03-09", "1 2 6" },
		{ "at:2026-03-09T16:00:00Z", "3" }, { "at:2026-03-10 11:00", "4" }, { "at:yesterday", "1 2" },
		{ "at:today", "3 4" }, { "at:-1d..", "2 3 4 5" }, { "at:-1d..now", "2 3 4" },
		{ "at:2026-03-01,2026-03-12", "5 6" }, { "at:>now", "5" }, { "at:", "" }, { "internal:yes", "6" });
	CHECK_ROWS("customer", { "last_contact_at:2026-03-09", "1" }, { "last_contact_at:>2026-03-09", "2" },
		{ "last_contact_at:..2026-03-09", "1" }, { "last_contact_at:today", "2" },
		{ "last_contact_at:", "3 4 5 6" }, /* a planned visit is no contact yet */
		{ "last_contact_channel:phone", "2" }, { "last_contact_channel:visit", "" });
}

static void partial_dates_stand_for_their_days(void **state)
{
	CHECK_ROWS("customer", { "birthday:1990-05-12", "1" }, { "birthday:1990-05", "1 2" },
		{ "birthday:1990", "1 2 3" }, { "birthday:1990/5/12", "1" }, { "birthday:--05-12", "1 4" },
		{ "birthday:1990,--05-12", "1 2 3 4" }, { "birthday:1990..1991", "1 2 3" },
		{ "birthday:--05-01..--05-31", "1 4" }, { "birthday:>--05-12", "" }, { "birthday:1990-05-12..", "1" },
		{ "birthday:>1989", "1 2 3" }, { "birthday:>1990", "" }, { "birthday:>=1990-06", "" },
		{ "birthday:", "5 6" },
		/* A day without year lies before and after nothing. */
		{ "birthday:..1990", "1 2 3" }, { "birthday:<1990", "" }, { "birthday:<=1990-05-12", "1 2 3" });
}

static void regular_expressions_match(void **state)
{
	CHECK_ROWS("customer", { "name:~^张", "2 3" }, { "name:~^(li|zo)", "1 6" }, { "name:~伟$", "3" },
		{ "note:~\\d+%", "4" }, { "tags:~c.ld", "2" }, { "city:~san jose, ca", "4" },
		{ "name:~.", "1 2 3 4 5 6" }, { "city:~.", "1 2 3 4 5" }, { "size:~^1", "3" });
}

static void terms_are_joined_and_negated(void **state)
{
	CHECK_ROWS("customer", { "city:北京;tag:vip", "1" }, { "city:北京;or;tag:cold", "1 2 3" },
		{ "city:北京;tag:vip;or;stage:customer", "1 2 3" }, { "stage:customer;or;city:北京;tag:vip", "1 2 3" },
		{ "(;city:北京;or;city:上海;);tag:vip", "1 2" }, { "tag:vip;(;city:北京;or;city:上海;)", "1 2" },
		{ "(;(;id:1;);or;(;id:2;or;id:3;););stage:customer", "2 3" }, { "id:1;or;id:2;or;id:3", "1 2 3" },
		{ "not:city:北京", "2 4 5 6" }, { "not:not:city:北京", "1 3" }, { "not:city:", "1 2 3 4 5" },
		{ "not:li", "2 3 4 5 6" }, { "not:(city:北京 tag:vip)", "2 3 4 5 6" },
		{ "not:(city:北京 or tag:vip)", "4 5 6" }, { "not:age:>35", "1 4 5 6" },
		{ "not:stage:lead,customer", "4 5 6" });
}

static void related_records_are_reached_by_a_dot(void **state)
{
	CHECK_ROWS("customer", { "org.name:acme", "5" }, { "org.industry:it", "5" }, { "org.name:", "" },
		{ "owner.full_name:~^wang", "2 4" }, { "log.channel:phone", "1 2" }, { "log.channel:visit", "3" },
		{ "log.channel:phone;log.channel:chat", "2" }, { "log.(channel:phone direction:in)", "1" },
		{ "log.(channel:phone direction:out)", "2" }, { "log.(channel:email direction:in)", "" },
		{ "not:log.channel:phone", "3 4 5 6" }, { "not:log.(channel:phone direction:in)", "2 3 4 5 6" },
		{ "log.(channel:visit or channel:chat)", "2 3" }, { "log.not:channel:phone", "1 2 3" },
		{ "log.internal:yes", "3" }, { "log.at:2026-03-10", "2" });
	CHECK_ROWS("log", { "customer.city:北京", "1 2 5 6" }, { "customer.tag:cold", "3 4" },
		{ "customer.owner:me", "1 2" }, { "customer.org.name:acme", "" },
		{ "customer.owner.full_name:wang wu", "3 4" }, { "not:customer.city:北京", "3 4" });
	CHECK_ROWS("org", { "customer.title:50\\*", "1" }, { "not:customer.title:*", "2" },
		{ "customer.log.channel:phone", "" });
}

static void views_stand_for_their_filter(void **state)
{
	crm_store *s = store_of(state);

	add(s, "view", "entity", "customer", "name", "north", "filter", "city:北京 or city:Beijing");
	add(s, "view", "entity", "customer", "name", "all");
	add(s, "view", "entity", "customer", "name", "north_vip", "filter", "@north tag:vip");
	CHECK_ROWS("customer", { "@north", "1 3 5" }, { "@north;tag:vip", "1" }, { "not:@north", "2 4 6" },
		{ "@all", "1 2 3 4 5 6" }, { "@north_vip", "1" }, { "@north;or;id:6", "1 3 5 6" });
}

/* --- the stored form --- */

static void check_stored(crm_store *s, const char *text, const char *expected)
{
	cleanup(freep) int64_t *ids = NULL;
	struct buf got = BUF_INIT;
	size_t n = 0;
	crm_query *q;

	assert_ok(s, crm_query_new(&q, s, entity("customer")));
	assert_ok(s, crm_query_filter_text(q, text));
	assert_ok(s, crm_query_collect(&ids, &n, q));
	crm_query_free(q);
	for (size_t i = 0; i < n; i++)
		buf_printf(&got, "%s%lld", i ? " " : "", (long long)ids[i]);
	if (strcmp(buf_str(&got), expected) != 0)
		fail_msg("%s: found '%s' instead of '%s'", text, buf_str(&got), expected);
	buf_free(&got);
}

static void stored_filters_quote_blanks(void **state)
{
	static const struct row rows[] = { { "city:北京 tag:vip", "1" }, { "  city:北京   tag:vip ", "1" },
		{ "", "1 2 3 4 5 6" }, { "name:\"Li Ming\"", "1" }, { "\"old friend\"", "4" },
		{ "\"old friend\" name:x", "" }, { "city:\"San Jose\\, CA\"", "4" },
		{ "( city:北京 or city:上海 ) tag:vip", "1 2" }, { "(city:北京 or city:上海) tag:vip", "1 2" },
		{ "tag:vip (city:北京 or city:上海)", "1 2" }, { "((id:1) or (id:2 or id:3)) stage:customer", "2 3" },
		{ "not:(city:北京 or tag:cold)", "4 5 6" }, { "log.(channel:phone direction:in) or id:6", "1 6" },
		{ "not:(name:\"Li Ming\" or name:\"张三\")", "3 4 5 6" },
		{ "log.(subject:\"退货 request\" channel:phone)", "1" },
		{ "note:\"100% \\\"sure\\\" _x_ (really)\"", "4" }, { "note:~\"_x_ \\(really\\)\"", "4" },
		{ "name:~^(li|zo)", "1 6" }, { "name：\"Li Ming\"", "1" } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_stored(store_of(state), rows[i].terms, rows[i].expected);
}

/* --- refusals --- */

static void bad_filters_point_at_the_term(void **state)
{
	static const struct {
		const char *terms;
		int status;
		const char *message;
	} cases[] = {
		{ "ctiy:北京", CRM_INVALID, "customer has no field 'ctiy', did you mean 'city'?" },
		{ "xyzzy:1", CRM_INVALID, "customer has no field 'xyzzy' (--fields help lists them)" },
		{ "stage:leed", CRM_INVALID, NULL },
		{ "id:x", CRM_INVALID, "id: 'x' is not a whole number" },
		{ "id:1..x", CRM_INVALID, "id: 'x' is not a whole number" },
		{ "id:..", CRM_INVALID, "id:..: a range needs a beginning or an end" },
		{ "id:>", CRM_INVALID, "id:>: a value is missing" },
		{ "birthday:1990-13", CRM_INVALID, NULL },
		{ "last_contact_at:2026-02-30", CRM_INVALID, NULL },
		{ "phone:x", CRM_INVALID, NULL },
		{ "name:~", CRM_INVALID, "name:~: a regular expression is missing" },
		{ "name:~(", CRM_INVALID,
			"name:~(: bad regular expression at character 2: missing closing parenthesis" },
		{ "org:nobody", CRM_NOTFOUND, "there is no org 'nobody'" },
		{ "not:", CRM_INVALID, "filter 'not:': not: needs a term" },
		{ "", CRM_INVALID, "filter '': an empty term" },
		{ "or", CRM_INVALID, NULL },
		{ "id:1;or", CRM_INVALID, NULL },
		{ "or;id:1", CRM_INVALID, NULL },
		{ "id:1;or;or;id:2", CRM_INVALID, NULL },
		{ "(", CRM_INVALID, NULL },
		{ "(;)", CRM_INVALID, NULL },
		{ "(;id:1", CRM_INVALID, "filter '(': the closing bracket is missing" },
		{ "id:1;)", CRM_INVALID, "filter ')': there is no opening bracket for it" },
		{ "\"\"", CRM_INVALID, "filter '\"\"': there is no letter or digit in it to look for" },
		{ "%", CRM_INVALID, "filter '%': there is no letter or digit in it to look for" },
		{ "——", CRM_INVALID, "filter '——': there is no letter or digit in it to look for" },
		{ "@none", CRM_INVALID, "there is no view '@none' of customer (crm view list)" },
		{ "name.x:1", CRM_INVALID, "filter 'name.x:1': that field refers to no other record" },
		{ "agent.name:x", CRM_INVALID, NULL },
		{ "log.chanel:phone", CRM_INVALID, "log has no field 'chanel', did you mean 'channel'?" },
		{ "not:log.(chanel:x)", CRM_INVALID, "log has no field 'chanel', did you mean 'channel'?" },
		{ "name:a\xff", CRM_INVALID, "filter '': it is not UTF-8 text" },
	};
	crm_store *s = store_of(state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		cleanup(buf_free) struct buf got = BUF_INIT;
		scoped_text text = strdup(cases[i].terms);
		const char *terms[TERMS_MAX];
		size_t n = split_terms(text, terms);
		int status = query_ids(&got, s, "customer", n, terms);

		if (status != cases[i].status || (cases[i].message && strcmp(crm_errmsg(s), cases[i].message) != 0))
			fail_msg("%s: status %d, '%s'", cases[i].terms, status, crm_errmsg(s));
	}
}

static void a_view_that_uses_itself_is_refused(void **state)
{
	crm_store *s = store_of(state);

	add(s, "view", "entity", "customer", "name", "a", "filter", "tag:vip");
	add(s, "view", "entity", "customer", "name", "b", "filter", "@a city:北京");
	if (try_edit(s, "view", 1, "filter", "@b", NULL) == CRM_OK) {
		struct buf got = BUF_INIT;

		assert_status(s, CRM_INVALID, query_ids(&got, s, "customer", 1, (const char *[]){ "@a" }));
		buf_free(&got);
	}
}

/* --- text that means harm --- */

static char *repeated(const char *part, size_t n, const char *end)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		buf_puts(&b, part);
	buf_puts(&b, end);
	return buf_take(&b);
}

/* Either form of the filter: an answer within the table, or a usage error; never an SQL error. */
static void try_hostile(crm_store *s, const char *text)
{
	for (int stored = 0; stored < 2; stored++) {
		int64_t count = -1;
		crm_query *q;
		int status;

		assert_ok(s, crm_query_new(&q, s, entity("customer")));
		status = stored ? crm_query_filter_text(q, text) : crm_query_filter(q, 1, &text);
		if (status == CRM_OK)
			status = crm_query_count(&count, q);
		crm_query_free(q);
		if (status == CRM_OK ? count < 0 || count > 6
				     : status != CRM_INVALID && status != CRM_NOTFOUND && status != CRM_AMBIGUOUS)
			fail_msg("'%.60s': status %d, count %lld, '%s'", text, status, (long long)count, crm_errmsg(s));
	}
}

static void hostile_text_is_only_text(void **state)
{
	static const char *const texts[] = { "name:' OR 1=1 --", "name:x\" OR \"\"=\"", "'; DROP TABLE customer; --",
		"city:$1", "city:?1", "$1", "?", "id:1;2", "id:9223372036854775808", "id:-9223372036854775808..",
		"name:%", "name:_", "name:\\", "name:\\*", "name:**", "name:,", "name:,,", "city:a,,b", "tag:,", "@",
		"@'", "@\"x", ".", "..", ".:", "a.b.c.d:e", "org.", "org.:", "org.(", "org.()", "log.(", "log.()",
		"log.(()", "not:not:", "not:(", "not:()", "not:(()", "\"", "\"a", "a\"b", "\\\"", "name:\"",
		"last_contact_at:..", "birthday:--", "birthday:..--05", "name:~(a+)+$", "name:~(?{1})", "name:~\\C",
		"owner:*", "owner:me*", "id:*..*", "customer.customer.id:1", "log.customer.log.customer.id:1",
		"\xEF\xBC\x9A", "x\xEF\xBC\x9A" };
	static const char *const parts[] = { "not:", "not:(", "(", "log.(customer.(", "log.customer.", "\"", "or ",
		"id:1 " };
	struct sandbox *sb = *state;
	scoped_text before = dump(sb->path, true), after = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		try_hostile(sb->s, texts[i]);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		for (size_t n = 10; n <= 10000; n *= 10) {
			scoped_text open = repeated(parts[i], n, "id:1"), flat = repeated(parts[i], n, "");

			try_hostile(sb->s, open);
			try_hostile(sb->s, flat);
		}
	after = dump(sb->path, true);
	assert_string_equal(after, before);
}

/* A long list of numbers is nothing unusual: ids from another program. */
static void long_lists_of_values(void **state)
{
	crm_store *s = store_of(state);
	struct buf ids = BUF_INIT, got = BUF_INIT;

	buf_puts(&ids, "id:");
	for (int i = 1; i <= 500; i++)
		buf_printf(&ids, "%s%d", i > 1 ? "," : "", i);
	assert_ok(s, query_ids(&got, s, "customer", 1, (const char *[]){ buf_str(&ids) }));
	assert_string_equal(buf_str(&got), "1 2 3 4 5 6");
	for (int i = 501; i <= 5000; i++)
		buf_printf(&ids, ",%d", i);
	buf_clear(&got);
	assert_status(s, CRM_INVALID, query_ids(&got, s, "customer", 1, (const char *[]){ buf_str(&ids) }));
	buf_free(&ids);
	buf_free(&got);
}

/* What a term finds and what its negation finds are everybody, once. */
static void negation_is_the_complement(void **state)
{
	static const char *const terms[] = { "li", "city:北京", "city:", "city:~o", "age:>35", "birthday:1990..",
		"do_not_call:yes", "tag:vip", "phone:*", "owner:me", "org:1", "log.channel:phone", "log.(id:1 id:2)",
		"last_contact_at:2026-03-09", "contacts:0", "size:>9", "org.name:acme", "owner.active:yes" };
	crm_store *s = store_of(state);

	for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
		cleanup(buf_free) struct buf got = BUF_INIT, without = BUF_INIT;
		scoped_text negated = NULL;
		unsigned met = 0;

		assert_true(asprintf(&negated, "not:%s", terms[i]) > 0);
		assert_ok(s, query_ids(&got, s, "customer", 1, &terms[i]));
		assert_ok(s, query_ids(&without, s, "customer", 1, (const char *[]){ negated }));
		buf_printf(&got, " %s", buf_str(&without));
		for (const char *c = got.s; *c; c++)
			if (*c != ' ') {
				assert_false(met & 1U << (*c - '0'));
				met |= 1U << (*c - '0');
			}
		assert_int_equal(met, 0x7e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		town_test(words_are_looked_for_in_all_text),
		town_test(fields_equal_any_of_their_values),
		town_test(people_are_named),
		town_test(addresses_are_found_in_any_spelling),
		town_test(tags_are_words),
		town_test(numbers_have_ranges),
		town_test(a_day_is_meant_as_a_whole),
		town_test(partial_dates_stand_for_their_days),
		town_test(regular_expressions_match),
		town_test(terms_are_joined_and_negated),
		town_test(related_records_are_reached_by_a_dot),
		town_test(views_stand_for_their_filter),
		town_test(stored_filters_quote_blanks),
		town_test(bad_filters_point_at_the_term),
		town_test(a_view_that_uses_itself_is_refused),
		town_test(hostile_text_is_only_text),
		town_test(long_lists_of_values),
		town_test(negation_is_the_complement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
