/*
 * The language of actions: KEYWORD ARGUMENT, a line each or `;` between them.
 *
 * An argument (of set: the value) that begins with a double quote ends with the next one and may hold anything, with
 * `\"`, `\\` and `\n`; otherwise it goes to the `;` or the end of the line, as it is.
 */
#include "service/rule.h"

static const struct {
	const char *word, *use;
} kinds[] = {
	[ACTION_SET] = { "set", "set FIELD=VALUE" },
	[ACTION_ASSIGN] = { "assign", "assign AGENT" },
	[ACTION_TEAM] = { "team", "team TEAM [round-robin|least-loaded]" },
	[ACTION_TAG] = { "tag", "tag TAG" },
	[ACTION_UNTAG] = { "untag", "untag TAG" },
	[ACTION_NOTE] = { "note", "note TEXT" },
	[ACTION_FOLLOWUP] = { "followup", "followup ACTION DUE [PURPOSE]" },
	[ACTION_HOOK] = { "hook", "hook NAME" },
};

static const struct {
	const char *word;
	crm_assign_how how;
} ways[] = {
	{ "round-robin", CRM_ASSIGN_ROUND_ROBIN },
	{ "least-loaded", CRM_ASSIGN_LEAST_LOADED },
};

struct reader {
	const char *s, *end;
	struct arena *mem;
	struct err *err;
	const char *action; /* where the one at hand begins, for messages */
};

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool at_end(const struct reader *r)
{
	return r->s == r->end || *r->s == '\n' || *r->s == ';';
}

static void skip_blanks(struct reader *r)
{
	while (r->s < r->end && blank(*r->s))
		r->s++;
}

/* `actions: 'set x': WHY`, the action up to the end of its line. */
static int fail(const struct reader *r, const char *why)
{
	const char *line = memchr(r->action, '\n', (size_t)(r->end - r->action));
	struct buf quoted = BUF_INIT;
	int status;

	buf_quote(&quoted, r->action, (size_t)((line ? line : r->end) - r->action));
	status = buf_str(&quoted) ? err_set(r->err, CRM_INVALID, "actions: %s: %s", quoted.s, crm_tr(why))
				  : err_nomem(r->err);
	buf_free(&quoted);
	return status;
}

static int unknown(const struct reader *r)
{
	cleanup(buf_free) struct buf known = BUF_INIT, why = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		buf_puts(buf_comma(&known), kinds[i].use);
	if (buf_str(&known))
		buf_say(&why, "is no action; there are: %s", known.s);
	return !known.failed && buf_str(&why) ? fail(r, why.s) : err_nomem(r->err);
}

/* The text in quotes at r->s. */
static int read_quoted(struct reader *r, struct buf *out)
{
	for (r->s++; r->s < r->end && *r->s != '"'; r->s++) {
		char c = *r->s;

		if (c == '\\' && r->s + 1 < r->end && strchr("\"\\n", r->s[1]) && r->s[1]) {
			c = *++r->s;
			c = c == 'n' ? '\n' : c;
		}
		buf_putc(out, c);
	}
	if (r->s == r->end)
		return fail(r, N_("the closing quote is missing"));
	r->s++;
	return CRM_OK;
}

/* The rest of the action; with quotes, what follows them is left to the caller. */
static int read_text(const char **out, struct reader *r, bool *quoted)
{
	struct buf text = BUF_INIT;
	int status = CRM_OK;

	skip_blanks(r);
	*quoted = r->s < r->end && *r->s == '"';
	if (*quoted) {
		status = read_quoted(r, &text);
		skip_blanks(r);
	} else {
		const char *begin = r->s, *last;

		while (!at_end(r))
			r->s++;
		for (last = r->s; last > begin && blank(last[-1]); last--)
			;
		buf_add(&text, begin, (size_t)(last - begin));
	}
	if (status == CRM_OK)
		*out = buf_str(&text) ? arena_copy(r->mem, text.s ? text.s : "", text.len) : NULL;
	buf_free(&text);
	return status < 0 ? status : *out ? CRM_OK : err_nomem(r->err);
}

/* The way of choosing a member that ends `team`; cuts it off. */
static void take_way(struct action *a, struct arena *mem)
{
	size_t len = strlen(a->value);

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		size_t n = strlen(ways[i].word);

		if (len <= n + 1 || strcmp(a->value + len - n, ways[i].word) != 0 || !blank(a->value[len - n - 1]))
			continue;
		for (len -= n; len > 0 && blank(a->value[len - 1]); len--)
			;
		a->value = arena_copy(mem, a->value, len);
		a->chooses = true;
		a->how = ways[i].how;
		return;
	}
}

static int read_way(struct reader *r, struct action *a)
{
	const char *begin = r->s;

	while (!at_end(r) && !blank(*r->s))
		r->s++;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (strlen(ways[i].word) == (size_t)(r->s - begin) &&
			memcmp(ways[i].word, begin, (size_t)(r->s - begin)) == 0) {
			a->chooses = true;
			a->how = ways[i].how;
		}
	skip_blanks(r);
	return a->chooses ? CRM_OK : fail(r, N_("after the team there is round-robin, least-loaded or nothing"));
}

static int read_field(struct reader *r, struct action *a)
{
	const char *begin, *last;

	skip_blanks(r);
	begin = r->s;
	while (!at_end(r) && *r->s != '=')
		r->s++;
	if (at_end(r) || r->s == begin)
		return fail(r, N_("is set FIELD=VALUE"));
	for (last = r->s; last > begin && blank(last[-1]); last--)
		;
	a->field = arena_copy(r->mem, begin, (size_t)(last - begin));
	r->s++;
	return a->field ? CRM_OK : err_nomem(r->err);
}

/* A word, or a text in quotes. */
static int read_word(const char **out, struct reader *r)
{
	struct buf text = BUF_INIT;
	int status = CRM_OK;

	skip_blanks(r);
	if (r->s < r->end && *r->s == '"')
		status = read_quoted(r, &text);
	else
		for (; !at_end(r) && !blank(*r->s); r->s++)
			buf_putc(&text, *r->s);
	if (status == CRM_OK)
		*out = buf_str(&text) ? arena_copy(r->mem, buf_str(&text), text.len) : NULL;
	buf_free(&text);
	return status < 0 ? status : *out ? CRM_OK : err_nomem(r->err);
}

static int read_followup(struct reader *r, struct action *a)
{
	int status = read_word(&a->field, r);

	if (status == CRM_OK)
		status = read_word(&a->due, r);
	if (status == CRM_OK && (!*a->field || !*a->due))
		status = fail(r, N_("is followup ACTION DUE [PURPOSE], as in followup call +3d"));
	if (status == CRM_OK && !at_end(r) && !blank(*r->s))
		status = fail(r, N_("a blank is missing after the closing quote"));
	return status;
}

static bool same_word(const char *word, const char *s, size_t len)
{
	return strlen(word) == len && memcmp(word, s, len) == 0;
}

static bool hook_name(const char *s)
{
	if (*s == '.' || !*s)
		return false;
	for (; *s; s++)
		if (!ascii_alpha(*s) && !ascii_digit(*s) && *s != '.' && *s != '_' && *s != '-')
			return false;
	return true;
}

static int read_keyword(struct reader *r, struct action *a)
{
	const char *begin = r->s;

	while (!at_end(r) && !blank(*r->s))
		r->s++;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (same_word(kinds[i].word, begin, (size_t)(r->s - begin))) {
			a->kind = (enum action_kind)i;
			return CRM_OK;
		}
	return unknown(r);
}

static void write_argument(struct buf *out, const char *s, bool quotes)
{
	size_t len = strlen(s);

	quotes |= len == 0 || strpbrk(s, ";\n\r\t") || s[0] == '"' || blank(s[0]) || blank(s[len - 1]);

	if (!quotes) {
		buf_puts(out, s);
		return;
	}
	buf_putc(out, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\' || *s == '\n')
			buf_putc(out, '\\');
		buf_putc(out, *s == '\n' ? 'n' : *s);
	}
	buf_putc(out, '"');
}

static const char *write_action(struct arena *mem, const struct action *a)
{
	struct action probe = *a;
	struct buf b = BUF_INIT;
	const char *copy;

	if (a->kind == ACTION_TEAM && !a->chooses)
		take_way(&probe, mem); /* a team whose very name ends so is quoted */
	buf_printf(&b, "%s ", kinds[a->kind].word);
	if (a->kind == ACTION_SET)
		buf_printf(&b, "%s=", a->field);
	if (a->kind == ACTION_FOLLOWUP) {
		write_argument(&b, a->field, strpbrk(a->field, " ") != NULL);
		buf_putc(&b, ' ');
		write_argument(&b, a->due, strpbrk(a->due, " ") != NULL);
		buf_puts(&b, *a->value ? " " : "");
	}
	if (!*a->value && (a->kind == ACTION_SET || a->kind == ACTION_FOLLOWUP))
		; /* clears it; has no purpose */
	else
		write_argument(&b, a->value, probe.chooses != a->chooses);
	if (a->chooses)
		buf_printf(&b, " %s", ways[a->how].word);
	copy = buf_str(&b) ? arena_copy(mem, b.s, b.len) : NULL;
	buf_free(&b);
	return copy;
}

static int read_action(struct reader *r, struct action *a)
{
	bool quoted;
	int status = read_keyword(r, a);

	if (status == CRM_OK && a->kind == ACTION_SET)
		status = read_field(r, a);
	if (status == CRM_OK && a->kind == ACTION_FOLLOWUP)
		status = read_followup(r, a);
	if (status == CRM_OK)
		status = read_text(&a->value, r, &quoted);
	if (status == CRM_OK && a->kind == ACTION_TEAM && !quoted)
		take_way(a, r->mem);
	else if (status == CRM_OK && a->kind == ACTION_TEAM && !at_end(r))
		status = read_way(r, a);
	if (status < 0)
		return status;
	if (!at_end(r))
		return fail(r, N_("nothing can follow the closing quote"));
	if (!*a->value && a->kind != ACTION_SET && a->kind != ACTION_FOLLOWUP)
		return fail(r, kinds[a->kind].use);
	if (a->kind == ACTION_HOOK && !hook_name(a->value))
		return fail(r, N_("a hook is named by letters, digits, `.`, `_` and `-`, and begins with no dot"));
	a->text = write_action(r->mem, a);
	return a->text && a->value ? CRM_OK : err_nomem(r->err);
}

int actions_parse(struct actions *out, struct arena *mem, const char *text, size_t len, struct err *err)
{
	struct reader r = { .s = text, .end = text + len, .mem = mem, .err = err };

	*out = (struct actions){ 0 };
	while (r.s < r.end) {
		struct action a = { 0 };
		int status;

		if (at_end(&r) || blank(*r.s)) {
			r.s++;
			continue;
		}
		r.action = r.s;
		status = read_action(&r, &a);
		if (status == CRM_OK && !GROW(out->v, out->n, out->cap))
			status = err_nomem(err);
		if (status < 0) {
			actions_free(out);
			return status;
		}
		out->v[out->n++] = a;
	}
	return CRM_OK;
}

void actions_free(struct actions *a)
{
	free(a->v);
	*a = (struct actions){ 0 };
}

void actions_write(struct buf *out, const struct actions *a, const char *between)
{
	for (size_t i = 0; i < a->n; i++)
		buf_printf(out, "%s%s", i ? between : "", a->v[i].text);
}
