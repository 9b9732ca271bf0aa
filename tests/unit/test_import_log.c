/* Imports of communications: whom they were with, the same one twice, and what they make of the customers' facts. */
#include "import_helper.h"

static int some_customers(void **state)
{
	crm_store *s;

	sandbox_setup(state);
	s = store_of(state);
	add(s, "customer", "name", "Li", "key", "17", "email", "li@b.cn", "phone", "13800138000");
	add(s, "customer", "name", "张三", "key", "ERP-2", "phones", "home:010-65529988");
	add(s, "customer", "name", "张三", "emails", "work:zs@b.cn");
	return 0;
}

#define town_test(name) cmocka_unit_test_setup_teardown(name, some_customers, sandbox_teardown)

static void customers_are_named_in_any_way(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	/* A number in a foreign column is the other system's key, in our own it is our id. */
	IMPORTS(s, "4 4 0 0 0 0", "log",
		"customer_id,communication_time,communication_channel,communication_content\n"
		"17,2026-03-01 10:00,电话,a\nERP-2,2026-03-01 11:00,chat,b\nzs@b.cn,2026-03-01 12:00,邮件,c\n"
		"13800138000,2026-03-01 13:00,拜访,d\n",
		0);
	IMPORTS(s, "3 3 0 0 0 0", "log",
		"customer,at,channel\n2,2026-03-02 10:00,chat\nLi,2026-03-02 11:00,chat\nkey:17,2026-03-02 "
		"12:00,chat\n",
		0);
	check_raw(sb->path, "SELECT id, customer, at, channel, content FROM log ORDER BY id",
		"1|1|1772330400|phone|a\n2|2|1772334000|chat|b\n3|3|1772337600|email|c\n4|1|1772341200|visit|d\n"
		"5|2|1772416800|chat|-\n6|1|1772420400|chat|-\n7|1|1772424000|chat|-\n");
	check_raw(sb->path, "SELECT id, last_contact_at, last_contact_channel, contacts FROM customer",
		"1|1772424000|chat|4\n2|1772416800|chat|2\n3|1772337600|email|1\n");
	check_sound(s);
}

static void unknown_and_ambiguous_customers_are_rejected(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_outcome o = IMPORT(s, "log",
		"customer_id,time,channel\n99,2026-03-01,chat\n1,2026-03-01,chat\n张三,2026-03-01,chat\n,2026-03-01,"
		"chat\n"
		"Nobody,2026-03-01,chat\n17,,chat\n17,2026-03-01,dove\n17,2026-03-01,\n",
		.partial = true);

	check_outcome(s, &o, CRM_REJECTED, "8 0 0 0 1 8", NULL);
	assert_non_null(strstr(o.notes.s, "2 customer: there is no such customer\n"));
	assert_non_null(strstr(o.notes.s, "3 customer: there is no such customer\n")); /* 1 is no key */
	assert_non_null(strstr(o.notes.s, "4 customer: customer '张三' is ambiguous: 2 张三, 3 张三\n"));
	assert_non_null(strstr(o.notes.s, "6 customer: there is no such customer\n"));
	assert_non_null(strstr(o.notes.s, "7 -: at is missing\n")); /* never guessed to be now */
	assert_non_null(strstr(o.notes.s, "8 channel: 'dove' is not known"));
	check_raw(sb->path, "SELECT count(*) FROM log", "0\n");
}

/* Several columns may say whom it was with; they must mean the same. */
static void columns_that_disagree_are_a_conflict(void **state)
{
	crm_store *s = store_of(state);
	scoped_outcome o = IMPORT(s, "log",
		"customer_id,customer email,time,channel\n17,li@b.cn,2026-03-01,chat\n17,zs@b.cn,2026-03-01,chat\n"
		"17,,2026-03-02,chat\n,zs@b.cn,2026-03-01,chat\n",
		.partial = true);

	check_outcome(s, &o, CRM_REJECTED, "4 3 0 0 1 1", NULL);
	assert_non_null(strstr(o.notes.s,
		"3 customer: the columns 'customer_id' and 'customer email' name different records of customer\n"));
}

/* A name that two have is decided by the number beside it. */
static void another_column_decides(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	IMPORTS(s, "1 1 0 0 0 0", "log", "姓名,电话号码,时间,内容\n张三,010-65529988,2026-03-01 10:00,退货\n",
		.country = "CN", .defaults = (const char *const[]){ "channel=chat" }, .ndefaults = 1);
	check_raw(sb->path, "SELECT customer, channel, content FROM log", "2|chat|退货\n");
}

/* Somebody who is not there is made, once, with all that the row says of him. */
static void unknown_customers_are_made_when_asked(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	static const char file[] = "customer_id,customer,time,channel\n"
				   ",王五,2026-03-01,chat\n,w5@b.cn,2026-03-02,email\n88,,2026-03-03,chat\n"
				   "88,,2026-03-04,chat\n,王五,2026-03-05,chat\n,+8613900139001,2026-03-06,phone\n"
				   "99,赵六,2026-03-07,chat\n,77,2026-03-08,chat\n,钱七,,chat\n,孙八,2026-03-08,dove\n";
	scoped_outcome o = IMPORT(s, "log", file, .create = true, .partial = true, .source = "old");

	check_outcome(s, &o, CRM_REJECTED, "10 7 0 0 0 3", NULL);
	assert_non_null(strstr(o.notes.s, "9 customer: there is no such customer\n")); /* 77 would be our number */
	assert_non_null(strstr(o.notes.s, "10 -: at is missing\n")); /* nobody is made for a row that is rejected */
	assert_non_null(strstr(o.notes.s, "0 --create: 5 records made"));
	check_raw(sb->path,
		"SELECT name, external_key, source, email, phone, contacts FROM customer WHERE id > 3 ORDER BY id",
		"王五|-|-|-|-|2\nw5@b.cn|-|-|w5@b.cn|-|1\n88|88|old|-|-|2\n+8613900139001|-|-|-|+8613900139001|1\n"
		"赵六|99|old|-|-|1\n");
	check_sound(s);
	assert_ok(s, crm_undo(&(int64_t){ 0 }, s, 0));
	check_raw(sb->path, "SELECT count(*) FROM customer", "3\n");
}

static const char without_keys[] = "customer,at,channel,direction,subject,content\n"
				   "1,2026-03-01 10:00,chat,in,Hello,a\n"
				   "1,2026-03-01 10:00,chat,in,Hello,b\n"
				   "1,2026-03-01 10:00,chat,in,Hello,a\n" /* again in the file */
				   "1,2026-03-01 10:00,chat,out,Hello,a\n"
				   "1,2026-03-01 10:00,phone,in,Hello,a\n"
				   "1,2026-03-01 10:00,chat,in,,a\n"
				   "2,2026-03-01 10:00,chat,in,Hello,a\n"
				   "1,2026-03-01 10:00:01,chat,in,Hello,a\n";

/* Without a key, equal in customer, time, channel, direction, subject and content is the same. */
static void the_same_communication_twice(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = NULL, after = NULL;

	IMPORTS(s, "8 7 0 1 0 0", "log", without_keys, 0);
	before = dump(sb->path, true);
	IMPORTS(s, "8 0 0 8 0 0", "log", without_keys, 0);
	after = dump(sb->path, true);
	assert_string_equal(after, before);
	REJECTS(s, "1 0 0 0 1 1", NULL, "log",
		"customer,at,channel,direction,subject,content\n1,2026-03-01 10:00,chat,in,Hello,a\n",
		.mode = "insert");
	check_raw(sb->path, "SELECT contacts FROM customer", "6\n1\n0\n");
}

/* What the other columns say fills in what was not known; what contradicts is a communication of its own. */
static void the_same_communication_with_news(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	IMPORTS(s, "1 1 0 0 0 0", "log", "customer,at,channel,duration\n1,2026-03-01 10:00,chat,\n", 0);
	IMPORTS(s, "1 0 1 0 0 0", "log", "customer,at,channel,duration\n1,2026-03-01 10:00,chat,5min\n", 0);
	IMPORTS(s, "1 0 0 1 0 0", "log", "customer,at,channel,duration\n1,2026-03-01 10:00,chat,\n", 0);
	IMPORTS(s, "1 1 0 0 0 0", "log", "customer,at,channel,duration\n1,2026-03-01 10:00,chat,6min\n", 0);
	IMPORTS(s, "1 0 1 0 0 0", "log", "customer,at,channel,contact_point\n1,2026-03-01 10:00,chat,desk\n", 0);
	check_raw(sb->path, "SELECT duration, contact_point FROM log ORDER BY id", "300|desk\n360|-\n");
}

/* Within one file, and beside each other: two agents' calls of one second, a note among ourselves. */
static void alike_but_not_the_same(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	static const char file[] = "customer,at,channel,agent,duration,contact_point,internal\n"
				   "1,2026-03-01 10:00,phone,wang,60,,\n1,2026-03-01 10:00,phone,zhao,60,,\n"
				   "1,2026-03-01 10:00,phone,wang,90,,\n1,2026-03-01 10:00,phone,wang,60,8001,\n"
				   "1,2026-03-01 10:00,phone,wang,60,,yes\n1,2026-03-01 10:00,phone,wang,60,,\n";

	add(s, "agent", "name", "wang");
	add(s, "agent", "name", "zhao");
	IMPORTS(s, "6 5 0 1 0 0", "log", file, 0);
	IMPORTS(s, "6 0 0 6 0 0", "log", file, 0);
	check_raw(sb->path, "SELECT agent, duration, contact_point, internal FROM log ORDER BY id",
		"wang|60|-|0\nzhao|60|-|0\nwang|90|-|0\nwang|60|8001|0\nwang|60|-|1\n");
	check_sound(s);
}

static void keys_and_message_ids_say_which(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	static const char keys[] =
		"id,customer,at,channel,content\nL1,1,2026-03-01 10:00,chat,a\nL2,1,2026-03-01 10:00,chat,a\n";
	static const char mails[] = "customer,at,channel,message_id,subject\n1,2026-03-02 "
				    "10:00,email,<1@b>,x\n1,2026-03-02 10:00,email,<2@b>,x\n";

	IMPORTS(s, "2 2 0 0 0 0", "log", keys, 0);
	IMPORTS(s, "2 0 0 2 0 0", "log", keys, 0);
	IMPORTS(s, "1 0 1 0 0 0", "log", "id,customer,at,channel,content\nL1,2,2026-03-01 11:00,phone,b\n", 0);
	check_raw(sb->path, "SELECT last_contact_at, last_contact_channel, contacts FROM customer WHERE id < 3",
		"1772330400|chat|1\n1772334000|phone|1\n"); /* moved from one customer to the other */
	IMPORTS(s, "2 2 0 0 0 0", "log", mails, 0);
	IMPORTS(s, "2 0 0 2 0 0", "log", mails, 0);
	check_raw(sb->path, "SELECT external_key, message_id, customer FROM log ORDER BY id",
		"L1|-|2\nL2|-|1\n-|<1@b>|1\n-|<2@b>|1\n");
	check_sound(s);
}

static void agents_and_other_columns(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_outcome o = { 0 };

	add(s, "agent", "name", "Wang");
	o = IMPORT(s, "log",
		"客户,时间,渠道,方向,坐席,主题,内容,时长,内部\n"
		"Li,2026-03-01 10:00,微信,呼入,wang,问题,退货,5min,否\nLi,2026-03-05 10:00,其他,,zhao,,,,是\n"
		"Li,2026-03-02 10:00,短信,发出,,,,90s,\n",
		0);
	check_outcome(s, &o, CRM_OK, "3 3 0 0 0 0", "0 agent: 'zhao' is not an agent of this store: made inactive\n");
	check_raw(sb->path,
		"SELECT channel, direction, agent, subject, content, duration, internal FROM log ORDER BY id",
		"wechat|in|Wang|问题|退货|300|0\nother|-|zhao|-|-|-|1\nsms|out|-|-|-|90|0\n");
	check_raw(sb->path, "SELECT last_contact_at, contacts FROM customer WHERE id = 1", "1772416800|2\n");
}

static void facts_go_back_with_the_import(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = NULL, after = NULL;

	add_log(s, 1, utc(2026, 2, 1, 4, 0), "visit");
	before = dump(sb->path, false);
	IMPORTS(s, "8 7 0 1 0 0", "log", without_keys, 0);
	check_raw(sb->path, "SELECT contacts, last_contact_channel FROM customer WHERE id = 1", "7|chat\n");
	assert_ok(s, crm_undo(&(int64_t){ 0 }, s, 0));
	after = dump(sb->path, false);
	assert_string_equal(after, before);
	check_sound(s);
}

static void organisations_and_agents(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	IMPORTS(s, "2 2 0 0 0 0", "org", "id,company name,website,industry,tags\nO1,Acme,acme.com,IT,big\nO2,Beta,,,\n",
		0);
	IMPORTS(s, "2 0 1 1 0 0", "org", "id,company name,industry\nO1,Acme,IT\nO2,Beta,Food\n", 0);
	IMPORTS(s, "2 2 0 0 0 0", "agent", "login,full name,email\nwang,Wang Wu,w@b.cn\nzhao,,\n", 0);
	IMPORTS(s, "2 0 1 1 0 0", "agent", "login,full name,email\nwang,Wang Wu,w@b.cn\nzhao,Zhao Liu,\n", 0);
	IMPORTS(s, "2 2 0 0 0 0", "customer", "key,name,org,owner\nC1,A,Acme,wang\nC2,B,key:O2,zhao\n", 0);
	check_raw(sb->path, "SELECT name, domain, industry FROM org ORDER BY id", "Acme|acme.com|IT\nBeta|-|Food\n");
	check_raw(
		sb->path, "SELECT name, full_name, active FROM agent ORDER BY id", "wang|Wang Wu|1\nzhao|Zhao Liu|1\n");
	check_raw(sb->path, "SELECT external_key, org, owner FROM customer WHERE id > 3 ORDER BY id",
		"C1|1|wang\nC2|2|zhao\n");
	check_sound(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		town_test(customers_are_named_in_any_way),
		town_test(unknown_and_ambiguous_customers_are_rejected),
		town_test(columns_that_disagree_are_a_conflict),
		town_test(another_column_decides),
		town_test(unknown_customers_are_made_when_asked),
		town_test(the_same_communication_twice),
		town_test(the_same_communication_with_news),
		town_test(alike_but_not_the_same),
		town_test(keys_and_message_ids_say_which),
		town_test(agents_and_other_columns),
		town_test(facts_go_back_with_the_import),
		town_test(organisations_and_agents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
