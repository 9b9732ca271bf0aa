/* Records: every type set, read, saved and loaded; what is refused, and in which words; conflicts. */
#include "store_helper.h"

#include "model/entity.h"

/* --- the descriptions --- */

static const char *column_type(crm_type type)
{
	return type == CRM_INTEGER || type == CRM_BOOL || type == CRM_TIME || type == CRM_DURATION || type == CRM_MONEY
		       ? "INTEGER"
	       : type == CRM_REAL ? "REAL"
				  : "TEXT";
}

static void check_column(const char *path, const struct crm_entity *e, const struct crm_field *f)
{
	bool number = f->type == CRM_REF && !(f->flags & FIELD_HANDLE);
	scoped_text sql = NULL, got = NULL, expected = NULL;

	assert_true(asprintf(&sql, "SELECT type FROM pragma_table_info('%s') WHERE name = '%s'", e->table,
			    field_column(f)) > 0);
	assert_true(asprintf(&expected, "%s\n", number ? "INTEGER" : column_type(f->type)) > 0);
	got = raw_text(path, sql);
	if (strcmp(got, expected) != 0)
		fail_msg("%s.%s: %s in the schema, %s by its type", e->name, f->name, *got ? got : "missing", expected);
}

static void descriptions_and_schema_agree(void **state)
{
	struct sandbox *sb = *state;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);

		for (size_t k = 0; k < e->nfields; k++) {
			const struct crm_field *f = &e->fields[k];

			if (field_is_stored(f))
				check_column(sb->path, e, f);
			assert_ptr_equal(crm_field_find(NULL, e, f->name), f);
			assert_true(f->label && *f->label && f->help && *f->help);
			assert_false(f->type == CRM_REF && !crm_entity_find(f->target));
		}
	}
}

/* Every column is somebody's: a field's, a normal form's, or the version. */
static void no_column_is_without_a_field(void **state)
{
	struct sandbox *sb = *state;

	for (size_t i = 0; i < crm_entity_count(); i++) {
		const struct crm_entity *e = crm_entity_at(i);
		scoped_text sql = NULL, columns = NULL;
		char *save = NULL;

		assert_true(asprintf(&sql, "SELECT name FROM pragma_table_info('%s')", e->table) > 0);
		columns = raw_text(sb->path, sql);
		for (char *c = columns; *c; c = save) {
			bool known = false;

			save = strchr(c, '\n') + 1;
			save[-1] = '\0';
			for (size_t k = 0; k < e->nfields; k++) {
				const struct crm_field *f = &e->fields[k];

				known = known || (field_column(f) && strcmp(field_column(f), c) == 0) ||
					(f->norm && strcmp(f->norm, c) == 0);
			}
			if (!known && strcmp(c, "op") != 0 && strcmp(c, "row_sum") != 0)
				fail_msg("%s.%s belongs to no field", e->table, c);
		}
	}
}

/* --- types --- */

struct conversion {
	const char *type, *field, *text, *expected;
};

/* Sets, saves, loads in turn; the record gets what it needs beside. */
static void every_type_comes_back(void **state)
{
	static const struct conversion cases[] = {
		{ "customer", "name", "  李 明\t", "  李 明\t" }, /* text is exact */
		{ "customer", "note", "a\nb\r\n\xF0\x9F\x98\x80 'x\" \\ ", "a\nb\r\n\xF0\x9F\x98\x80 'x\" \\ " },
		{ "customer", "key", "007", "007" },
		{ "customer", "postcode", "0123", "0123" },
		{ "customer", "phone", "138 0013 8000", "138 0013 8000" },
		{ "customer", "email", "Li.Ming@Example.COM", "Li.Ming@Example.COM" },
		{ "customer", "gender", "女", "female" },
		{ "customer", "gender", "Mr", "male" },
		{ "customer", "stage", "Marketing Qualified Lead", "mql" },
		{ "customer", "stage", "潜在客户", "lead" },
		{ "customer", "birthday", "1990-05-12", "1990-05-12" },
		{ "customer", "birthday", "1990年5月", "1990-05" },
		{ "customer", "birthday", "--05-12", "--05-12" },
		{ "customer", "birthday", "5月12日", "--05-12" },
		{ "customer", "customer_since", "today", "2026-03-10" },
		{ "customer", "do_not_call", "是", "1" },
		{ "customer", "do_not_call", "off", "0" },
		{ "customer", "timezone", "America/New_York", "America/New_York" },
		{ "customer", "tags", "vip, New,, old friend, VIP", "New, old friend, vip" }, /* each once, sorted */
		{ "customer", "tags", "a\\,b", "a\\,b" },
		{ "customer", "phones", "home:010-6552 9988, 13900001111", "home:010-6552 9988, 13900001111" },
		{ "customer", "emails", "work:a@b.cn, b@c.cn", "work:a@b.cn, b@c.cn" },
		{ "log", "at", "2026-03-09 08:30", "1773016200" },
		{ "log", "at", "2026-03-09T08:30:00+01:00", "1773041400" },
		{ "log", "at", "-2d", "1772942400" },
		{ "log", "duration", "1h30min", "5400" },
		{ "log", "channel", "来电", "phone" },
		{ "log", "direction", "Incoming", "in" },
		{ "log", "internal", "yes", "1" },
		{ "log", "message_id", "<1@x>", "<1@x>" },
		{ "org", "domain", "example.com", "example.com" },
	};
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct conversion *c = &cases[i];
		int64_t id;

		if (strcmp(c->type, "log") == 0)
			id = add(s, "log", "customer", "1", "channel", "chat", c->field, c->text);
		else
			id = add(s, c->type, "name", "x", c->field, c->text);
		check_field(s, c->type, id, c->field, c->expected);
		assert_ok(s, try_remove(s, c->type, id)); /* unique values are free again */
	}
}

static void normal_forms_stand_beside(void **state)
{
	struct sandbox *sb = *state;

	add(sb->s, "customer", "name", "ＬＩ  Ming", "phone", "(010) 6552-9988", "email", "A@B.Cn", "phones",
		"home:138 0013 8000");
	check_raw(sb->path, "SELECT name_fold, phone_norm, email_norm FROM customer", "li ming|+861065529988|a@b.cn\n");
	check_raw(sb->path, "SELECT kind, position, label, value, value_norm FROM contact_point",
		"phone|1|home|138 0013 8000|+8613800138000\n");
}

static void an_empty_value_clears(void **state)
{
	static const char *const fields[] = { "phone", "email", "gender", "birthday", "owner", "org", "tags", "phones",
		"note" };
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	add(s, "agent", "name", "wang");
	add(s, "org", "name", "Acme");
	add(s, "customer", "name", "Li", "phone", "13800138000", "email", "a@b.cn", "gender", "female", "birthday",
		"1990", "owner", "wang", "org", "Acme", "tags", "a, b", "phones", "w:13900139000", "note", "n",
		"do_not_call", "yes");
	check_field(s, "customer", 1, "org", "1");
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		edit(s, "customer", 1, fields[i], "");
		check_field(s, "customer", 1, fields[i], "-");
	}
	edit(s, "customer", 1, "do_not_call", "");
	check_field(s, "customer", 1, "do_not_call", "0");
	check_raw(sb->path, "SELECT phone_norm, email_norm FROM customer", "-|-\n");
	check_raw(sb->path, "SELECT count(*) FROM contact_point UNION ALL SELECT count(*) FROM record_tag", "0\n0\n");
}

/* --- refusals --- */

static void refusals_say_what_and_why(void **state)
{
	static const struct {
		const char *type, *field, *text;
		int status;
		const char *message;
	} cases[] = {
		{ "customer", "phon", "1", CRM_INVALID, "customer has no field 'phon', did you mean 'phone'?" },
		{ "customer", "id", "7", CRM_INVALID, "id: is kept by crm and cannot be set" },
		{ "customer", "contacts", "7", CRM_INVALID, "contacts: is kept by crm and cannot be set" },
		{ "customer", "created_at", "now", CRM_INVALID, "created_at: is kept by crm and cannot be set" },
		{ "log", "name", "x", CRM_INVALID, "name: is kept by crm and cannot be set" },
		{ "customer", "gender", "femal", CRM_INVALID,
			"gender: 'femal' is not known, did you mean 'female'?; known: female, male, other" },
		{ "customer", "do_not_call", "maybe", CRM_INVALID, "do_not_call: 'maybe' is neither yes nor no" },
		{ "customer", "age", "-1", CRM_INVALID, "age: '-1' is not a number of years from 0 to 150" },
		{ "customer", "age", "151", CRM_INVALID, "age: '151' is not a number of years from 0 to 150" },
		{ "customer", "name", "a\xff", CRM_INVALID, "name: byte 2 is not UTF-8 text" },
		{ "customer", "owner", "nobody", CRM_NOTFOUND, "there is no agent 'nobody' (crm agent add)" },
		{ "customer", "org", "Acme", CRM_NOTFOUND, "there is no org 'Acme'" },
		{ "log", "customer", "99", CRM_NOTFOUND, "there is no customer '99'" },
		{ "followup_policy", "steps", "7x call", CRM_OK, "" }, /* refused when saved, below */
	};
	crm_store *s = store_of(state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		crm_record *r;

		assert_ok(s, crm_record_new(&r, s, entity(cases[i].type)));
		assert_status(s, cases[i].status, crm_record_set(r, cases[i].field, cases[i].text));
		if (cases[i].status < 0)
			assert_string_equal(crm_errmsg(s), cases[i].message);
		crm_record_free(r);
	}
}

/* The part after the field's name is for the parsers' own tests. */
static void impossible_values_are_refused(void **state)
{
	static const char *const cases[][3] = {
		{ "customer", "birthday", "1990-02-30" },
		{ "customer", "birthday", "soon" },
		{ "customer", "email", "not an address" },
		{ "customer", "phone", "12" },
		{ "customer", "phones", "home:12" },
		{ "customer", "emails", "home:" },
		{ "log", "at", "2026-13-01" },
		{ "log", "duration", "5m" },
	};
	crm_store *s = store_of(state);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		scoped_text start = NULL;
		crm_record *r;

		assert_ok(s, crm_record_new(&r, s, entity(cases[i][0])));
		assert_status(s, CRM_INVALID, crm_record_set(r, cases[i][1], cases[i][2]));
		assert_true(asprintf(&start, "%s: ", cases[i][1]) > 0);
		assert_memory_equal(crm_errmsg(s), start, strlen(start));
		crm_record_free(r);
	}
	assert_ok(s, crm_store_set_country(s, NULL)); /* nothing is guessed */
	assert_status(s, CRM_INVALID, try_add(NULL, s, "customer", "name", "x", "phone", "13800138000", NULL));
	assert_ok(s, try_add(NULL, s, "customer", "name", "x", "phone", "+8613800138000", NULL));
}

static void rules_are_checked_when_saving(void **state)
{
	crm_store *s = store_of(state);

	assert_refused(s, CRM_INVALID, "customer: name is required", try_add(NULL, s, "customer", "city", "x", NULL));
	assert_refused(s, CRM_INVALID, "customer: name is required", try_add(NULL, s, "customer", "name", " \t", NULL));
	assert_refused(s, CRM_INVALID, "log: customer is required", try_add(NULL, s, "log", "channel", "chat", NULL));
	add_customer(s, "Li");
	assert_refused(s, CRM_INVALID, "log: channel is required", try_add(NULL, s, "log", "customer", "1", NULL));
	assert_refused(s, CRM_INVALID, "customer: name is required", try_edit(s, "customer", 1, "name", "", NULL));
	assert_refused(s, CRM_INVALID, "timezone: 'Mars/Olympus' is not a time zone such as Asia/Shanghai",
		try_edit(s, "customer", 1, "timezone", "Mars/Olympus", NULL));
	assert_refused(s, CRM_INVALID, "steps: '7x call' does not begin with a time like 7d, 2w, 3wd, 72h or never",
		try_add(NULL, s, "followup_policy", "steps", "7x call", NULL));
	assert_refused(s, CRM_INVALID,
		"cadence: '7x' does not begin with a time like 7d, 2w, 3wd, 72h or never; it is off, or like 14d call, "
		"30d visit",
		try_edit(s, "customer", 1, "cadence", "7x", NULL));
	assert_status(
		s, CRM_INVALID, try_add(NULL, s, "followup_policy", "steps", "7d call", "filter", "no_field:x", NULL));
	assert_status(
		s, CRM_INVALID, try_add(NULL, s, "view", "entity", "customer", "name", "v", "filter", "cty:x", NULL));
	assert_refused(s, CRM_INVALID, "entity: there is nothing called 'dog' to list",
		try_add(NULL, s, "view", "entity", "dog", "name", "v", NULL));
	assert_refused(s, CRM_NOTFOUND, "there is no customer 9", try_edit(s, "customer", 9, "city", "x", NULL));
	assert_int_equal(raw_int(crm_store_path(s), "SELECT count(*) FROM operation"), 1);
}

/* --- lists --- */

static void items_are_added_and_taken_once(void **state)
{
	crm_store *s = store_of(state);
	crm_record *r;

	assert_ok(s, crm_record_new(&r, s, entity("customer")));
	assert_ok(s, crm_record_set(r, "name", "Li"));
	assert_ok(s, crm_record_add(r, "phone", "13800138000")); /* the first is the primary one */
	assert_ok(s, crm_record_add(r, "phone", "13900139000"));
	assert_ok(s, crm_record_add(r, "phone", "home:010-65529988"));
	assert_ok(s, crm_record_add(r, "phone", "+86 139 0013 9000")); /* the same number */
	assert_ok(s, crm_record_set(r, "email", "work:li@b.cn"));      /* a label says: a further one */
	assert_ok(s, crm_record_add(r, "tag", "vip"));
	assert_ok(s, crm_record_add(r, "tags", "ＶＩＰ"));
	assert_ok(s, crm_record_take(r, "tag", "never there"));
	assert_refused(s, CRM_INVALID, "name: takes one value only", crm_record_add(r, "name", "x"));
	assert_refused(
		s, CRM_INVALID, "customer has no field 'tagz', did you mean 'tags'?", crm_record_add(r, "tagz", "x"));
	assert_ok(s, crm_record_save(r));
	check_field(s, "customer", 1, "phone", "13800138000");
	check_field(s, "customer", 1, "phones", "13900139000, home:010-65529988");
	check_field(s, "customer", 1, "email", "-");
	check_field(s, "customer", 1, "emails", "work:li@b.cn");
	check_field(s, "customer", 1, "tags", "vip");
	assert_ok(s, crm_record_take(r, "phone", "(010) 6552 9988"));
	assert_ok(s, crm_record_take(r, "tag", "Vip"));
	assert_ok(s, crm_record_save(r));
	crm_record_free(r);
	check_field(s, "customer", 1, "phones", "13900139000");
	check_field(s, "customer", 1, "tags", "-");
}

static void list_cells_are_walked(void **state)
{
	char item[8];
	size_t pos = 0;

	(void)state;
	assert_int_equal(crm_list_item(item, sizeof(item), "a\\,b, longer than it, c", &pos), 3);
	assert_string_equal(item, "a,b");
	assert_int_equal(crm_list_item(item, sizeof(item), "a\\,b, longer than it, c", &pos), 14);
	assert_string_equal(item, "longer ");
	assert_int_equal(crm_list_item(item, sizeof(item), "a\\,b, longer than it, c", &pos), 1);
	assert_int_equal(crm_list_item(item, sizeof(item), "a\\,b, longer than it, c", &pos), -1);
}

/* --- names and ages --- */

static void names_are_composed_as_their_script_does(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "given_name", "明", "family_name", "李");
	add(s, "customer", "given_name", "Ming", "family_name", "Li");
	add(s, "customer", "family_name", "Li");
	add(s, "customer", "given_name", "明");
	add(s, "customer", "company", "Acme Ltd");
	add(s, "customer", "given_name", "明", "family_name", "李", "name", "老李");
	check_field(s, "customer", 1, "name", "李明");
	check_field(s, "customer", 2, "name", "Ming Li");
	check_field(s, "customer", 3, "name", "Li");
	check_field(s, "customer", 4, "name", "明");
	check_field(s, "customer", 5, "name", "Acme Ltd");
	check_field(s, "customer", 6, "name", "老李");
}

static char *age_of(crm_store *s, int64_t id)
{
	crm_query *q;
	crm_cursor *c;

	assert_ok(s, crm_query_new(&q, s, entity("customer")));
	assert_ok(s, crm_query_fields(q, "age"));
	assert_ok(s, crm_query_ids(q, &id, 1));
	assert_ok(s, crm_query_open(&c, q));
	crm_query_free(q);
	return rows_text(s, c);
}

static void an_age_sets_the_year_of_birth(void **state)
{
	static const char *const cases[][2] = { /* on 2026-03-10 */
		{ "1990-03-10", "36\n" }, { "1990-03-11", "35\n" }, { "1990-12", "36\n" }, { "1990", "36\n" },
		{ "--05-12", "-\n" }, { "2026-03-10", "0\n" }
	};
	crm_store *s = store_of(state);

	add(s, "customer", "name", "Li", "age", "40");
	check_field(s, "customer", 1, "birthday", "1986");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		scoped_text age = NULL;

		edit(s, "customer", 1, "birthday", cases[i][0]);
		age = age_of(s, 1);
		assert_string_equal(age, cases[i][1]);
	}
	/* An age that the birthday says already leaves it: an export imported again must not lose the day. */
	edit(s, "customer", 1, "birthday", "1990-03-11");
	edit(s, "customer", 1, "age", "35");
	check_field(s, "customer", 1, "birthday", "1990-03-11");
	edit(s, "customer", 1, "age", "36");
	check_field(s, "customer", 1, "birthday", "1990");
	edit(s, "customer", 1, "age", "");
	check_field(s, "customer", 1, "birthday", "-");
}

/* --- unique values --- */

static void keys_are_unique_within_their_source(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "A", "key", "K1");
	add(s, "customer", "name", "B", "key", "K1", "source", "erp");
	add(s, "customer", "name", "C", "key", "K2", "source", "erp");
	add(s, "org", "name", "O", "key", "K1");
	assert_refused(s, CRM_EXISTS, "customer 1 has the key 'K1' already",
		try_add(NULL, s, "customer", "name", "D", "key", "K1", NULL));
	assert_refused(s, CRM_EXISTS, "customer 2 has the key 'K1' already",
		try_add(NULL, s, "customer", "name", "D", "source", "erp", "key", "K1", NULL));
	assert_refused(
		s, CRM_EXISTS, "customer 2 has the key 'K1' already", try_edit(s, "customer", 3, "key", "K1", NULL));
	assert_refused(s, CRM_EXISTS, "customer 1 has the key 'K1' already",
		try_edit(s, "customer", 2, "source", "", NULL)); /* the source alone changes */
	edit(s, "customer", 3, "key", "K2", "city", "x");        /* its own */
	add(s, "agent", "name", "wang");
	assert_refused(
		s, CRM_EXISTS, "agent 1 has the name 'WANG' already", try_add(NULL, s, "agent", "name", "WANG", NULL));
}

static void families_share_addresses(void **state)
{
	crm_store *s = store_of(state);

	add(s, "customer", "name", "A", "phone", "13800138000", "email", "a@b.cn");
	assert_int_equal(add(s, "customer", "name", "B", "phone", "13800138000", "email", "a@b.cn"), 2);
}

/* --- custom fields --- */

static void custom_fields_have_types(void **state)
{
	static const char *const fields[][4] = { { "size", "integer", "012", "12" }, { "paid", "bool", "yes", "1" },
		{ "visited", "date", "1990-05", "1990-05" }, { "seen", "time", "2026-03-10 12:00", "1773115200" },
		{ "mail2", "email", "A@b.cn", "A@b.cn" }, { "备注", "text", " x ", " x " } };
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	add(s, "field", "entity", "customer", "name", "colour", "words", "red, light blue");
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		add(s, "field", "entity", "customer", "name", fields[i][0], "type", fields[i][1]);
		edit(s, "customer", 1, fields[i][0], fields[i][2]);
		check_field(s, "customer", 1, fields[i][0], fields[i][3]);
	}
	edit(s, "customer", 1, "colour", "Light Blue");
	check_field(s, "customer", 1, "colour", "light blue");
	edit(s, "customer", 1, "colour", "");
	check_field(s, "customer", 1, "colour", "-");
	assert_refused(s, CRM_INVALID, "colour: 'green' is not known; known: red, light blue",
		try_edit(s, "customer", 1, "colour", "green", NULL));
	assert_refused(
		s, CRM_INVALID, "size: 'big' is not a whole number", try_edit(s, "customer", 1, "size", "big", NULL));
	assert_null(crm_field_find(s, entity("log"), "size"));
	assert_int_equal(crm_field_type(crm_field_find(s, entity("customer"), "paid")), CRM_BOOL);
}

static void custom_fields_are_checked(void **state)
{
	crm_store *s = store_of(state);

	add(s, "field", "entity", "customer", "name", "size");
	check_field(s, "field", 1, "type", "text");
	assert_refused(s, CRM_INVALID, "entity: 'agent' takes no custom fields: use customer, org or log",
		try_add(NULL, s, "field", "entity", "agent", "name", "x", NULL));
	assert_refused(s, CRM_INVALID, "name: 'a b' is not made of letters, digits and _",
		try_add(NULL, s, "field", "entity", "customer", "name", "a b", NULL));
	assert_refused(s, CRM_INVALID, "name: '1a' is not made of letters, digits and _",
		try_add(NULL, s, "field", "entity", "customer", "name", "1a", NULL));
	assert_refused(s, CRM_INVALID, "name: customer has a field 'phone' already",
		try_add(NULL, s, "field", "entity", "customer", "name", "phone", NULL));
	assert_refused(s, CRM_INVALID, "words: a field of type enum needs its words",
		try_add(NULL, s, "field", "entity", "customer", "name", "x", "type", "enum", NULL));
	assert_refused(s, CRM_EXISTS, "field 1 has the name 'size' already",
		try_add(NULL, s, "field", "entity", "customer", "name", "size", NULL));
	assert_refused(s, CRM_CONFLICT, "field 'size': entity and type cannot be changed once values may exist",
		try_edit(s, "field", 1, "type", "integer", NULL));
	edit(s, "field", 1, "label", "Größe");
}

static void removing_a_custom_field_takes_its_values(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = NULL, after = NULL;
	int64_t undone;

	add(s, "field", "entity", "customer", "name", "size");
	add(s, "customer", "name", "Li", "size", "9");
	before = dump(sb->path, false);
	assert_ok(s, try_remove(s, "field", 1));
	assert_null(crm_field_find(s, entity("customer"), "size"));
	assert_int_equal(raw_int(sb->path, "SELECT count(*) FROM field_value"), 0);
	assert_ok(s, crm_undo(&undone, s, 0));
	check_field(s, "customer", 1, "size", "9");
	after = dump(sb->path, false);
	assert_string_equal(after, before);
}

/* --- saving --- */

static void an_unchanged_record_is_not_written(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	int64_t version;
	crm_record *r;

	add(s, "customer", "name", "Li", "phone", "13800138000", "tags", "a, b", "do_not_call", "no");
	assert_ok(s, crm_record_load(&r, s, entity("customer"), 1));
	version = crm_record_version(r);
	assert_int_equal(version, 1);
	assert_ok(s, crm_record_set(r, "name", "Li"));
	assert_ok(s, crm_record_set(r, "phone", "13800138000"));
	assert_ok(s, crm_record_set(r, "do_not_call", "0"));
	assert_ok(s, crm_record_add(r, "tag", "A"));
	assert_ok(s, crm_record_take(r, "tag", "c"));
	assert_ok(s, crm_record_set(r, "city", ""));
	crm_store_set_clock(s, NOW + 60, false);
	assert_ok(s, crm_record_save(r));
	assert_int_equal(crm_record_version(r), version);
	check_raw(sb->path, "SELECT count(*) FROM operation", "1\n");
	check_field(s, "customer", 1, "updated_at", "1773115200");
	assert_ok(s, crm_record_set(r, "city", "上海"));
	assert_ok(s, crm_record_save(r));
	assert_int_equal(crm_record_version(r), 2);
	check_field(s, "customer", 1, "updated_at", "1773115260");
	check_field(s, "customer", 1, "created_at", "1773115200");
	crm_record_free(r);
}

static void a_record_changed_meanwhile_is_not_overwritten(void **state)
{
	struct sandbox *sb = *state;
	crm_store *other;
	crm_record *r;

	add(sb->s, "customer", "name", "Li");
	assert_ok(sb->s, crm_record_load(&r, sb->s, entity("customer"), 1));
	other = open_handle(sb->path, CRM_OPEN_WRITE);
	edit(other, "customer", 1, "city", "上海");
	assert_ok(sb->s, crm_record_set(r, "city", "北京"));
	assert_refused(
		sb->s, CRM_CONFLICT, "customer 1 was changed meanwhile: look at it and try again", crm_record_save(r));
	crm_record_free(r);
	check_field(sb->s, "customer", 1, "city", "上海");
	assert_ok(sb->s, crm_record_load(&r, sb->s, entity("customer"), 1));
	assert_ok(other, try_remove(other, "customer", 1));
	assert_ok(sb->s, crm_record_set(r, "city", "北京"));
	assert_status(sb->s, CRM_CONFLICT, crm_record_save(r));
	crm_record_free(r);
	crm_store_close(other);
	check_raw(sb->path, "SELECT count(*) FROM operation", "3\n");
	check_sound(sb->s);
}

static void defaults_of_a_communication(void **state)
{
	crm_store *s = store_of(state);

	add_customer(s, "Li");
	add(s, "log", "customer", "Li", "channel", "chat");
	check_field(s, "log", 1, "at", "1773115200");
	check_field(s, "log", 1, "agent", "chen"); /* not in the store: the login stands there */
	check_field(s, "log", 1, "customer", "1");
	add(s, "agent", "name", "Wang");
	add(s, "log", "customer", "1", "channel", "chat", "agent", "WANG");
	check_field(s, "log", 2, "agent", "Wang"); /* as the store has it */
}

static void removing_counts_what_goes_along(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text text = NULL;
	int64_t ids[] = { 1, 2 }, missing = 9;
	size_t count = 0;

	add(s, "agent", "name", "wang");
	add(s, "org", "name", "Acme");
	add(s, "customer", "name", "A", "org", "1", "owner", "wang", "tags", "x", "phones", "w:13800138000");
	add_customer(s, "B");
	for (int i = 0; i < 3; i++)
		add_log(s, 1 + i / 2, NOW, "chat");
	assert_ok(s, crm_record_dependants(&text, s, entity("customer"), ids, 2));
	assert_string_equal(text, "2 customers, 3 communications");
	assert_refused(s, CRM_CONFLICT, "org 1 cannot be removed: 1 customer refers to it (crm customer list org:1)",
		try_remove(s, "org", 1));
	assert_status(s, CRM_CONFLICT, try_remove(s, "agent", 1));
	assert_status(s, CRM_CONFLICT, try_edit(s, "agent", 1, "name", "Wang2", NULL));
	assert_refused(
		s, CRM_NOTFOUND, "there is no customer 9", crm_record_remove(s, entity("customer"), &missing, 1, NULL));
	assert_ok(s, crm_record_remove(s, entity("customer"), ids, 2, &count));
	assert_int_equal(count, 5);
	check_raw(sb->path,
		"SELECT (SELECT count(*) FROM customer), (SELECT count(*) FROM log), (SELECT count(*) FROM "
		"record_tag), "
		"(SELECT count(*) FROM contact_point)",
		"0|0|0|0\n");
	assert_ok(s, try_remove(s, "org", 1));
	assert_ok(s, try_remove(s, "agent", 1));
	assert_int_equal(add_customer(s, "C"), 3); /* ids are never used twice */
	check_sound(s);
}

static void imports_are_no_records_of_the_user(void **state)
{
	crm_store *s = store_of(state);
	crm_record *r;
	int64_t id = 1;

	assert_refused(
		s, CRM_INVALID, "import: records are made by crm itself", crm_record_new(&r, s, entity("import")));
	assert_refused(s, CRM_INVALID, "import: records are kept by crm itself",
		crm_record_remove(s, entity("import"), &id, 1, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(descriptions_and_schema_agree),
		sandbox_test(no_column_is_without_a_field),
		sandbox_test(every_type_comes_back),
		sandbox_test(normal_forms_stand_beside),
		sandbox_test(an_empty_value_clears),
		sandbox_test(refusals_say_what_and_why),
		sandbox_test(impossible_values_are_refused),
		sandbox_test(rules_are_checked_when_saving),
		sandbox_test(items_are_added_and_taken_once),
		cmocka_unit_test(list_cells_are_walked),
		sandbox_test(names_are_composed_as_their_script_does),
		sandbox_test(an_age_sets_the_year_of_birth),
		sandbox_test(keys_are_unique_within_their_source),
		sandbox_test(families_share_addresses),
		sandbox_test(custom_fields_have_types),
		sandbox_test(custom_fields_are_checked),
		sandbox_test(removing_a_custom_field_takes_its_values),
		sandbox_test(an_unchanged_record_is_not_written),
		sandbox_test(a_record_changed_meanwhile_is_not_overwritten),
		sandbox_test(defaults_of_a_communication),
		sandbox_test(removing_counts_what_goes_along),
		sandbox_test(imports_are_no_records_of_the_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
