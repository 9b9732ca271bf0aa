/*
 * Two customers and a message; who is owed a contact then, and who is
 * five days later; what was written, taken back.
 *
 *     due FILE        makes the store FILE
 */
#include <crm/crm.h>

#include <inttypes.h>
#include <stdio.h>

/* 2026-03-02T00:00:00Z, a Monday: 8:00 in Shanghai. */
#define MONDAY INT64_C(1772409600)

typedef const char *const text;

/* `set` is fields and their values in turn, and NULL at its end. */
static int add(crm_store *s, const char *type, text *set)
{
	const crm_entity *entity = crm_entity_find(type);
	crm_record *r = NULL;
	int result = crm_record_new(&r, s, entity);

	for (; result == CRM_OK && *set; set += 2)
		result = crm_record_set(r, set[0], set[1]);
	if (result == CRM_OK)
		result = crm_record_save(r);
	crm_record_free(r);
	return result;
}

/* One operation: all of it is kept, or nothing. */
static int write_down(crm_store *s)
{
	text zhang[] = { "name", "张三", "tags", "vip", NULL };
	text ada[] = { "name", "Ada Winter", "city", "York", NULL };
	text sms[] = { "customer", "张三", "channel", "sms", NULL };
	int result = crm_begin(s, "due");

	if (result == CRM_OK)
		result = add(s, "customer", zhang);
	if (result == CRM_OK)
		result = add(s, "customer", ada);
	if (result == CRM_OK)
		result = add(s, "log", sms);
	if (result == CRM_OK)
		return crm_commit(s);
	crm_rollback(s);
	return result;
}

static void print_value(const crm_value *v)
{
	switch (v->kind) {
	case CRM_INT:
		printf("%" PRId64, v->i);
		break;
	case CRM_DOUBLE:
		printf("%g", v->d);
		break;
	case CRM_STRING:
		fwrite(v->s, 1, v->len, stdout);
		break;
	case CRM_NULL:
		printf("-");
		break;
	}
}

/* Takes the cursor: it is closed in any case. */
static int print_rows(const char *title, crm_cursor *c)
{
	int result;

	puts(title);
	while ((result = crm_cursor_next(c)) == CRM_OK) {
		for (size_t i = 0; i < crm_cursor_columns(c); i++) {
			printf(i > 0 ? "\t" : "  ");
			print_value(crm_cursor_value(c, i));
		}
		printf("\n");
	}
	crm_cursor_close(c);
	return result == CRM_END ? CRM_OK : result;
}

static int print_due(crm_store *s, const char *title)
{
	crm_due_options opt = { .limit = -1 };
	crm_cursor *c = NULL;
	int result;

	opt.fields = "action,name,days";
	result = crm_followup_due(&c, s, &opt);
	return result == CRM_OK ? print_rows(title, c) : result;
}

static int print_city(crm_store *s)
{
	const crm_entity *customer = crm_entity_find("customer");
	text terms[] = { "city:York" };
	crm_query *q = NULL;
	crm_cursor *c = NULL;
	int result = crm_query_new(&q, s, customer);

	if (result == CRM_OK)
		result = crm_query_filter(q, 1, terms);
	if (result == CRM_OK)
		result = crm_query_fields(q, "id,name");
	if (result == CRM_OK)
		result = crm_query_open(&c, q);
	if (result == CRM_OK)
		result = print_rows("in York", c);
	crm_query_free(q);
	return result;
}

static int print_report(crm_store *s)
{
	const crm_report *frequency = crm_report_find("frequency");
	crm_report_options opt = { .fields = "name,contacts" };
	crm_cursor *c = NULL;
	int result = crm_report_run(&c, s, frequency, &opt);

	return result == CRM_OK ? print_rows("contacts", c) : result;
}

static int take_back(crm_store *s)
{
	int64_t undone = 0;
	int result = crm_undo(&undone, s, 0);

	if (result == CRM_OK)
		printf("operation %" PRId64 " undone\n", undone);
	return result;
}

/* The library knows no clock, zone or user of its own. */
static int run(crm_store *s, const char *path)
{
	int result = crm_store_set_zone(s, "Asia/Shanghai");

	crm_store_set_clock(s, MONDAY, true);
	if (result == CRM_OK)
		result = crm_store_set_agent(s, "mei", "mei");
	if (result == CRM_OK)
		result = crm_store_init(s, path, NULL);
	if (result == CRM_OK)
		result = write_down(s);
	if (result == CRM_OK)
		result = print_due(s, "due on Monday");
	crm_store_set_clock(s, MONDAY + 5 * 86400, true);
	if (result == CRM_OK)
		result = print_due(s, "due on Saturday");
	if (result == CRM_OK)
		result = print_city(s);
	if (result == CRM_OK)
		result = print_report(s);
	if (result == CRM_OK)
		result = take_back(s);
	return result == CRM_OK ? print_due(s, "due now") : result;
}

int main(int argc, char **argv)
{
	crm_store *s = NULL;
	int result;

	if (argc != 2 || crm_store_new(&s) != CRM_OK)
		return 2;
	result = run(s, argv[1]);
	if (result != CRM_OK)
		fprintf(stderr, "due: %s\n", crm_errmsg(s));
	crm_store_close(s);
	return result != CRM_OK;
}
