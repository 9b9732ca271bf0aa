/* Reading the configuration. inih knows the syntax; which line said what, and what it should say, is ours. */
#include "cli/config.h"
#include "cli/cli.h"
#include "cli/language.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const colors[] = { "auto", "always", "never", NULL };
static const char *const ambiguous[] = { "auto", "narrow", "wide", NULL };
static const char *const yes_no[] = { "yes", "no", NULL };

const struct config_key config_keys[] = {
	{ "store.path", CONFIG_TEXT, NULL, N_("the store, when neither --store nor $CRM_STORE names one"), NULL },
	{ "store.wait", CONFIG_INTEGER, "30", N_("seconds to wait for a store that another process writes"), NULL },
	{ "store.trust", CONFIG_TEXT, NULL,
		N_("stores of others to use all the same: paths of files or directories, with colons between"), NULL },
	{ "user.agent", CONFIG_TEXT, NULL, N_("who acts, when neither --as nor $CRM_AGENT says so"), NULL },
	{ "time.zone", CONFIG_TEXT, NULL, N_("zone of times without one, as Asia/Shanghai"), NULL },
	{ "phone.country", CONFIG_TEXT, NULL, N_("country of phone numbers without one, as CN"), NULL },
	{ "ticket.reopen", CONFIG_TEXT, "7d", N_("how long after a solution the customer's word reopens a ticket"),
		NULL },
	{ "ticket.vip", CONFIG_TEXT, "vip", N_("tag of customers whose tickets are more urgent"), NULL },
	{ "classify.auto", CONFIG_TEXT, NULL,
		N_("fields of a new ticket that classifiers fill in, as category,priority=MODEL"), NULL },
	{ "product.warranty", CONFIG_TEXT, NULL, N_("how long products are under warranty, as 2y"), NULL },
	{ "satisfaction.weights", CONFIG_TEXT, NULL,
		N_("what each score counts in satisfaction, as quality=0.4,speed=0.6; else the five of service alike"),
		NULL },
	{ "duplicates.weights", CONFIG_TEXT, NULL,
		N_("weights that hold whatever the store says, as phone.exact=14,prior=-20: crm customer duplicates "
		   "--explain"),
		NULL },
	{ "loyalty.b0", CONFIG_TEXT, NULL, N_("loyalty is b0 + b1 * satisfaction + b2 * days as a customer"), NULL },
	{ "loyalty.b1", CONFIG_TEXT, NULL, N_("what a point of satisfaction adds to loyalty"), NULL },
	{ "loyalty.b2", CONFIG_TEXT, NULL, N_("what a day as a customer adds to loyalty"), NULL },
	{ "money.currency", CONFIG_TEXT, NULL, N_("currency of amounts without one, as CNY"), NULL },
	{ "report.language", CONFIG_CHOICE, "auto", N_("language of charts, pages and letters; auto: that of messages"),
		language_names },
	{ "ui.language", CONFIG_CHOICE, "auto", N_("language of messages and tables; auto: that of the environment"),
		language_names },
	{ "ui.color", CONFIG_CHOICE, "auto", N_("when to use colour"), colors },
	{ "ui.pager", CONFIG_BOOL, "yes", N_("long lists on a terminal go through the pager"), yes_no },
	{ "ui.format", CONFIG_CHOICE, "table", N_("how lists are written on a terminal"), out_list_format_names },
	{ "ui.ambiguous", CONFIG_CHOICE, "auto",
		N_("how the terminal shows Greek, … and others that are one column or two; auto: by the environment"),
		ambiguous },
	{ "alias.NAME", CONFIG_TEXT, NULL, N_("a command of your own: its words, or !WORDS for the shell"), NULL },
	{ NULL, CONFIG_TEXT, NULL, NULL, NULL },
};

/* --- keys --- */

const struct config_key *config_key_find(const char *name)
{
	const struct config_key *k = config_keys;

	while (k->name && strcmp(k->name, name) != 0)
		k++;
	if (k->name && strcmp(k->name, "alias.NAME") != 0)
		return k;
	if (strncmp(name, "alias.", 6) != 0 || !name[6])
		return NULL;
	for (k = config_keys; strcmp(k->name, "alias.NAME") != 0;)
		k++;
	return k;
}

static bool read_bool(const char *s, bool *out)
{
	static const char *const yes[] = { "yes", "true", "on", "1", NULL }, *const no[] = { "no", "false", "off", "0",
		NULL };

	*out = words_have(yes, s);
	return *out || words_have(no, s);
}

char *config_refusal(const struct config_key *key, const char *value)
{
	struct strbuf b = { 0 };
	int64_t i;
	bool yes;

	if (key->kind == CONFIG_INTEGER && !number_read(value, &i))
		strbuf_puts(&b, crm_tr("a whole number from 0"));
	if (key->kind == CONFIG_BOOL && !read_bool(value, &yes))
		strbuf_puts(&b, crm_tr("yes or no"));
	if (key->kind == CONFIG_CHOICE && !words_have(key->words, value))
		for (size_t i_word = 0; key->words[i_word]; i_word++)
			strbuf_printf(&b, "%s%s", i_word ? ", " : crm_tr("one of "), key->words[i_word]);
	return b.len ? need_text(&b) : NULL;
}

void config_key_help(struct strbuf *out, const struct config_key *key)
{
	strbuf_puts(out, crm_tr(key->help));
	for (size_t i = 0; key->words && key->words[i]; i++)
		strbuf_printf(out, "%s%s", list_mark(i), key->words[i]);
	if (key->fallback)
		strbuf_printf(out, crm_tr("; default %s"), key->fallback);
}

const struct config_entry *config_entry(const struct config *c, const char *key)
{
	for (size_t i = c->n; i-- > 0;)
		if (strcmp(c->v[i].key, key) == 0)
			return &c->v[i];
	return NULL;
}

const char *config_set_value(const struct config *c, const char *key)
{
	const struct config_entry *e = config_entry(c, key);

	return e ? e->value : NULL;
}

const char *config_get(const struct config *c, const char *key)
{
	const char *value = config_set_value(c, key);

	return value ? value : config_key_find(key)->fallback;
}

int64_t config_integer(const struct config *c, const char *key)
{
	int64_t i = 0;

	number_read(config_get(c, key), &i);
	return i;
}

bool config_bool(const struct config *c, const char *key)
{
	bool yes = false;

	read_bool(config_get(c, key), &yes);
	return yes;
}

/* --- the file --- */

/* The lines of a text, handed to inih one by one: so it is known which line a key stood on. */
struct reading {
	struct config *config;
	const char *rest;
	size_t line;
	bool expected; /* the line at hand should say something */
};

static void CRM_PRINTF(3, 4) warn(struct config *c, size_t line, const char *fmt, ...)
{
	cleanup(freep) char *text = NULL;
	struct strbuf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, crm_tr(fmt), ap) < 0)
		need(NULL);
	va_end(ap);
	strbuf_printf(&b, "%s:%zu: %s", c->path ? c->path : "", line, text);
	c->warnings = need_room(c->warnings, c->nwarnings, &c->warnings_cap, sizeof(*c->warnings));
	c->warnings[c->nwarnings++] = need_text(&b);
}

static void check_last_line(struct reading *r)
{
	if (r->expected)
		warn(r->config, r->line, "is neither [section] nor NAME = VALUE nor a comment");
	r->expected = false;
}

/* As fgets: the next line into `dst`, which inih was told to make large enough. */
static char *next_line(char *dst, int size, void *stream)
{
	struct reading *r = stream;
	size_t len = strcspn(r->rest, "\n");

	check_last_line(r);
	if (!*r->rest || len + 1 >= (size_t)size)
		return NULL;
	memcpy(dst, r->rest, len);
	dst[len] = '\0';
	r->rest += len + (r->rest[len] == '\n');
	r->line++;
	const char *s = dst + strspn(dst, " \t\r");
	r->expected = *s && !strchr(";#", *s) && !(*s == '[' && strchr(s, ']'));
	return dst;
}

static void warn_unknown(struct config *c, size_t line, const char *key)
{
	cleanup(strings_freep) struct strings names = { 0 };

	for (const struct config_key *k = config_keys; k->name; k++)
		strings_add(&names, k->name);
	cleanup(freep) char *hint = cli_nearest(key, names.v, names.n, "");
	warn(c, line, "there is no key %s%s", key, hint);
}

static int take_entry(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;
	struct config *c = r->config;
	struct strbuf b = { 0 };

	r->expected = false;
	strbuf_printf(&b, "%s.%s", section, name);
	char *key = need_text(&b);
	const struct config_key *known = config_key_find(key);
	cleanup(freep) char *refusal = known ? config_refusal(known, value) : NULL;
	if (known && !refusal) {
		c->v = need_room(c->v, c->n, &c->cap, sizeof(*c->v));
		c->v[c->n++] = (struct config_entry){ .key = key, .value = need_copy(value), .line = r->line };
		return 1;
	}
	if (known)
		warn(c, r->line, "%s must be %s", key, refusal);
	else
		warn_unknown(c, r->line, key);
	free(key);
	return 1;
}

static void parse_text(struct config *c, const char *text)
{
	struct reading r = { .config = c, .rest = text };
	size_t longest = 0;

	for (const char *s = text; *s; s += strcspn(s, "\n"), s += *s == '\n')
		longest = strcspn(s, "\n") > longest ? strcspn(s, "\n") : longest;
	/* inih's own limit would cut paths and aliases; a `;` within a line belongs to the value */
	ini_use_stack = false;
	ini_initial_alloc = ini_max_line = (int)(longest < 1 << 20 ? longest : 1 << 20) + 4;
	ini_allow_inline_comments = false;
	ini_allow_multiline = false;
	if (ini_parse_stream(next_line, &r, take_entry, &r) == -2)
		need(NULL);
	check_last_line(&r);
}

/* $XDG_CONFIG_HOME/crm/config, else ~/.config/crm/config. */
static char *config_path(void)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct strbuf b = { 0 };

	if (dir && *dir == '/')
		strbuf_printf(&b, "%s/crm/config", dir);
	else if (home && *home == '/')
		strbuf_printf(&b, "%s/.config/crm/config", home);
	return b.len || b.failed ? need_text(&b) : NULL;
}

/* The text of the file, "" when there is none. 0 or errno. */
static int read_file(const char *path, struct strbuf *text)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return !path || errno == ENOENT || errno == ENOTDIR ? 0 : errno;
	int error = read_all(text, fd);
	close(fd);
	return error;
}

int config_load(struct config *c)
{
	cleanup(strbuf_freep) struct strbuf text = { 0 };

	*c = (struct config){ .path = config_path() };
	int error = read_file(c->path, &text);
	if (error == 0 && text.s)
		parse_text(c, text.s);
	return error;
}

void config_free(struct config *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].key);
		free(c->v[i].value);
	}
	for (size_t i = 0; i < c->nwarnings; i++)
		free(c->warnings[i]);
	free(c->v);
	free(c->warnings);
	free(c->path);
	*c = (struct config){ 0 };
}

/* --- writing --- */

/* The line after which a new key of the section belongs: that of the section's last key, or 0. */
static size_t section_end(const struct config *c, const char *key)
{
	size_t section = strcspn(key, ".") + 1, line = 0;

	for (size_t i = 0; i < c->n; i++)
		if (strncmp(c->v[i].key, key, section) == 0)
			line = c->v[i].line;
	return line;
}

static size_t line_of(const struct config *c, const char *key, size_t after)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].key, key) == 0 && c->v[i].line > after)
			return c->v[i].line;
	return 0;
}

/* The text with the key set or, with `value` NULL, without it. */
static void edit_text(struct strbuf *out, const struct config *c, const char *text, const char *key, const char *value)
{
	size_t section = strcspn(key, "."), replaced = 0, behind, number = 0;
	const char *name = key + section + 1;

	for (size_t line = 0; (line = line_of(c, key, line));)
		replaced = line;
	behind = value && !replaced ? section_end(c, key) : 0;
	while (*text) {
		size_t len = strcspn(text, "\n");
		number++;
		bool is_key = number == replaced || (!value && line_of(c, key, number - 1) == number);
		if (is_key && value)
			strbuf_printf(out, "%s = %s\n", name, value);
		else if (!is_key)
			strbuf_printf(out, "%.*s\n", (int)len, text);
		if (number == behind)
			strbuf_printf(out, "%s = %s\n", name, value);
		text += len + (text[len] == '\n');
	}
	if (value && !replaced && !behind)
		strbuf_printf(out, "%s[%.*s]\n%s = %s\n", out->len ? "\n" : "", (int)section, key, name, value);
}

/* True when the new text reads back as the key with just this value. */
static bool reads_back(const char *text, const char *key, const char *value)
{
	struct config c = { 0 };

	parse_text(&c, text);
	const char *found = config_set_value(&c, key);
	bool same = value ? found && strcmp(found, value) == 0 : !found;
	config_free(&c);
	return same;
}

int config_write(struct config *c, const char *key, const char *value)
{
	cleanup(strbuf_freep) struct strbuf old = { 0 }, text = { 0 };

	if (!c->path)
		return ENOENT;
	if (value && strpbrk(value, "\n\r"))
		return EINVAL;
	int error = read_file(c->path, &old);
	if (error)
		return error;
	edit_text(&text, c, old.s ? old.s : "", key, value);
	if (text.failed || !reads_back(text.s ? text.s : "", key, value))
		return text.failed ? ENOMEM : EINVAL;
	error = make_parents(c->path);
	return error ? error : new_file_write(c->path, text.s ? text.s : "", text.len);
}
