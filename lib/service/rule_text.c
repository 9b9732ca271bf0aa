/*
 * Rules as text, to be kept beside other configuration and read by people:
 *
 *     # a comment
 *     rule close what is solved
 *     position 20
 *     active no
 *     when tick status:solved last_event:..-72h
 *     then set status=closed
 *
 * Blocks begin with `rule`; blank lines do not matter. Every fault is reported with its line.
 */
#include "model/record.h"
#include "service/rule.h"
#include "text/text.h"

struct block {
	size_t line;
	size_t when_line;
	struct buf name, position, active, event, condition, actions;
	bool begun, faulty;
};

struct text_reader {
	crm_store *s;
	crm_rules_result *out;
	crm_import_note_fn note;
	void *payload;
	size_t line, faults;
	struct block block;
	int64_t *ids; /* of the rules read so far */
	size_t nids, cap;
};

static void fault(struct text_reader *t, size_t line, const char *field, const char *fmt, ...) CRM_PRINTF(4, 5);
static void fault(struct text_reader *t, size_t line, const char *field, const char *fmt, ...)
{
	struct buf why = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&why, crm_tr(fmt), ap);
	va_end(ap);
	t->faults++;
	t->block.faulty = true;
	if (t->note)
		t->note(line, field, buf_str(&why) ? why.s : "", t->payload);
	buf_free(&why);
}

static int64_t find(struct text_reader *t, const char *name, int *status)
{
	int64_t id = 0;

	*status = db_get_int(&id, t->s, "SELECT id FROM rule WHERE name_fold = fold($1)", "s", name);
	if (*status == CRM_END)
		*status = CRM_OK;
	return id;
}

static int set_all(struct text_reader *t, crm_record *r)
{
	const struct block *b = &t->block;
	const struct {
		const char *field;
		const struct buf *value;
		const char *usual; /* NULL: left as it is */
	} fields[] = {
		{ "name", &b->name, "" },
		{ "position", &b->position, NULL },
		{ "active", &b->active, "yes" },
		{ "event", &b->event, "" },
		{ "condition", &b->condition, "" },
		{ "actions", &b->actions, "" },
	};
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(fields); i++)
		if (fields[i].value->len || fields[i].usual)
			status = crm_record_set(
				r, fields[i].field, fields[i].value->len ? fields[i].value->s : fields[i].usual);
	return status;
}

static int save(struct text_reader *t, int64_t id)
{
	crm_record *r;
	bool differs;
	int status = id ? crm_record_load(&r, t->s, &entity_rule, id) : crm_record_new(&r, t->s, &entity_rule);

	if (status < 0)
		return status;
	status = set_all(t, r);
	differs = record_differs(r);
	if (status == CRM_OK)
		status = crm_record_save(r);
	if (status == CRM_OK && !GROW(t->ids, t->nids, t->cap))
		status = err_nomem(&t->s->err);
	if (status == CRM_OK) {
		t->ids[t->nids++] = r->id;
		*(!id ? &t->out->created : differs ? &t->out->updated : &t->out->unchanged) += 1;
	}
	crm_record_free(r);
	return status;
}

/* What the text can be blamed for; anything else ends the import. */
static bool is_fault(int status)
{
	return status == CRM_INVALID || status == CRM_NOTFOUND || status == CRM_AMBIGUOUS || status == CRM_EXISTS ||
	       status == CRM_CONFLICT;
}

static int report(struct text_reader *t, size_t line, int status)
{
	if (!is_fault(status))
		return status;
	fault(t, line, NULL, "%s", crm_errmsg(t->s));
	return CRM_OK;
}

static bool seen(const struct text_reader *t, int64_t id)
{
	for (size_t i = 0; i < t->nids; i++)
		if (t->ids[i] == id)
			return true;
	return false;
}

static int end_block(struct text_reader *t)
{
	struct block *b = &t->block;
	int status = CRM_OK;
	int64_t id = 0;

	if (!b->begun)
		return CRM_OK;
	t->out->read++;
	if (!b->event.len && !b->faulty)
		fault(t, b->line, NULL, "the rule has no line `when EVENT CONDITION`");
	if (!b->actions.len && !b->faulty)
		fault(t, b->line, NULL, "the rule has no line `then ACTION`");
	if (!buf_str(&b->name) || !buf_str(&b->condition) || !buf_str(&b->actions) || !buf_str(&b->event))
		return err_nomem(&t->s->err);
	if (!b->faulty)
		id = find(t, b->name.s, &status);
	if (status == CRM_OK && id && seen(t, id))
		fault(t, b->line, "name", "a rule of this name stands above already");
	if (status == CRM_OK && !b->faulty) {
		status = save(t, id);
		if (status < 0) {
			const char *why = crm_errmsg(t->s);
			bool of_when = strncmp(why, "condition:", 10) == 0 || strncmp(why, "event:", 6) == 0;

			status = report(t, of_when ? b->when_line : b->line, status);
		}
	}
	return status;
}

static void clear_block(struct block *b)
{
	struct buf *bufs[] = { &b->name, &b->position, &b->active, &b->event, &b->condition, &b->actions };

	for (size_t i = 0; i < ARRAY_SIZE(bufs); i++)
		buf_free(bufs[i]);
	*b = (struct block){ 0 };
}

/* --- lines --- */

static int begin_block(struct text_reader *t, const char *rest, size_t len)
{
	int status = end_block(t);

	clear_block(&t->block);
	t->block.begun = true;
	t->block.line = t->line;
	buf_add(&t->block.name, rest, len);
	if (status == CRM_OK && len == 0)
		fault(t, t->line, "name", "a rule needs a name: `rule NAME`");
	return status;
}

static void take(struct text_reader *t, struct buf *to, const char *word, const char *rest, size_t len)
{
	if (to->len)
		fault(t, t->line, NULL, "a second line `%s` of the rule", word);
	else if (len == 0)
		fault(t, t->line, NULL, "nothing stands after `%s`", word);
	else
		buf_add(to, rest, len);
}

static void take_when(struct text_reader *t, const char *rest, size_t len)
{
	size_t event = 0;

	while (event < len && !ascii_blank(rest[event]))
		event++;
	take(t, &t->block.event, "when", rest, event);
	t->block.when_line = t->line;
	while (event < len && ascii_blank(rest[event]))
		event++;
	if (event < len && t->block.condition.len == 0)
		buf_add(&t->block.condition, rest + event, len - event);
}

/* Checked at once, so that its own line is named. */
static int take_then(struct text_reader *t, const char *rest, size_t len)
{
	struct actions list = { 0 };
	struct arena mem = { 0 };
	int status;

	if (len == 0) {
		fault(t, t->line, NULL, "nothing stands after `then`");
		return CRM_OK;
	}
	status = actions_parse(&list, &mem, rest, len, &t->s->err);
	if (status == CRM_OK)
		status = actions_check(t->s, &list);
	actions_free(&list);
	arena_free(&mem);
	buf_printf(&t->block.actions, "%s%.*s", t->block.actions.len ? "\n" : "", (int)len, rest);
	return status < 0 ? report(t, t->line, status) : CRM_OK;
}

static bool is(const char *word, const char *s, size_t len)
{
	return strlen(word) == len && memcmp(word, s, len) == 0;
}

/* One line without blanks around it. */
static int read_line(struct text_reader *t, const char *s, size_t len)
{
	size_t word = 0, at;

	if (len == 0 || *s == '#')
		return CRM_OK;
	while (word < len && !ascii_blank(s[word]))
		word++;
	for (at = word; at < len && ascii_blank(s[at]); at++)
		;
	if (is("rule", s, word))
		return begin_block(t, s + at, len - at);
	if (!t->block.begun) {
		fault(t, t->line, NULL, "a rule begins with the line `rule NAME`");
		return CRM_OK;
	}
	if (is("when", s, word))
		take_when(t, s + at, len - at);
	else if (is("then", s, word))
		return take_then(t, s + at, len - at);
	else if (is("position", s, word))
		take(t, &t->block.position, "position", s + at, len - at);
	else if (is("active", s, word))
		take(t, &t->block.active, "active", s + at, len - at);
	else
		fault(t, t->line, NULL, "a line begins with rule, position, active, when, then or # (a comment)");
	return CRM_OK;
}

static int read_text(struct text_reader *t, const char *text, size_t len)
{
	const char *end = text + len;
	int status = CRM_OK;
	size_t bad;

	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		text += 3;
	while (status == CRM_OK && text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		const char *next = stop ? stop + 1 : end, *last = stop ? stop : end;

		t->line++;
		while (text < last && ascii_blank(*text))
			text++;
		while (last > text && ascii_blank(last[-1]))
			last--;
		if (!utf8_valid(text, (size_t)(last - text), &bad))
			fault(t, t->line, NULL, "is no UTF-8 text (or has a NUL byte)");
		else
			status = read_line(t, text, (size_t)(last - text));
		text = next;
	}
	return status == CRM_OK ? end_block(t) : status;
}

int crm_rules_import(
	crm_rules_result *out, crm_store *s, const char *text, size_t len, crm_import_note_fn note, void *payload)
{
	struct text_reader t = { .s = s, .out = out, .note = note, .payload = payload };
	int status = op_require(s, "rule import");

	*out = (crm_rules_result){ 0 };
	if (status < 0)
		return status;
	status = read_text(&t, text, len);
	clear_block(&t.block);
	free(t.ids);
	if (status == CRM_OK && t.faults)
		status = err_set(&s->err, CRM_FAILED,
			crm_tr_n("%zu fault in the rules: nothing was imported",
				"%zu faults in the rules: nothing was imported", t.faults),
			t.faults);
	if (status < 0)
		*out = (crm_rules_result){ .read = out->read };
	return op_finish(s, status);
}

/* --- writing --- */

static void write_rule(struct buf *out, struct stmt *st)
{
	const char *actions = db_text(st, 5);

	buf_printf(out, "%srule %s\nposition %lld\n", out->len ? "\n" : "", db_text(st, 0), (long long)db_int(st, 1));
	if (!db_int(st, 2))
		buf_puts(out, "active no\n");
	buf_printf(out, "when %s%s%s\n", db_text(st, 3), db_is_null(st, 4) ? "" : " ",
		db_is_null(st, 4) ? "" : db_text(st, 4));
	while (*actions) {
		size_t n = strcspn(actions, "\n");

		buf_printf(out, "then %.*s\n", (int)n, actions);
		actions += n + (actions[n] == '\n');
	}
}

int crm_rules_export(char **out, crm_store *s, const int64_t *ids, size_t n)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	cleanup(buf_free) struct buf text = BUF_INIT, list = BUF_INIT;
	size_t found = 0;
	int status;

	buf_putc(&list, '[');
	for (size_t i = 0; i < n; i++)
		buf_printf(&list, "%s%lld", i ? "," : "", (long long)ids[i]);
	buf_putc(&list, ']');
	status = buf_str(&list) ? db_prepare(&st, s,
					  "SELECT name, position, active, event, filter_terms, actions FROM rule WHERE "
					  "$1 = 0 OR id "
					  "IN (SELECT value FROM json_each($2)) ORDER BY position, id",
					  DB_SCAN)
				: err_nomem(&s->err);
	if (status < 0)
		return status;
	db_bind_int(st, 1, n > 0);
	db_bind_text(st, 2, list.s, list.len);
	while ((status = db_step(st)) == CRM_OK) {
		write_rule(&text, st);
		found++;
	}
	if (status < 0)
		return status;
	if (found < n)
		return err_set(&s->err, CRM_NOTFOUND, "%zu of %zu rules are not in the store", n - found, n);
	*out = buf_str(&text) ? strdup(buf_str(&text)) : NULL;
	return *out ? CRM_OK : err_nomem(&s->err);
}
