/*
 * What a program of somebody else does with the installed library: adds a customer, logs a call, and asks who is owed
 * a contact before the call, right after it and five days later.
 *
 *   due FILE        prints one line for each customer due: ACTION NAME DAYS
 */
#include <crm/crm.h>

#include <inttypes.h>
#include <stdio.h>

#define MONDAY INT64_C(1772409600) /* 2026-03-02T00:00:00Z */

static int fail(const crm_store *s, const char *what)
{
	fprintf(stderr, "%s: %s\n", what, crm_errmsg(s));
	return 1;
}

static int add_customer(crm_store *s, int64_t *id)
{
	crm_record *r = NULL;
	int failed = crm_record_new(&r, s, crm_entity_find("customer")) < 0 || crm_record_set(r, "name", "张三") < 0 ||
		     crm_record_set(r, "email", "zhangsan@example.com") < 0 || crm_record_save(r) < 0;

	*id = failed ? 0 : crm_record_id(r);
	crm_record_free(r);
	return failed;
}

static int log_call(crm_store *s)
{
	crm_record *r = NULL;
	int failed = crm_record_new(&r, s, crm_entity_find("log")) < 0 ||
		     crm_record_set(r, "customer", "zhangsan@example.com") < 0 ||
		     crm_record_set(r, "channel", "phone") < 0 || crm_record_save(r) < 0;

	crm_record_free(r);
	return failed;
}

static int list_due(crm_store *s, const char *when)
{
	const crm_due_options opt = { .fields = "action,name,days", .limit = -1 };
	crm_cursor *c = NULL;
	int result;

	printf("%s:\n", when);
	if (crm_followup_due(&c, s, &opt) < 0)
		return 1;
	while ((result = crm_cursor_next(c)) == CRM_OK) {
		const crm_value *days = crm_cursor_value(c, 2);

		printf("%s %s ", crm_cursor_value(c, 0)->s, crm_cursor_value(c, 1)->s);
		if (days->kind == CRM_INT)
			printf("%" PRId64 "\n", days->i);
		else
			printf("never\n");
	}
	crm_cursor_close(c);
	return result != CRM_END;
}

static int run(crm_store *s, const char *path)
{
	int64_t id;

	if (crm_store_set_zone(s, "Asia/Shanghai") < 0 || crm_store_set_agent(s, "mei", "mei") < 0)
		return fail(s, "surroundings");
	crm_store_set_clock(s, MONDAY, true);
	if (crm_store_init(s, path, NULL) < 0)
		return fail(s, path);
	if (add_customer(s, &id))
		return fail(s, "customer");
	if (list_due(s, "before"))
		return fail(s, "due");
	if (log_call(s))
		return fail(s, "log");
	if (list_due(s, "after"))
		return fail(s, "due");
	crm_store_set_clock(s, MONDAY + 5 * 86400, true);
	if (list_due(s, "five days later"))
		return fail(s, "due");
	return id != 1;
}

int main(int argc, char **argv)
{
	crm_store *s = NULL;
	int status;

	if (argc != 2 || crm_store_new(&s) < 0)
		return 2;
	status = run(s, argv[1]);
	crm_store_close(s);
	return status;
}
