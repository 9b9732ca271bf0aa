#include "exchange/import/recipe.h"
#include "exchange/vcard/label.h"
#include "text/text.h"

/* --- what is made of which columns --- */

/* The list that holds further values of a number or address: `phones` of `phone`. */
static const struct crm_field *further_field(const struct crm_entity *e, const struct crm_field *f)
{
	for (size_t i = 0; i < e->nfields; i++)
		if (e->fields[i].type == CRM_CONTACTS && strcmp(e->fields[i].kind, f->name) == 0)
			return &e->fields[i];
	return NULL;
}

/* Columns that name a record are not joined: each names it by itself. */
static struct recipe *recipe_for(struct recipes *r, const struct crm_field *field, const struct crm_field *by)
{
	bool alone = field->type == CRM_REF && !(field->flags & FIELD_HANDLE);

	for (size_t i = 0; i < r->n && !alone; i++)
		if (r->v[i].field == field)
			return &r->v[i];
	if (!GROW(r->v, r->n, r->cap))
		return NULL;
	r->v[r->n] = (struct recipe){ .field = field, .by = by };
	return &r->v[r->n++];
}

static bool add_to(struct recipe *recipe, const struct ingredient *column)
{
	if (!recipe || !GROW(recipe->v, recipe->n, recipe->cap))
		return false;
	recipe->v[recipe->n++] = *column;
	return true;
}

static bool add_to_block(struct recipes *r, const struct ingredient *column)
{
	struct block *b = NULL;

	for (size_t i = 0; i < r->nblocks && !b; i++)
		if (strcmp(r->blocks[i].name, column->spec->block) == 0)
			b = &r->blocks[i];
	if (!b) {
		if (!GROW(r->blocks, r->nblocks, r->blocks_cap))
			return false;
		b = &r->blocks[r->nblocks++];
		*b = (struct block){ .name = column->spec->block };
	}
	if (!GROW(b->at, b->n, b->cap))
		return false;
	b->at[b->n++] = column->at;
	return true;
}

int recipes_add(struct recipes *r, const struct crm_entity *e, const struct ingredient *column)
{
	const struct crm_field *note = field_find_static(e, "note"), *further = further_field(e, column->spec->field);

	if (!add_to(recipe_for(r, column->spec->field, column->spec->by), column))
		return CRM_NOMEM;
	if (further) {
		struct recipe *all = recipe_for(r, further, NULL);

		if (!add_to(all, column))
			return CRM_NOMEM;
		all->further = true;
	}
	if (!column->spec->block)
		return CRM_OK;
	/* what a second address says has no field of its own: it becomes a line of the note */
	if (!add_to_block(r, column) || (r->nblocks > 1 && note && !recipe_for(r, note, NULL)))
		return CRM_NOMEM;
	return CRM_OK;
}

void recipes_free(struct recipes *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].v);
	for (size_t i = 0; i < r->nblocks; i++)
		free(r->blocks[i].at);
	free(r->v);
	free(r->blocks);
	*r = (struct recipes){ 0 };
}

/* --- what a row comes to --- */

static struct cell stripped(struct cell c)
{
	while (c.len > 0 && (*c.s == ' ' || *c.s == '\t'))
		c.s++, c.len--;
	while (c.len > 0 && (c.s[c.len - 1] == ' ' || c.s[c.len - 1] == '\t'))
		c.len--;
	return c;
}

/* The next of several values in one cell; false behind the last. */
static bool next_value(struct cell *rest, const char *split, struct cell *value)
{
	const char *end;

	if (!rest->s)
		return false;
	end = split ? memmem(rest->s, rest->len, split, strlen(split)) : NULL;
	*value = stripped((struct cell){ .s = rest->s, .len = end ? (size_t)(end - rest->s) : rest->len });
	if (end) {
		rest->len -= (size_t)(end - rest->s) + strlen(split);
		rest->s = end + strlen(split);
	} else {
		rest->s = NULL;
	}
	return true;
}

/* Our word for theirs. */
static struct cell translated(const struct preset_column *spec, struct cell value)
{
	struct buf folded = BUF_INIT;

	if (spec->nwords > 0 && preset_header(&folded, value.s, value.len) == CRM_OK)
		for (size_t i = 0; i < spec->nwords; i++)
			if (strcmp(spec->words[i].theirs, folded.s) == 0)
				value = (struct cell){ .s = spec->words[i].ours, .len = strlen(spec->words[i].ours) };
	buf_free(&folded);
	return value;
}

/* Google marks the default with an asterisk, and its own groups too. */
static bool take_asterisk(struct cell *c)
{
	if (c->len < 2 || memcmp(c->s, "* ", 2) != 0)
		return false;
	c->s += 2;
	c->len -= 2;
	return true;
}

/* The n-th label of a cell that holds as many as the cell beside it holds values. */
static struct cell label_of(const struct ingredient *in, const struct cell *row, size_t nth)
{
	struct cell rest, label = { .s = "" };

	if (in->label_at == NO_COLUMN)
		return (struct cell){ .s = in->spec->label ? in->spec->label : "",
			.len = in->spec->label ? strlen(in->spec->label) : 0 };
	rest = row[in->label_at];
	for (size_t i = 0; i <= nth; i++)
		if (!next_value(&rest, in->spec->split, &label))
			return (struct cell){ .s = "" };
	return label;
}

struct contact {
	struct cell value, label;
	bool marked; /* as the default */
};

/* Calls for each number or address of the row, in order. */
static void each_contact(const struct recipe *r, const struct cell *row,
	void (*fn)(const struct contact *c, size_t i, void *payload), void *payload)
{
	size_t count = 0;

	for (size_t i = 0; i < r->n; i++) {
		struct cell rest = row[r->v[i].at];
		struct contact c;

		for (size_t nth = 0; next_value(&rest, r->v[i].spec->split, &c.value); nth++) {
			if (c.value.len == 0)
				continue;
			c.label = label_of(&r->v[i], row, nth);
			c.marked = take_asterisk(&c.label);
			c.value = translated(r->v[i].spec, c.value);
			fn(&c, count++, payload);
		}
	}
}

struct primary {
	struct contact contact;
	size_t at;
	bool found;
};

static void find_primary(const struct contact *c, size_t i, void *payload)
{
	struct primary *p = payload;

	if (p->found && (p->contact.marked || !c->marked))
		return;
	*p = (struct primary){ .contact = *c, .at = i, .found = true };
}

struct gathering {
	struct buf *out;
	size_t primary;
};

static void put_further(const struct contact *c, size_t i, void *payload)
{
	struct gathering *g = payload;
	struct buf item = BUF_INIT;

	if (i == g->primary)
		return;
	vcard_label_of_text(&item, c->label.s, c->label.len);
	if (item.len > 0)
		buf_putc(&item, ':');
	buf_add(&item, c->value.s, c->value.len);
	if (buf_str(&item))
		list_append(g->out, item.s, item.len);
	else
		g->out->failed = true;
	buf_free(&item);
}

static void make_contact(struct buf *out, const struct recipe *r, const struct cell *row)
{
	struct primary p = { .found = false };

	each_contact(r, row, find_primary, &p);
	if (r->further)
		each_contact(r, row, put_further, &(struct gathering){ .out = out, .primary = p.at });
	else if (p.found)
		buf_add(out, p.contact.value.s, p.contact.value.len);
}

static bool block_has_anything(const struct block *b, const struct cell *row)
{
	for (size_t i = 0; i < b->n; i++)
		if (stripped(row[b->at[i]]).len > 0)
			return true;
	return false;
}

/* The block that fills the fields: the first with anything in it; NULL when there is none. */
static const struct block *chosen_block(const struct recipes *all, const struct cell *row)
{
	for (size_t i = 0; i < all->nblocks; i++)
		if (block_has_anything(&all->blocks[i], row))
			return &all->blocks[i];
	return NULL;
}

static void put_joined(struct buf *out, const char *join, struct cell value)
{
	if (value.len == 0)
		return;
	if (out->len > 0)
		buf_puts(out, join);
	buf_add(out, value.s, value.len);
}

static void make_tags(struct buf *out, const struct recipe *r, const struct cell *row)
{
	for (size_t i = 0; i < r->n; i++) {
		struct cell rest = row[r->v[i].at], item;

		while (next_value(&rest, r->v[i].spec->split ? r->v[i].spec->split : ",", &item)) {
			take_asterisk(&item);
			item = translated(r->v[i].spec, item);
			list_append(out, item.s, item.len);
		}
	}
}

/* Of blocks other than the chosen one a line each, so that nothing is lost: `Home: 1 Main Street, Springfield`. */
static void put_other_blocks(
	struct buf *out, const struct recipes *all, const struct block *chosen, const struct cell *row)
{
	for (size_t i = 0; i < all->nblocks; i++) {
		const struct block *b = &all->blocks[i];
		struct buf line = BUF_INIT;

		for (size_t k = 0; b != chosen && k < b->n; k++)
			put_joined(&line, ", ", stripped(row[b->at[k]]));
		if (line.len > 0 && buf_str(&line))
			buf_printf(out, "%s%s: %s", out->len ? "\n" : "", b->name, line.s);
		out->failed = out->failed || line.failed;
		buf_free(&line);
	}
}

static void put_unit(struct buf *out, const struct preset_column *spec, struct cell value)
{
	int64_t number;

	if (spec->unit && parse_int64(value.s, value.len, 0, INT64_MAX, &number))
		buf_puts(out, spec->unit);
}

static void make_text(struct buf *out, const struct recipes *all, const struct recipe *r, const struct cell *row)
{
	const struct block *chosen = chosen_block(all, row);
	bool note = strcmp(r->field->name, "note") == 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct preset_column *spec = r->v[i].spec;
		struct cell value = row[r->v[i].at];

		if (spec->block && (!chosen || strcmp(spec->block, chosen->name) != 0))
			continue;
		/* what stands alone is exact */
		value = translated(spec, r->n > 1 ? stripped(value) : value);
		if (value.len > 0 && spec->as) {
			buf_printf(out, "%s%s: ", out->len ? "\n" : "", spec->as);
			buf_add(out, value.s, value.len);
		} else {
			put_joined(out, spec->join ? spec->join : note ? "\n" : " ", value);
			put_unit(out, spec, value);
		}
	}
	if (note)
		put_other_blocks(out, all, chosen, row);
}

void recipes_make(const struct recipes *r, struct arena *mem, const struct cell *row, struct cell *out)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < r->n; i++) {
		const struct recipe *recipe = &r->v[i];

		buf_clear(&text);
		if (recipe->further || recipe->field->type == CRM_PHONE || recipe->field->type == CRM_EMAIL)
			make_contact(&text, recipe, row);
		else if (recipe->field->type == CRM_TAGS)
			make_tags(&text, recipe, row);
		else
			make_text(&text, r, recipe, row);
		out[i] = (struct cell){ .s = arena_copy(mem, text.s ? text.s : "", text.len), .len = text.len };
		mem->failed = mem->failed || text.failed;
	}
	buf_free(&text);
}
