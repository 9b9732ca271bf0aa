/* Command lines against a small table of the test's own; fields are those of the entity `customer`. */
#include "cli/opt.h"
#include "cli/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct opts {
	struct assigns fields;
	struct list_opts list;
	struct many_opts many;
	struct strings tags;
	const char *message, *mode;
	int64_t size;
	bool in;
};

#define AT(member) offsetof(struct opts, member)

static int run(struct cli *cli, const void *opts)
{
	(void)cli;
	(void)opts;
	return 0;
}

static const char *const modes[] = { "insert", "update", NULL };
static const char *const without[] = { "city", NULL };

static const struct cli_opt options[] = {
	OPT(TEXT, 'm', "message", AT(message), "TEXT", "text"),
	OPT(CHOICE, 0, "mode", AT(mode), "MODE", "mode", .words = modes),
	OPT(INTEGER, 0, "size", AT(size), "N", "size"),
	OPT(LIST, 't', "put", AT(tags), "TAG", "tags"),
	OPT(FLAG, 'i', "in", AT(in), NULL, "direction"),
	OPT_END,
};

#define ROOM .size = sizeof(struct opts), .fields = AT(fields), .list = AT(list), .many = AT(many), .run = run

static const struct cli_verb customer_verbs[] = {
	{ .name = "add", .flags = VERB_FIELDS, .options = options, ROOM },
	{ .name = "show", .args = "CUSTOMER", .min_args = 1, .max_args = 1, .options = options, ROOM },
	{ .name = "list", .args = "[FILTER…]", .max_args = -1, .flags = VERB_LIST, ROOM },
	{ .name = "edit",
		.args = "CUSTOMER…",
		.min_args = 1,
		.max_args = -1,
		.flags = VERB_FIELDS | VERB_WHERE,
		.without = without,
		ROOM },
	{ .name = "link", .args = "FROM TO", .min_args = 2, .max_args = 2, ROOM },
};
static const struct cli_verb followup_verbs[] = {
	{ .name = "due", ROOM },
	{ .name = "policy add", ROOM },
	{ .name = "policy list", .args = "[FILTER…]", .max_args = -1, ROOM },
};
static const struct cli_verb import_verbs[] = {
	{ .args = "TYPE FILE", .complete = "importable file", .min_args = 2, .max_args = 2, .options = options, ROOM },
	{ .name = "list", ROOM },
};

static const struct cli_command customer = { "customer", "", "customer", customer_verbs, COUNT(customer_verbs), NULL };
static const struct cli_command followup = { "followup", "", NULL, followup_verbs, COUNT(followup_verbs), NULL };
static const struct cli_command import = { "import", "", NULL, import_verbs, COUNT(import_verbs), NULL };
static const struct cli_command *const commands[] = { &customer, &followup, &import };
static const struct cli_program program = { commands, COUNT(commands) };

/* A line as one would type it, parsed. */
struct line {
	struct parse p;
	struct strings words;
	char *text;
	enum parse_result result;
	const struct opts *o;
};

static void line_free(struct line *l)
{
	parse_release(&l->p);
	strings_free(&l->words);
	free(l->text);
}

static struct line parse(const char *text)
{
	struct line l = { 0 };

	assert_true(words_split(&l.words, &l.text, text));
	parse_init(&l.p, &program);
	l.result = parse_command(&l.p, l.words.v, l.words.n);
	if (l.result == PARSE_DONE && l.p.command)
		l.result = parse_verb(&l.p, l.words.v, l.words.n);
	l.o = l.p.opts;
	return l;
}

#define PARSED(text)                                                                                                   \
	cleanup(line_free) struct line l = parse(text);                                                                \
	if (l.result != PARSE_DONE)                                                                                    \
		fail_msg("%s: %s", text, l.p.error ? l.p.error : "not done");                                          \
	const struct opts *o = l.o;                                                                                    \
	(void)o

static void assert_wrong(const char *text, const char *message)
{
	cleanup(line_free) struct line l = parse(text);

	assert_int_equal(l.result, PARSE_WRONG);
	assert_string_equal(l.p.error, message);
}

/* --- options --- */

static void test_options_stand_before_and_behind_arguments(void **state)
{
	(void)state;
	PARSED("customer show -m hello 7 --size 3 --in");
	assert_string_equal(l.p.verb->name, "show");
	assert_int_equal(l.p.args.n, 1);
	assert_string_equal(l.p.args.v[0], "7");
	assert_string_equal(o->message, "hello");
	assert_int_equal(o->size, 3);
	assert_true(o->in);
}

static void test_value_in_the_same_word_or_the_next(void **state)
{
	(void)state;
	{
		PARSED("customer show 7 --message=a=b");
		assert_string_equal(o->message, "a=b");
	}
	{
		PARSED("customer show 7 --message a=b");
		assert_string_equal(o->message, "a=b");
	}
	{
		PARSED("customer show 7 --message=");
		assert_string_equal(o->message, "");
	}
	{
		PARSED("customer show 7 --message ''");
		assert_string_equal(o->message, "");
	}
}

static void test_value_may_begin_with_a_dash(void **state)
{
	(void)state;
	{
		PARSED("customer show 7 -m --size");
		assert_string_equal(o->message, "--size");
	}
	{
		PARSED("customer list --sort -name");
		assert_string_equal(o->list.sort, "-name");
	}
	{
		PARSED("customer show 7 -m --");
		assert_string_equal(o->message, "--");
	}
}

static void test_letters(void **state)
{
	(void)state;
	{
		PARSED("customer show 7 -mhello");
		assert_string_equal(o->message, "hello");
	}
	{
		PARSED("customer show 7 -iqm hello");
		assert_true(o->in);
		assert_true(l.p.global.quiet);
		assert_string_equal(o->message, "hello");
	}
	{
		PARSED("customer show 7 -iqmx");
		assert_string_equal(o->message, "x");
	}
	assert_wrong("customer show 7 -m", "customer show: -m needs a value: TEXT");
	assert_wrong("customer show 7 -ix",
		"customer show: there is no option -ix (an argument that begins with - stands after --)");
}

static void test_two_dashes_end_the_options(void **state)
{
	(void)state;
	PARSED("customer list -- -x --sort --");
	assert_int_equal(l.p.args.n, 3);
	assert_string_equal(l.p.args.v[0], "-x");
	assert_string_equal(l.p.args.v[1], "--sort");
	assert_string_equal(l.p.args.v[2], "--");
	assert_null(o->list.sort);
}

static void test_a_dash_alone_is_an_argument(void **state)
{
	(void)state;
	PARSED("customer show -");
	assert_string_equal(l.p.args.v[0], "-");
}

static void test_nothing_is_abbreviated(void **state)
{
	(void)state;
	assert_wrong("customer show 7 --mess x", "customer show: there is no option --mess, did you mean --message?");
	assert_wrong(
		"customer show 7 --mesage=x", "customer show: there is no option --mesage, did you mean --message?");
	assert_wrong("customer show 7 --zzzzz",
		"customer show: there is no option --zzzzz (an argument that begins with - stands after --)");
}

static void test_flags_take_no_value(void **state)
{
	(void)state;
	assert_wrong("customer show 7 --in=yes", "customer show: --in takes no value");
}

static void test_numbers(void **state)
{
	(void)state;
	{
		PARSED("customer show 7");
		assert_int_equal(o->size, -1);
		assert_int_equal(l.p.global.wait, -1);
	}
	{
		PARSED("customer show 7 --size 9223372036854775807 --wait 0");
		assert_true(o->size == INT64_MAX);
		assert_int_equal(l.p.global.wait, 0);
	}
	assert_wrong("customer show 7 --size 9223372036854775808",
		"customer show: --size '9223372036854775808': is not a whole number from 0");
	assert_wrong("customer show 7 --size -1", "customer show: --size '-1': is not a whole number from 0");
	assert_wrong("customer show 7 --size 1x", "customer show: --size '1x': is not a whole number from 0");
	assert_wrong("customer show 7 --size ''", "customer show: --size '': is not a whole number from 0");
}

static void test_choices(void **state)
{
	(void)state;
	{
		PARSED("customer show 7 --mode update");
		assert_string_equal(o->mode, "update");
	}
	assert_wrong("customer show 7 --mode updat",
		"customer show: --mode 'updat': is not insert or update, did you mean 'update'?");
	assert_wrong("customer show 7 --mode ''", "customer show: --mode '': is not insert or update");
}

static void test_only_lists_repeat(void **state)
{
	(void)state;
	{
		PARSED("customer show 7 --put a -t b --put=c");
		assert_int_equal(o->tags.n, 3);
		assert_string_equal(o->tags.v[0], "a");
		assert_string_equal(o->tags.v[1], "b");
		assert_string_equal(o->tags.v[2], "c");
	}
	assert_wrong("customer show 7 -m a --message b", "customer show: --message is given twice");
	assert_wrong("customer show 7 --in -i", "customer show: --in is given twice");
	assert_wrong("--format csv customer show 7 --format json", "customer show: --format is given twice");
}

static void test_help_and_version_end_the_parse(void **state)
{
	(void)state;
	const struct {
		const char *text;
		enum parse_result result;
		const struct cli_verb *verb;
	} cases[] = {
		{ "-h", PARSE_HELP, NULL },
		{ "customer -h", PARSE_HELP, NULL },
		{ "customer show --help", PARSE_HELP, &customer_verbs[1] },
		{ "customer show -h --nonsense", PARSE_HELP, &customer_verbs[1] },
		{ "import -h", PARSE_HELP, NULL },
		{ "--version", PARSE_VERSION, NULL },
		{ "customer list --version", PARSE_VERSION, &customer_verbs[2] },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		cleanup(line_free) struct line l = parse(cases[i].text);
		assert_int_equal(l.result, cases[i].result);
		assert_ptr_equal(l.p.verb, cases[i].verb);
	}
	PARSED("customer show 7 -m -h"); /* a value, not the option */
	assert_string_equal(o->message, "-h");
}

/* --- fields --- */

static void test_fields(void **state)
{
	(void)state;
	PARSED("customer add --name 'Li Si' --city= --do-not-call yes");
	assert_int_equal(o->fields.n, 3);
	assert_string_equal(o->fields.v[0].name, "name");
	assert_string_equal(o->fields.v[0].value, "Li Si");
	assert_string_equal(o->fields.v[1].name, "city");
	assert_string_equal(o->fields.v[1].value, "");
	assert_string_equal(o->fields.v[2].name, "do_not_call");
	assert_string_equal(crm_field_name(o->fields.v[2].field), "do_not_call");
}

static void test_fields_that_repeat(void **state)
{
	(void)state;
	{
		PARSED("customer add --email a@example.org --email b@example.org --tag x --tag y");
		assert_int_equal(o->fields.n, 4);
		assert_string_equal(o->fields.v[1].value, "b@example.org");
	}
	assert_wrong("customer add --city a --city a", "customer add: --city is given twice");
}

static void test_fields_that_are_no_options(void **state)
{
	(void)state;
	assert_wrong("customer add --citty x", "customer add: there is no option --citty, did you mean --city?");
	/* computed, kept from others, the library's own */
	assert_wrong("customer add --contacts 3",
		"customer add: there is no option --contacts (an argument that begins with - stands after --)");
	assert_wrong("customer add --id 3", "customer add: there is no option --id, did you mean --in?");
	/* given otherwise */
	assert_wrong("customer edit 1 --city x",
		"customer edit: there is no option --city (an argument that begins with - stands after --)");
	/* the verb takes none */
	assert_wrong("customer show 1 --city x",
		"customer show: there is no option --city (an argument that begins with - stands after --)");
}

static void test_custom_fields(void **state)
{
	(void)state;
	PARSED("customer add --set tier=gold --set note2= --set 'a=b=c'");
	const struct {
		const char *name, *value;
	} expected[] = { { "tier", "gold" }, { "note2", "" }, { "a", "b=c" } };

	assert_int_equal(o->fields.n, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct assign *a = &o->fields.v[i];
		assert_null(a->field);
		assert_int_equal(a->length, strlen(expected[i].name));
		assert_memory_equal(a->name, expected[i].name, a->length);
		assert_string_equal(a->value, expected[i].value);
	}
	assert_wrong("customer add --set tier", "customer add: --set 'tier': is not NAME=VALUE");
	assert_wrong("customer add --set =gold", "customer add: --set '=gold': is not NAME=VALUE");
	assert_wrong("customer add --set a=1 --set a=2", "customer add: --set a is given twice");
}

/* --- commands and verbs --- */

static void test_noun_alone_is_its_list(void **state)
{
	(void)state;
	{
		PARSED("customer");
		assert_string_equal(l.p.verb->name, "list");
	}
	{
		PARSED("customer --limit 3 --sort name");
		assert_string_equal(l.p.verb->name, "list");
		assert_int_equal(o->list.limit, 3);
		assert_int_equal(o->list.offset, -1);
	}
	{
		PARSED("followup policy");
		assert_string_equal(l.p.verb->name, "policy list");
	}
	assert_wrong("followup", "followup: which of due, policy add, policy list?");
	assert_wrong("customer --limit 3 tag:vip",
		"customer list: 'tag:vip': the verb stands before its options and arguments (customer list …)");
}

static void test_only_global_options_between_command_and_verb(void **state)
{
	(void)state;
	PARSED("-q customer --format json show --no-pager 7");
	assert_string_equal(l.p.verb->name, "show");
	assert_true(l.p.global.quiet);
	assert_true(l.p.global.no_pager);
	assert_string_equal(l.p.global.format, "json");
	assert_wrong("followup --size 3 due", "followup: there is no option --size");
}

static void test_verbs(void **state)
{
	(void)state;
	{
		PARSED("followup policy add");
		assert_string_equal(l.p.verb->name, "policy add");
		assert_int_equal(l.p.args.n, 0);
	}
	{
		PARSED("import customer file.csv --in");
		assert_null(l.p.verb->name);
		assert_int_equal(l.p.args.n, 2);
		assert_true(o->in);
	}
	{
		PARSED("import list");
		assert_string_equal(l.p.verb->name, "list");
	}
	assert_wrong("customer lst", "customer: there is no 'lst', did you mean 'list'?");
	assert_wrong("customer sho 7", "customer: there is no 'sho', did you mean 'show'?");
	assert_wrong("customer frobnicate", "customer: there is no 'frobnicate'; there is add, show, list, edit, link");
	assert_wrong("followup policy ad", "followup: there is no 'policy ad', did you mean 'policy add'?");
	assert_wrong("customer create", "customer: there is no 'create', did you mean 'add'?");
	assert_wrong("customer import x", "customer: there is no 'import', did you mean 'crm import customer'?");
	assert_wrong("followup customer", "followup: there is no 'customer', did you mean 'crm customer'?");
}

static void test_unknown_command(void **state)
{
	(void)state;
	cleanup(line_free) struct line l = parse("--quiet frob list");

	assert_int_equal(l.result, PARSE_UNKNOWN);
	assert_int_equal(l.p.at, 1);
	assert_wrong("--frob customer", "there is no option --frob");
	assert_wrong("--formt json customer", "there is no option --formt, did you mean --format?");

	cleanup(line_free) struct line none = parse("--quiet");
	assert_int_equal(none.result, PARSE_DONE);
	assert_null(none.p.command);
}

static void test_number_of_arguments(void **state)
{
	(void)state;
	assert_wrong("customer show", "customer show: which CUSTOMER? (crm customer show [options] CUSTOMER)");
	assert_wrong("customer edit --tag x",
		"customer edit: which CUSTOMER? (crm customer edit [options] CUSTOMER… [--FIELD VALUE]…)");
	assert_wrong("customer edit --where --tag x",
		"customer edit: which FILTER? (crm customer edit [options] CUSTOMER… [--FIELD VALUE]…)");
	assert_wrong("customer link", "customer link: which FROM? (crm customer link FROM TO)");
	assert_wrong("customer link a", "customer link: which TO? (crm customer link FROM TO)");
	assert_wrong("customer link a b c", "customer link: 'c' is one argument too many (crm customer link FROM TO)");
	assert_wrong("import", "import: which TYPE? (crm import [options] TYPE FILE)");
	assert_wrong("import customer", "import: which FILE? (crm import [options] TYPE FILE)");
	assert_wrong("customer add x",
		"customer add: 'x' is one argument too many (crm customer add [options] [--FIELD VALUE]…)");
}

static void test_contradictions(void **state)
{
	(void)state;
	assert_wrong(
		"customer list --header --no-header", "customer list: --header and --no-header contradict each other");
}

/* --- words --- */

static void test_words_are_split_as_a_shell_does(void **state)
{
	(void)state;
	const struct {
		const char *line;
		const char *words[4];
	} cases[] = {
		{ "", { NULL } },
		{ "  \t ", { NULL } },
		{ "customer list  tag:vip", { "customer", "list", "tag:vip" } },
		{ "name:'Li Si' \"a b\"", { "name:Li Si", "a b" } },
		{ "'' x", { "", "x" } },
		{ "a\\ b 'c\\d' \"e\\\"f\"", { "a b", "c\\d", "e\"f" } },
		{ "x\\", { "x\\" } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct strings words = { 0 };
		char *text;
		size_t n = 0;

		assert_true(words_split(&words, &text, cases[i].line));
		for (; n < 4 && cases[i].words[n]; n++)
			if (n < words.n)
				assert_string_equal(words.v[n], cases[i].words[n]);
		assert_int_equal(words.n, n);
		strings_free(&words);
		free(text);
	}
}

static void test_open_quote(void **state)
{
	(void)state;
	const char *const lines[] = { "a 'b", "\"", "'a\"" };

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct strings words = { 0 };
		char *text;

		assert_false(words_split(&words, &text, lines[i]));
		strings_free(&words);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_stand_before_and_behind_arguments),
		cmocka_unit_test(test_value_in_the_same_word_or_the_next),
		cmocka_unit_test(test_value_may_begin_with_a_dash),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_two_dashes_end_the_options),
		cmocka_unit_test(test_a_dash_alone_is_an_argument),
		cmocka_unit_test(test_nothing_is_abbreviated),
		cmocka_unit_test(test_flags_take_no_value),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_only_lists_repeat),
		cmocka_unit_test(test_help_and_version_end_the_parse),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_fields_that_repeat),
		cmocka_unit_test(test_fields_that_are_no_options),
		cmocka_unit_test(test_custom_fields),
		cmocka_unit_test(test_noun_alone_is_its_list),
		cmocka_unit_test(test_only_global_options_between_command_and_verb),
		cmocka_unit_test(test_verbs),
		cmocka_unit_test(test_unknown_command),
		cmocka_unit_test(test_number_of_arguments),
		cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_words_are_split_as_a_shell_does),
		cmocka_unit_test(test_open_quote),
	};

	return cmocka_run_group_tests_name("opt", tests, NULL, NULL);
}
