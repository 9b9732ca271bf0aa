/* Parsing: options before, between and behind arguments; nothing is abbreviated, nothing is ignored. */
#include "cli/opt.h"
#include "cli/usage.h"
#include "cli/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One word at a time either is taken, ends the parse with an error, or with --help and --version. */
enum step {
	STEP_ON,
	STEP_WRONG,
	STEP_STOP
};

struct scope {
	struct opt_group groups[OPT_GROUPS];
	size_t n;
};

static void numbers_not_given(const struct cli_opt *options, char *base)
{
	for (const struct cli_opt *o = options; o && o->name; o++)
		if (o->kind == OPT_INTEGER)
			*(int64_t *)(void *)(base + o->offset) = -1;
}

void parse_init(struct parse *p, const struct cli_program *program)
{
	*p = (struct parse){ .program = program };
	numbers_not_given(global_options, (char *)&p->global);
}

void parse_release(struct parse *p)
{
	struct opt_group groups[OPT_GROUPS];
	size_t n = opt_groups(groups, p->verb, p->entity);

	for (size_t i = 0; p->opts && i < n; i++)
		for (const struct cli_opt *o = groups[i].options; !groups[i].global && o->name; o++) {
			void *slot = (char *)p->opts + groups[i].offset + o->offset;
			if (o->kind == OPT_LIST)
				strings_free(slot);
		}
	if (p->opts && p->verb->flags & VERB_FIELDS)
		free(((struct assigns *)(void *)((char *)p->opts + p->verb->fields))->v);
	free(p->opts);
	strings_free(&p->args);
	free(p->seen);
	free(p->error);
	*p = (struct parse){ 0 };
}

/* --- errors --- */

static void begin_error(const struct parse *p, struct strbuf *b)
{
	if (p->command)
		strbuf_printf(b, "%s%s%s: ", p->command->name, p->verb && p->verb->name ? " " : "",
			p->verb && p->verb->name ? p->verb->name : "");
}

static void CRM_PRINTF(2, 3) wrong(struct parse *p, const char *fmt, ...)
{
	struct strbuf b = { 0 }, text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, crm_tr(fmt), ap);
	va_end(ap);
	if (n >= 0 && strbuf_reserve(&text, (size_t)n)) {
		va_start(ap, fmt);
		vsnprintf(text.s, (size_t)n + 1, crm_tr(fmt), ap);
		va_end(ap);
	}
	begin_error(p, &b);
	strbuf_puts(&b, need_str(&text));
	strbuf_free(&text);
	free(p->error);
	p->error = need_text(&b);
}

/* An option that is none: the nearest one, or that arguments with a dash need --. */
static enum step wrong_option(struct parse *p, const struct scope *scope, const char *word)
{
	cleanup(strings_freep) struct strings names = { 0 };
	const crm_field *f;
	size_t at = 0;

	for (size_t i = 0; i < scope->n; i++)
		for (const struct cli_opt *o = scope->groups[i].options; o->name; o++)
			strings_add(&names, o->name);
	while ((f = opt_field_next(p->verb, p->entity, &at)))
		strings_add(&names, crm_field_option(f));

	size_t len = strcspn(word, "=");
	cleanup(freep) char *name = need_copy(word);
	name[len] = '\0';
	const char *nearest = strncmp(word, "--", 2) == 0 ? crm_text_nearest(name + 2, names.v, names.n) : NULL;
	if (nearest)
		wrong(p, "there is no option %s, did you mean --%s?", name, nearest);
	else
		wrong(p, "there is no option %s%s", name,
			p->verb ? " (an argument that begins with - stands after --)" : "");
	return STEP_WRONG;
}

static enum step wrong_twice(struct parse *p, const char *name)
{
	wrong(p, "--%s is given twice", name);
	return STEP_WRONG;
}

static enum step wrong_choice(struct parse *p, const struct cli_opt *o, const char *value)
{
	struct strbuf words = { 0 };
	size_t n = 0;

	while (o->words[n])
		n++;
	const char *nearest = crm_text_nearest(value, o->words, n);
	for (size_t i = 0; i < n; i++)
		strbuf_printf(&words, "%s%s", i == 0 ? "" : i == n - 1 ? " or " : ", ", o->words[i]);
	if (nearest)
		wrong(p, "--%s '%s': is not %s, did you mean '%s'?", o->name, value, need_str(&words), nearest);
	else
		wrong(p, "--%s '%s': is not %s", o->name, value, need_str(&words));
	strbuf_free(&words);
	return STEP_WRONG;
}

/* --- storing --- */

/* Notes that it was given; false when it was before. */
static bool first_time(struct parse *p, const void *what)
{
	for (size_t i = 0; i < p->nseen; i++)
		if (p->seen[i] == what)
			return false;
	p->seen = need_room(p->seen, p->nseen, &p->seen_cap, sizeof(*p->seen));
	p->seen[p->nseen++] = what;
	return true;
}

static struct assign *add_assign(struct assigns *a)
{
	a->v = need_room(a->v, a->n, &a->cap, sizeof(*a->v));
	return &a->v[a->n++];
}

static enum step store_custom(struct parse *p, struct assigns *a, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : 0;

	if (len == 0) {
		wrong(p, "--set '%s': is not NAME=VALUE", text);
		return STEP_WRONG;
	}
	for (size_t i = 0; i < a->n; i++)
		if (!a->v[i].field && a->v[i].length == len && memcmp(a->v[i].name, text, len) == 0) {
			wrong(p, "--set %.*s is given twice", (int)len, text);
			return STEP_WRONG;
		}
	*add_assign(a) = (struct assign){ .name = text, .length = len, .value = equals + 1 };
	return STEP_ON;
}

static enum step store_field(struct parse *p, const crm_field *f, const char *value)
{
	struct assigns *a = (void *)((char *)p->opts + p->verb->fields);

	if (!first_time(p, f) && !(crm_field_flags(f) & CRM_FIELD_REPEATED))
		return wrong_twice(p, crm_field_option(f));
	*add_assign(a) = (struct assign){
		.field = f, .name = crm_field_name(f), .length = strlen(crm_field_name(f)), .value = value
	};
	return STEP_ON;
}

static enum step store_value(struct parse *p, const struct opt_group *g, const struct cli_opt *o, const char *value)
{
	void *slot = (g->global ? (char *)&p->global : (char *)p->opts + g->offset) + o->offset;

	if (!first_time(p, o) && o->kind != OPT_LIST && o->kind != OPT_SET)
		return wrong_twice(p, o->name);
	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)slot = true;
		return p->global.help || p->global.version ? STEP_STOP : STEP_ON;
	case OPT_TEXT:
		*(const char **)slot = value;
		return STEP_ON;
	case OPT_CHOICE:
		if (!words_have(o->words, value))
			return wrong_choice(p, o, value);
		*(const char **)slot = value;
		return STEP_ON;
	case OPT_INTEGER:
		if (number_read(value, slot))
			return STEP_ON;
		wrong(p, "--%s '%s': is not a whole number from 0", o->name, value);
		return STEP_WRONG;
	case OPT_LIST:
		strings_add(slot, value);
		return STEP_ON;
	case OPT_SET:
		return store_custom(p, slot, value);
	}
	return STEP_WRONG;
}

/* --- options --- */

/* The value of the option at hand: `given` with it, else the next word, whatever that begins with. */
static bool take_value(struct parse *p, const char *const *words, size_t n, const char *option, const char *arg,
	const char *given, const char **value)
{
	*value = given;
	if (given)
		return true;
	if (p->at == n) {
		wrong(p, "%s needs a value: %s", option, arg);
		return false;
	}
	*value = words[p->at++];
	return true;
}

static enum step take_long(struct parse *p, const struct scope *scope, const char *const *words, size_t n)
{
	const char *word = words[p->at++], *name = word + 2, *equals = strchr(name, '='), *value;
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct opt_group *group;
	const struct cli_opt *o = opt_find(&group, scope->groups, scope->n, name, len);
	const crm_field *f = o ? NULL : opt_field_find(p->verb, p->entity, name, len);

	if (!o && !f)
		return wrong_option(p, scope, word);
	if (o && !opt_takes_value(o)) {
		if (!equals)
			return store_value(p, group, o, NULL);
		wrong(p, "--%s takes no value", o->name);
		return STEP_WRONG;
	}
	if (!take_value(p, words, n, word, o ? o->arg : opt_field_arg(f), equals ? equals + 1 : NULL, &value))
		return STEP_WRONG;
	return o ? store_value(p, group, o, value) : store_field(p, f, value);
}

/* -q, -mTEXT, -m TEXT, -qm TEXT. */
static enum step take_letters(struct parse *p, const struct scope *scope, const char *const *words, size_t n)
{
	const char *word = words[p->at++], *value;
	enum step step = STEP_ON;

	for (const char *s = word + 1; *s && step == STEP_ON; s++) {
		const struct opt_group *group;
		const struct cli_opt *o = opt_find_letter(&group, scope->groups, scope->n, *s);
		const char option[] = { '-', *s, '\0' };

		if (!o)
			return wrong_option(p, scope, word);
		if (!opt_takes_value(o)) {
			step = store_value(p, group, o, NULL);
			continue;
		}
		if (!take_value(p, words, n, option, o->arg, s[1] ? s + 1 : NULL, &value))
			return STEP_WRONG;
		return store_value(p, group, o, value);
	}
	return step;
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

static enum step take_option(struct parse *p, const struct scope *scope, const char *const *words, size_t n)
{
	return words[p->at][1] == '-' ? take_long(p, scope, words, n) : take_letters(p, scope, words, n);
}

static enum parse_result ended(const struct parse *p, enum step step)
{
	if (step == STEP_WRONG)
		return PARSE_WRONG;
	return p->global.version ? PARSE_VERSION : PARSE_HELP;
}

/* --- the command line --- */

enum parse_result parse_command(struct parse *p, const char *const *words, size_t n)
{
	struct scope scope;

	scope.n = opt_groups(scope.groups, NULL, NULL);
	while (p->at < n && is_option(words[p->at])) {
		enum step step = take_option(p, &scope, words, n);
		if (step != STEP_ON)
			return ended(p, step);
	}
	if (p->at == n)
		return PARSE_DONE;
	p->command = command_find(p->program, words[p->at]);
	if (!p->command)
		return PARSE_UNKNOWN;
	p->at++;
	return PARSE_DONE;
}

/* The verb that stands for none: the command itself, or its list. */
static const struct cli_verb *silent_verb(const struct cli_command *command)
{
	const struct cli_verb *list = NULL;

	for (size_t i = 0; i < command->nverbs; i++) {
		if (!command->verbs[i].name)
			return &command->verbs[i];
		if (strcmp(command->verbs[i].name, "list") == 0)
			list = &command->verbs[i];
	}
	return list;
}

/* True when the command is about the kind of record that its first argument names. */
static bool takes_entity(const struct cli_command *command)
{
	const struct cli_verb *verb = command->verbs;

	return !verb->name && verb->complete &&
	       (strncmp(verb->complete, "importable", strlen("importable")) == 0 ||
		       strncmp(verb->complete, "entity", strlen("entity")) == 0);
}

/* `customer import`: the command comes first. */
static enum parse_result wrong_order(struct parse *p, const char *typed, const struct cli_command *meant)
{
	if (takes_entity(meant))
		wrong(p, "there is no '%s', did you mean 'crm %s %s'?", typed, meant->name, p->command->name);
	else
		wrong(p, "there is no '%s', did you mean 'crm %s'?", typed, meant->name);
	return PARSE_WRONG;
}

/* `n` words stand where a verb should. */
static enum parse_result wrong_verb(struct parse *p, const char *const *words, size_t n)
{
	cleanup(strings_freep) struct strings names = { 0 };
	cleanup(strbuf_freep) struct strbuf all = { 0 }, typed = { 0 };
	bool pair = false;

	for (size_t i = 0; i < p->command->nverbs; i++) {
		const char *name = p->command->verbs[i].name;
		if (!name)
			continue;
		strings_add(&names, name);
		strbuf_printf(&all, "%s%s", names.n > 1 ? ", " : "", name);
		pair |= n > 1 && strncmp(name, words[0], strlen(words[0])) == 0 && name[strlen(words[0])] == ' ';
	}
	strbuf_printf(&typed, "%s%s%s", n ? words[0] : "", pair ? " " : "", pair ? words[1] : "");
	const char *ours = word_of_ours(need_str(&typed));
	const struct cli_command *other = n ? command_find(p->program, ours) : NULL;
	const char *nearest = n ? crm_text_nearest(ours, names.v, names.n) : NULL;
	if (other)
		return wrong_order(p, typed.s, other);
	if (n == 0)
		wrong(p, "which of %s?", need_str(&all));
	else if (nearest)
		wrong(p, "there is no '%s', did you mean '%s'?", typed.s, nearest);
	else
		wrong(p, "there is no '%s'; there is %s", typed.s, need_str(&all));
	return PARSE_WRONG;
}

/* Finds the verb; only global options may stand before it. *unsaid: none was named, it is the noun's list. */
static enum parse_result take_verb(struct parse *p, const char *const *words, size_t n, bool *unsaid)
{
	const struct cli_verb *silent = silent_verb(p->command);
	const struct opt_group *group;
	struct scope scope;
	size_t used;

	scope.n = opt_groups(scope.groups, NULL, NULL);
	while (p->at < n && is_option(words[p->at])) {
		const char *word = words[p->at];
		if (silent &&
			!(word[1] == '-' ? opt_find(&group, scope.groups, scope.n, word + 2, strcspn(word + 2, "="))
					 : opt_find_letter(&group, scope.groups, scope.n, word[1])))
			break;
		enum step step = take_option(p, &scope, words, n);
		if (step != STEP_ON)
			return ended(p, step);
	}
	if (p->at < n && !is_option(words[p->at])) {
		p->verb = verb_find(p->command, words + p->at, n - p->at, &used);
		if (p->verb) {
			p->at += used;
			return PARSE_DONE;
		}
		if (!silent || silent->name)
			return wrong_verb(p, words + p->at, n - p->at);
	}
	p->verb = silent;
	*unsaid = silent && silent->name;
	return silent ? PARSE_DONE : wrong_verb(p, NULL, 0);
}

/* Which of the verb's arguments is the i-th: its name in the usage, without brackets and dots. */
static void add_arg_name(struct strbuf *b, const struct cli_verb *verb, size_t i)
{
	const char *s = verb->args ? verb->args : "";

	for (; i > 0 && strchr(s, ' '); i--)
		s = strchr(s, ' ') + 1;
	size_t len = strcspn(s, " ");
	const char *dots = strstr(s, "…");
	if (dots && dots < s + len)
		len = (size_t)(dots - s);
	if (len > 0 && *s == '[') {
		s++;
		len--;
	}
	while (len > 0 && s[len - 1] == ']')
		len--;
	strbuf_add(b, s, len);
}

/* An argument too few or too many; the synopsis says which there are. */
static enum parse_result wrong_count(struct parse *p, bool where)
{
	cleanup(strbuf_freep) struct strbuf name = { 0 }, synopsis = { 0 };

	usage_synopsis(&synopsis, p->command, p->verb);
	if (p->verb->max_args >= 0 && p->args.n > (size_t)p->verb->max_args) {
		wrong(p, "'%s' is one argument too many (%s)", p->args.v[p->verb->max_args], need_str(&synopsis));
		return PARSE_WRONG;
	}
	if (where)
		strbuf_puts(&name, "FILTER");
	else
		add_arg_name(&name, p->verb, p->args.n);
	wrong(p, "which %s? (%s)", need_str(&name), need_str(&synopsis));
	return PARSE_WRONG;
}

static enum parse_result check_arity(struct parse *p, bool unsaid)
{
	const struct cli_verb *verb = p->verb;
	bool where = verb->flags & VERB_WHERE && ((struct many_opts *)(void *)((char *)p->opts + verb->many))->where;

	if (unsaid && p->args.n > 0) {
		wrong(p, "'%s': the verb stands before its options and arguments (%s list …)", p->args.v[0],
			p->command->name);
		return PARSE_WRONG;
	}
	if (p->args.n < (size_t)verb->min_args || (where && p->args.n == 0) ||
		(verb->max_args >= 0 && p->args.n > (size_t)verb->max_args))
		return wrong_count(p, where);
	if (p->global.header && p->global.no_header) {
		wrong(p, "--header and --no-header contradict each other");
		return PARSE_WRONG;
	}
	return PARSE_DONE;
}

static void make_opts(struct parse *p, const struct scope *scope)
{
	p->opts = need_zeroed(1, p->verb->size);
	for (size_t i = 0; i < scope->n; i++)
		if (!scope->groups[i].global)
			numbers_not_given(scope->groups[i].options, (char *)p->opts + scope->groups[i].offset);
}

enum parse_result parse_verb(struct parse *p, const char *const *words, size_t n)
{
	bool options = true, unsaid = false;
	struct scope scope;
	enum parse_result result = take_verb(p, words, n, &unsaid);

	if (result != PARSE_DONE)
		return result;
	p->entity = opt_entity(p->command, p->verb);
	scope.n = opt_groups(scope.groups, p->verb, p->entity);
	make_opts(p, &scope);
	while (p->at < n) {
		const char *word = words[p->at];
		if (options && strcmp(word, "--") == 0) {
			options = false;
			p->at++;
		} else if (options && is_option(word)) {
			enum step step = take_option(p, &scope, words, n);
			if (step != STEP_ON)
				return ended(p, step);
		} else {
			strings_add(&p->args, word);
			p->at++;
		}
	}
	return check_arity(p, unsaid);
}
