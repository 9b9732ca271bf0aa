/* Reads a preset. */
#include "exchange/preset/preset.h"
#include "base/json.h"
#include "text/text.h"

struct parse {
	struct preset *p;
	const char *file;
	struct err *err;
};

static int wrong(const struct parse *c, const char *where, const char *what)
{
	return err_set(c->err, CRM_INVALID, "%s: %s%s%s", c->file, where ? where : "", where ? ": " : "", crm_tr(what));
}

/* --- names of columns --- */

/* Length without a mark at the end: an asterisk, the type of a custom field, a unit. */
static size_t without_mark(const char *s, size_t len)
{
	static const char *const marks[] = { "*", "[list]", "[txt]", "[dec]", "[flag]", "(in hrs)" };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		size_t n = strlen(marks[i]);

		if (len > n && memcmp(s + len - n, marks[i], n) == 0)
			return len - n;
	}
	return len;
}

int preset_header(struct buf *out, const char *name, size_t len)
{
	size_t start = out->len, skip = 0;
	int status = text_fold(out, name, len);

	if (status < 0 || !buf_str(out))
		return status < 0 ? status : CRM_NOMEM;
	while (out->s[start + skip] == '*' || out->s[start + skip] == ' ')
		skip++;
	memmove(out->s + start, out->s + start + skip, out->len - start - skip);
	out->len = start + without_mark(out->s + start, out->len - start - skip);
	while (out->len > start && out->s[out->len - 1] == ' ')
		out->len--;
	out->s[out->len] = '\0';
	return CRM_OK;
}

/* Whether the header is the name, in which # stands for a number. */
static bool matches(const char *name, const char *header, unsigned *number)
{
	*number = 0;
	while (*name) {
		int digits = 0;

		if (*name == '#') {
			for (*number = 0; *header >= '0' && *header <= '9' && digits < 4; digits++)
				*number = *number * 10 + (unsigned)(*header++ - '0');
			if (digits == 0)
				return false;
			name++;
		} else if (*name++ != *header++) {
			return false;
		}
	}
	return *header == '\0';
}

const struct preset_column *preset_find(const struct preset *p, const char *header, unsigned *number)
{
	for (size_t i = 0; i < p->n; i++)
		if (matches(p->columns[i].name, header, number))
			return &p->columns[i];
	return NULL;
}

/* --- reading --- */

static const char *keep_header(const struct parse *c, const char *name)
{
	struct buf folded = BUF_INIT;
	const char *kept = NULL;

	if (preset_header(&folded, name, strlen(name)) == CRM_OK)
		kept = arena_copy(&c->p->mem, folded.s, folded.len);
	buf_free(&folded);
	return kept;
}

static const char *keep(const struct parse *c, const json_t *text)
{
	return json_is_string(text) ? arena_copy(&c->p->mem, json_string_value(text), json_string_length(text)) : NULL;
}

/* A text of the top level; CRM_INVALID where it must be there and is not. */
static int take_text(const struct parse *c, const json_t *root, const char *key, bool needed, const char **out)
{
	const json_t *text = json_object_get(root, key);

	if (!text && !needed)
		return CRM_OK;
	if (!json_is_string(text) || json_string_length(text) == 0)
		return wrong(c, key, N_("must be a text"));
	*out = keep(c, text);
	return *out ? CRM_OK : err_nomem(c->err);
}

static int take_fingerprint(const struct parse *c, const json_t *root)
{
	json_t *list = json_object_get(root, "fingerprint"), *item;
	size_t i;

	if (!json_is_array(list))
		return wrong(c, "fingerprint", N_("must be a list of names of columns"));
	c->p->fingerprint = arena_alloc(&c->p->mem, (json_array_size(list) + 1) * sizeof(char *));
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item))
			return wrong(c, "fingerprint", N_("must be a list of names of columns"));
		if (!c->p->fingerprint || !(c->p->fingerprint[i] = keep_header(c, json_string_value(item))))
			return err_nomem(c->err);
		c->p->nfingerprint++;
	}
	return CRM_OK;
}

static int take_words(const struct parse *c, struct preset_column *column, json_t *words, const char *name)
{
	struct preset_word *v;
	const char *key;
	json_t *value;

	if (!json_is_object(words))
		return wrong(c, name, N_("\"words\" must be an object"));
	v = arena_alloc(&c->p->mem, (json_object_size(words) + 1) * sizeof(*v));
	json_object_foreach(words, key, value)
	{
		struct preset_word word = { keep_header(c, key), keep(c, value) };

		if (!json_is_string(value))
			return wrong(c, name, N_("\"words\" must map texts to texts"));
		if (!v || !word.theirs || !word.ours)
			return err_nomem(c->err);
		v[column->nwords++] = word;
	}
	column->words = v;
	return CRM_OK;
}

const struct crm_field *preset_reference(
	const struct crm_field **by, const struct crm_entity *e, const char *text, struct err *err)
{
	static const char *const names[] = { "key", "email", "phone", "name" };
	const char *dot = strchr(text, '.');
	cleanup(freep) char *reference = dot ? strndup(text, (size_t)(dot - text)) : NULL;
	const struct crm_field *f = reference ? field_find_static(e, reference) : NULL;

	*by = NULL;
	if (dot && !reference)
		err_nomem(err);
	if (!f || f->type != CRM_REF || f->flags & FIELD_HANDLE)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(dot + 1, names[i]) == 0)
			*by = field_find_static(crm_entity_find(f->target), names[i]);
	return *by ? f : NULL;
}

static int take_field(const struct parse *c, struct preset_column *column, const char *name, const json_t *to)
{
	const char *field = json_string_value(to);
	struct buf what = BUF_INIT;
	int status;

	if (field && !*field)
		return CRM_OK;
	column->field = field ? field_find_static(c->p->entity, field) : NULL;
	if (field && !column->field)
		column->field = preset_reference(&column->by, c->p->entity, field, c->err);
	if (column->field && column->field->flags & CRM_FIELD_IMPORTED)
		return CRM_OK;
	buf_say(&what, "%s has no field '%s' to import", entity_word(c->p->entity), field ? field : "");
	status = wrong(c, name, buf_str(&what) ? what.s : "");
	buf_free(&what);
	return status;
}

/* One thing that a column says beside its field. */
static int take_option(
	const struct parse *c, struct preset_column *column, const char *name, const char *key, json_t *value)
{
	const struct {
		const char *key, **to;
	} texts[] = { { "label", &column->label }, { "split", &column->split }, { "join", &column->join },
		{ "block", &column->block }, { "as", &column->as }, { "unit", &column->unit } };
	struct buf what = BUF_INIT;

	if (strcmp(key, "to") == 0)
		return take_field(c, column, name, value);
	if (strcmp(key, "words") == 0)
		return take_words(c, column, value, name);
	if (strcmp(key, "label_from") == 0 && json_is_string(value)) {
		column->label_from = keep_header(c, json_string_value(value));
		return column->label_from ? CRM_OK : err_nomem(c->err);
	}
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (strcmp(key, texts[i].key) == 0 && json_is_string(value) && json_string_length(value) > 0) {
			*texts[i].to = keep(c, value);
			return *texts[i].to ? CRM_OK : err_nomem(c->err);
		}
	buf_say(&what, "\"%s\" is not known here, or is no text", key);
	wrong(c, name, buf_str(&what) ? what.s : "");
	buf_free(&what);
	return CRM_INVALID;
}

static int take_column(const struct parse *c, const char *name, json_t *value)
{
	struct preset_column *column = &c->p->columns[c->p->n];
	const char *key;
	json_t *option;

	*column = (struct preset_column){ .name = keep_header(c, name) };
	if (!column->name)
		return err_nomem(c->err);
	c->p->n++;
	if (json_is_string(value))
		return take_field(c, column, name, value);
	if (!json_is_object(value) || !json_object_get(value, "to"))
		return wrong(c, name, N_("must be a field, or an object with \"to\""));
	json_object_foreach(value, key, option)
	{
		int status = take_option(c, column, name, key, option);

		if (status < 0)
			return status;
	}
	return CRM_OK;
}

static int take_columns(const struct parse *c, const json_t *root)
{
	json_t *columns = json_object_get(root, "columns"), *value;
	const char *name;
	int status = CRM_OK;

	if (!json_is_object(columns) || json_object_size(columns) == 0)
		return wrong(c, "columns", N_("must be an object: name of a column, field"));
	c->p->columns = arena_alloc(&c->p->mem, json_object_size(columns) * sizeof(*c->p->columns));
	if (!c->p->columns)
		return err_nomem(c->err);
	json_object_foreach(columns, name, value)
	{
		status = take_column(c, name, value);
		if (status < 0)
			break;
	}
	return status;
}

static int take_all(const struct parse *c, json_t *root)
{
	static const char *const known[] = { "name", "title", "entity", "origin", "source", "fingerprint", "columns" };
	const char *entity = NULL, *key;
	json_t *value;
	int status;

	if (!json_is_object(root))
		return wrong(c, NULL, N_("a preset is a JSON object"));
	json_object_foreach(root, key, value)
	{
		size_t i = 0;

		while (i < ARRAY_SIZE(known) && strcmp(known[i], key) != 0)
			i++;
		if (i == ARRAY_SIZE(known))
			return wrong(c, key, N_("is not known in a preset"));
	}
	status = take_text(c, root, "entity", true, &entity);
	if (status < 0)
		return status;
	c->p->entity = crm_entity_find(entity);
	if (!c->p->entity || !(c->p->entity->flags & ENTITY_IMPORT))
		return wrong(c, "entity", N_("cannot be imported"));
	if ((status = take_text(c, root, "name", true, &c->p->name)) < 0 ||
		(status = take_text(c, root, "title", false, &c->p->title)) < 0 ||
		(status = take_text(c, root, "origin", false, &c->p->origin)) < 0 ||
		(status = take_text(c, root, "source", false, &c->p->source)) < 0 ||
		(status = take_fingerprint(c, root)) < 0)
		return status;
	return take_columns(c, root);
}

struct preset *preset_free(struct preset *p)
{
	if (p)
		arena_free(&p->mem);
	free(p);
	return NULL;
}

int preset_parse(struct preset **out, const char *json, size_t len, const char *file, struct err *err)
{
	struct parse c = { .p = calloc(1, sizeof(*c.p)), .file = file, .err = err };
	json_error_t fault;
	json_t *root;
	int status;

	if (!c.p)
		return err_nomem(err);
	root = json_parse(json, len, JSON_REJECT_DUPLICATES, &fault);
	if (root)
		status = take_all(&c, root);
	else if (fault.line < 0) /* no fault of the text */
		status = err_nomem(err);
	else
		status = err_set(err, CRM_INVALID, "%s:%d: %s", file, fault.line, fault.text);
	json_decref(root);
	if (status < 0) {
		preset_free(c.p);
		return status;
	}
	*out = c.p;
	return CRM_OK;
}
