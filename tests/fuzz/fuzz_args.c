/*
 * Any words as a command line, a line each, of a small table that has every kind of option. What must hold: it is parsed, or
 * a message says why not; what stands behind -- is an argument as it is, and what begins with - elsewhere never is.
 */
#include "cli/opt.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct opts {
	struct assigns fields;
	struct list_opts list;
	struct many_opts many;
	struct strings tags;
	struct assigns custom;
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

static const struct cli_opt options[] = {
	OPT(TEXT, 'm', "message", AT(message), "TEXT", "text"),
	OPT(CHOICE, 0, "mode", AT(mode), "MODE", "mode", .words = modes),
	OPT(INTEGER, 0, "size", AT(size), "N", "size"),
	OPT(LIST, 't', "put", AT(tags), "TAG", "tags"),
	OPT(FLAG, 'i', "in", AT(in), NULL, "direction"),
	OPT_END,
};

#define ROOM .size = sizeof(struct opts), .fields = AT(fields), .list = AT(list), .many = AT(many), .run = run

static const struct cli_verb verbs[] = {
	{ .name = "add", .flags = VERB_FIELDS, .options = options, ROOM },
	{ .name = "show", .args = "CUSTOMER", .min_args = 1, .max_args = 1, .options = options, ROOM },
	{ .name = "list", .args = "[FILTER…]", .max_args = -1, .flags = VERB_LIST, ROOM },
	{ .name = "edit", .args = "CUSTOMER…", .max_args = -1, .flags = VERB_FIELDS | VERB_WHERE, ROOM },
	{ .name = "policy list", .args = "[FILTER…]", .max_args = -1, .options = options, ROOM },
};
static const struct cli_command customer = { "customer", "", "customer", verbs, COUNT(verbs), NULL };
static const struct cli_command *const commands[] = { &customer };
static const struct cli_program program = { commands, COUNT(commands) };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_args(const struct parse *p, const char *const *words, size_t n)
{
	size_t behind = n;

	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], "--") == 0)
			behind = i + 1;
	/* the last -- may be behind the one that counts, or a value */
	for (size_t i = 0; i < p->args.n; i++)
		assert(p->args.v[i][0] != '-' || p->args.v[i][1] == '\0' || behind < n ||
			strcmp(words[n - 1], "--") == 0);
	for (size_t i = behind; i < n && p->args.n >= n - behind; i++)
		if (p->args.v[p->args.n - (n - i)] != words[i])
			return; /* that -- was a value */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	const char *words[64];
	struct parse p;
	size_t n = 0;

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	for (char *at = text; n < COUNT(words) && *at;) {
		char *end = strchrnul(at, '\n');

		words[n++] = at;
		at = *end ? end + 1 : end;
		*end = '\0';
	}
	parse_init(&p, &program);
	enum parse_result result = parse_command(&p, words, n);
	if (result == PARSE_DONE && p.command)
		result = parse_verb(&p, words, n);
	assert((result == PARSE_WRONG) == (p.error != NULL));
	if (result == PARSE_DONE && p.command)
		check_args(&p, words, n);
	parse_release(&p);
	free(text);
	return 0;
}
