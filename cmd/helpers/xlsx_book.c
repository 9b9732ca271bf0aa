/* The book around the sheets: which there are and where, what the numbers mean, the strings that cells share. */
#include "helpers/say.h"
#include "helpers/xlsx.h"

#include <stdlib.h>
#include <string.h>

enum {
	STRINGS_MAX = 1 << 26,
	FORMATS_MAX = 4 << 10, /* more than any spreadsheet program writes */
	STYLES_MAX = 64 << 10
};

static bool is_true(const char *value)
{
	return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

/* --- where the parts are --- */

/* The name of the part that `target` means in the part `base`, owned by the caller. */
static char *resolve(const char *base, const char *target)
{
	const char *slash = strrchr(base, '/');
	struct strbuf b = { 0 };

	if (*target == '/')
		target++;
	else if (slash)
		strbuf_add(&b, base, (size_t)(slash - base) + 1);
	for (; strncmp(target, "../", 3) == 0; target += 3) {
		size_t n = b.len > 0 ? b.len - 1 : 0;
		while (n > 0 && b.s[n - 1] != '/')
			n--;
		strbuf_truncate(&b, n);
	}
	strbuf_puts(&b, target);
	return need_text(&b);
}

/* DIR/_rels/NAME.rels of DIR/NAME, owned by the caller. */
static char *relations_of(const char *part)
{
	const char *slash = strrchr(part, '/'), *name = slash ? slash + 1 : part;
	struct strbuf b = { 0 };

	strbuf_add(&b, part, (size_t)(name - part));
	strbuf_printf(&b, "_rels/%s.rels", name);
	return need_text(&b);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

static void take(char **where, const char *base, const char *target)
{
	if (!*where)
		*where = resolve(base, target);
}

static void relation(struct xml *x, const char *name, const char **attributes)
{
	const char *type = xml_attribute(attributes, "Type"), *target = xml_attribute(attributes, "Target");
	const char *id = xml_attribute(attributes, "Id"), *mode = xml_attribute(attributes, "TargetMode");
	struct book *b = x->payload;

	if (strcmp(name, "Relationship") != 0 || !type || !target || (mode && strcmp(mode, "External") == 0))
		return;
	if (!b->part) {
		if (ends_with(type, "/officeDocument"))
			b->part = resolve("", target);
		return;
	}
	if (ends_with(type, "/styles"))
		take(&b->styles_part, b->part, target);
	else if (ends_with(type, "/sharedStrings"))
		take(&b->strings_part, b->part, target);
	for (size_t i = 0; i < b->nsheets && id && ends_with(type, "/worksheet"); i++)
		if (b->sheets[i].id && strcmp(b->sheets[i].id, id) == 0)
			take(&b->sheets[i].part, b->part, target);
}

/* --- the sheets --- */

static void sheet_free(struct sheet *s)
{
	free(s->name);
	free(s->id);
	free(s->part);
}

static void workbook(struct xml *x, const char *name, const char **attributes)
{
	struct book *b = x->payload;

	if (strcmp(name, "workbookPr") == 0)
		b->from_1904 = is_true(xml_attribute(attributes, "date1904"));
	if (strcmp(name, "sheet") != 0)
		return;
	const char *title = xml_attribute(attributes, "name"), *id = xml_attribute(attributes, "id");
	const char *state = xml_attribute(attributes, "state");
	b->sheets = need_room(b->sheets, b->nsheets, &b->sheets_cap, sizeof(*b->sheets));
	b->sheets[b->nsheets++] = (struct sheet){
		.name = need_copy(title ? title : ""),
		.id = id ? need_copy(id) : NULL,
		.hidden = state && strcmp(state, "visible") != 0,
	};
}

/* A part that must be there. */
static bool read_needed(struct book *b, const char *part, struct xml *x)
{
	enum part_status status = part_read(b->zip, part, 64 * MIB, x);

	if (status == PART_MISSING)
		say("the file is damaged, or no xlsx file: it has no %s", part);
	return status == PART_READ;
}

static bool read_relations(struct book *b, const char *part)
{
	struct xml x = { .start = relation, .payload = b };
	cleanup(freep) char *relations = relations_of(part);

	return read_needed(b, relations, &x);
}

/* Without the sheets that are no table of cells. */
static void keep_worksheets(struct book *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->nsheets; i++) {
		if (b->sheets[i].part)
			b->sheets[n++] = b->sheets[i];
		else
			sheet_free(&b->sheets[i]);
	}
	b->nsheets = n;
}

bool book_open(struct book *b, const char *path)
{
	struct xml x = { .start = workbook, .payload = b };

	*b = (struct book){ .zip = unzOpen64(path) };
	if (!b->zip) {
		say("the file is damaged, or no xlsx file: the list of its parts cannot be read");
		return false;
	}
	if (!read_relations(b, ""))
		return false;
	if (!b->part) {
		say("the file is no xlsx file: it names no workbook");
		return false;
	}
	if (!read_needed(b, b->part, &x) || !read_relations(b, b->part))
		return false;
	keep_worksheets(b);
	if (b->nsheets == 0)
		say("the file has no sheet with cells");
	return b->nsheets > 0;
}

/* --- styles --- */

struct custom_format {
	unsigned long id;
	struct number_format format;
};

struct styles {
	struct book *book;
	struct custom_format *custom;
	size_t n, cap;
	bool in_cells; /* <cellXfs>: the list that cells refer to */
};

static unsigned long number_attribute(const char **attributes, const char *name)
{
	const char *value = xml_attribute(attributes, name);

	return value ? strtoul(value, NULL, 10) : 0;
}

static struct number_format format_numbered(const struct styles *s, unsigned long id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->custom[i].id == id)
			return s->custom[i].format;
	return number_format_built_in(id < 164 ? (unsigned)id : 0);
}

static void style_start(struct xml *x, const char *name, const char **attributes)
{
	struct styles *s = x->payload;
	struct book *b = s->book;

	if (strcmp(name, "cellXfs") == 0) {
		s->in_cells = true;
	} else if (strcmp(name, "numFmt") == 0) {
		const char *code = xml_attribute(attributes, "formatCode");
		if (s->n == FORMATS_MAX) {
			xml_stop(x, "it has too many number formats");
			return;
		}
		s->custom = need_room(s->custom, s->n, &s->cap, sizeof(*s->custom));
		s->custom[s->n++] = (struct custom_format){ number_attribute(attributes, "numFmtId"),
			number_format_of(code ? code : "") };
	} else if (strcmp(name, "xf") == 0 && s->in_cells) {
		if (b->nformats == STYLES_MAX) {
			xml_stop(x, "it has too many cell styles");
			return;
		}
		b->formats = need_room(b->formats, b->nformats, &b->formats_cap, sizeof(*b->formats));
		b->formats[b->nformats++] = format_numbered(s, number_attribute(attributes, "numFmtId"));
	}
}

static void style_end(struct xml *x, const char *name)
{
	struct styles *s = x->payload;

	if (strcmp(name, "cellXfs") == 0)
		s->in_cells = false;
}

/* --- shared strings --- */

struct strings_reader {
	struct book *book;
	struct rich_text text;
};

static void string_start(struct xml *x, const char *name, const char **attributes)
{
	struct strings_reader *r = x->payload;
	struct book *b = r->book;

	(void)attributes;
	rich_text_start(&r->text, name);
	if (strcmp(name, "si") != 0)
		return;
	if (b->nstrings == STRINGS_MAX) {
		xml_stop(x, "it has too many strings");
		return;
	}
	b->strings = need_room(b->strings, b->nstrings, &b->strings_cap, sizeof(*b->strings));
	b->strings[b->nstrings++] = b->text.len;
}

static void string_end(struct xml *x, const char *name)
{
	struct strings_reader *r = x->payload;
	struct book *b = r->book;

	rich_text_end(&r->text, name);
	if (strcmp(name, "si") == 0 && b->nstrings > 0)
		text_unescape(&b->text, b->strings[b->nstrings - 1]);
}

static void string_text(struct xml *x, const char *s, size_t len)
{
	struct strings_reader *r = x->payload;

	rich_text_add(&r->text, s, len);
}

bool book_load(struct book *b)
{
	struct styles styles = { .book = b };
	struct strings_reader strings = { .book = b, .text = { .out = &b->text } };
	struct xml style = { .start = style_start, .end = style_end, .payload = &styles };
	struct xml string = { .start = string_start, .end = string_end, .text = string_text, .payload = &strings };
	bool good = !b->styles_part || read_needed(b, b->styles_part, &style);

	free(styles.custom);
	if (!good || !b->strings_part)
		return good;
	enum part_status status = part_read(b->zip, b->strings_part, 1024 * MIB, &string);
	if (status == PART_MISSING)
		say("the file is damaged: it has no %s", b->strings_part);
	need(b->text.failed ? NULL : b);
	return status == PART_READ;
}

void book_close(struct book *b)
{
	if (b->zip)
		unzClose(b->zip);
	for (size_t i = 0; i < b->nsheets; i++)
		sheet_free(&b->sheets[i]);
	free(b->sheets);
	free(b->part);
	free(b->styles_part);
	free(b->strings_part);
	free(b->formats);
	strbuf_free(&b->text);
	free(b->strings);
}
