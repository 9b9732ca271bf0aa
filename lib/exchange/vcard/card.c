#include "exchange/vcard/card.h"

#include "base/time.h"
#include "exchange/fault.h"
#include "exchange/vcard/date.h"
#include "exchange/vcard/label.h"
#include "exchange/vcard/split.h"
#include "text/text.h"

const char *const vcard_field_names[VCARD_FIELDS] = { "key", "source", "name", "given_name", "family_name", "company",
	"title", "phone", "phones", "email", "emails", "gender", "birthday", "address", "city", "region", "postcode",
	"country", "language", "timezone", "tags", "note" };

void vcard_card_init(struct vcard_card *c)
{
	*c = (struct vcard_card){ 0 };
	vcard_decoder_init(&c->decoder);
}

void vcard_card_free(struct vcard_card *c)
{
	vcard_parsed_free(&c->parsed);
	vcard_decoder_free(&c->decoder);
	for (size_t i = 0; i < VCARD_FIELDS; i++)
		buf_free(&c->fields[i]);
	for (size_t i = 0; i < c->extra_cap; i++)
		buf_free(&c->extra[i].text);
	free(c->extra);
	buf_free(&c->part);
	buf_free(&c->item);
	free(c->zone);
}

/* --- what no field takes --- */

/* The text kept under a name, empty at first; NULL when out of memory. */
static struct buf *extra(struct vcard_card *c, const char *name)
{
	struct vcard_extra *e;

	for (size_t i = 0; i < c->nextra; i++)
		if (strcmp(c->extra[i].name, name) == 0)
			return &c->extra[i].text;
	if (c->nextra == c->extra_cap) {
		size_t before = c->extra_cap;

		if (!GROW(c->extra, c->nextra, c->extra_cap))
			return NULL;
		memset(c->extra + before, 0, (c->extra_cap - before) * sizeof(*c->extra));
	}
	e = &c->extra[c->nextra];
	e->name = name;
	buf_clear(&e->text);
	c->nextra++;
	return &e->text;
}

static int keep_extra(struct vcard_card *c, const char *name, const char *s, size_t len)
{
	struct buf *text = extra(c, name);

	if (!text)
		return CRM_NOMEM;
	if (text->len && len)
		buf_putc(text, '\n');
	buf_add(text, s, len);
	return text->failed ? CRM_NOMEM : 0;
}

/* The whole value, unescaped, in c->part. */
static void read_whole(struct vcard_card *c, const struct vcard_property *p)
{
	struct vcard_walk w = vcard_walk(p);
	char ended;

	buf_clear(&c->part);
	vcard_walk_next(&w, &c->part, "", &ended);
}

static int keep_property(struct vcard_card *c, const char *name, const struct vcard_property *p)
{
	if (vcard_is_binary(p))
		return extra(c, name) ? 0 : CRM_NOMEM;
	read_whole(c, p);
	return c->part.failed ? CRM_NOMEM : keep_extra(c, name, c->part.len ? c->part.s : "", c->part.len);
}

/* --- properties of one text --- */

static int take_text(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	struct vcard_walk w = vcard_walk(p);
	char ended;

	vcard_walk_next(&w, &c->fields[field], "", &ended);
	return 0;
}

static int take_uid(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	static const char own[] = VCARD_OWN_UID;
	size_t n = sizeof(own) - 1;
	int64_t id;

	take_text(c, p, field);
	if (c->fields[field].len > n && !memcmp(c->fields[field].s, own, n) && c->fields[field].s[n] != '0' &&
		ascii_digit(c->fields[field].s[n]) &&
		parse_int64(c->fields[field].s + n, c->fields[field].len - n, 1, INT64_MAX, &id)) {
		c->id = id;
		buf_clear(&c->fields[field]);
	}
	return 0;
}

static int take_birthday(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	const char *calendar = vcard_param(p, "CALSCALE");
	bool foreign = calendar && !vcard_word_is(calendar, strlen(calendar), "gregorian");

	read_whole(c, p);
	if (c->part.failed)
		return CRM_NOMEM;
	if (foreign || vcard_param_is(p, "VALUE", "text") ||
		!vcard_date_read(&c->fields[field], c->part.len ? c->part.s : "", c->part.len,
			vcard_param(p, "X-APPLE-OMIT-YEAR")))
		return keep_property(c, p->name, p);
	return 0;
}

/* GENDER:F, GENDER:O;text; U is unknown. Other letters and the text have no field. */
static int take_gender(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	static const char *const words[] = { "male", "female", "other" };
	static const char letters[] = "mfo";
	const char *found;
	char letter = p->len ? ascii_lower(p->value[0]) : '\0';

	if (p->len == 1 && letter == 'u')
		return 0;
	found = letter && (p->len == 1 || p->value[1] == ';') ? strchr(letters, letter) : NULL;
	if (found)
		buf_puts(&c->fields[field], words[found - letters]);
	return found && p->len <= 2 ? 0 : keep_property(c, p->name, p);
}

/* Loading a zone means reading a file, so the name that was good last is kept. */
static bool is_zone(struct vcard_card *c, const char *name)
{
	struct zone *z;

	if (c->zone && strcmp(c->zone, name) == 0)
		return true;
	if (!ascii_alpha(*name) || zone_load(&z, name, NULL) < 0)
		return false;
	zone_free(z);
	free(c->zone);
	c->zone = strdup(name);
	return true;
}

static int take_zone(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	read_whole(c, p);
	if (c->part.failed)
		return CRM_NOMEM;
	if (!c->part.len || !is_zone(c, c->part.s))
		return keep_property(c, p->name, p);
	buf_add(&c->fields[field], c->part.s, c->part.len);
	return 0;
}

/* --- properties of several parts --- */

/* Appends a part to a text that may have something already. */
static void join(struct buf *out, const char *with, const struct buf *part)
{
	if (part->len == 0)
		return;
	if (out->len)
		buf_puts(out, with);
	buf_add(out, part->s, part->len);
}

/* The next component in c->part. From 3.0 on bare commas part several names of one kind. */
static bool next_component(struct vcard_card *c, struct vcard_walk *w, const char *comma)
{
	const char *separators = comma ? ",;" : ";";
	char ended = ',';

	buf_clear(&c->part);
	if (!vcard_walk_next(w, &c->part, separators, &ended))
		return false;
	while (ended == ',') {
		buf_puts(&c->part, comma);
		vcard_walk_next(w, &c->part, separators, &ended);
	}
	return true;
}

/* Family name; given name; further names; before the name; after it. */
static int take_name(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	static const char *const rest[] = { "N prefix", "N suffix", "N more" };
	struct vcard_walk w = vcard_walk(p);
	int rc = 0;

	for (size_t i = 0; rc == 0 && next_component(c, &w, c->parsed.old ? NULL : " "); i++) {
		if (i == 0)
			join(&c->fields[VCARD_FAMILY_NAME], " ", &c->part);
		else if (i <= 2)
			join(&c->fields[field], " ", &c->part);
		else if (c->part.len)
			rc = keep_extra(c, rest[i < 5 ? i - 3 : 2], c->part.s, c->part.len);
	}
	return rc;
}

static int take_org(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	struct vcard_walk w = vcard_walk(p);
	int rc = 0;

	for (size_t i = 0; rc == 0 && next_component(c, &w, NULL); i++) {
		if (i == 0)
			join(&c->fields[field], "", &c->part);
		else if (c->part.len)
			rc = keep_extra(c, "ORG unit", c->part.s, c->part.len);
	}
	return rc;
}

/* Box; rest of the address; street; city; region; postcode; country. The street comes first here. */
static int take_address(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	static const enum vcard_field of[] = { VCARD_ADDRESS, VCARD_ADDRESS, VCARD_ADDRESS, VCARD_CITY, VCARD_REGION,
		VCARD_POSTCODE, VCARD_COUNTRY };
	struct vcard_walk w = vcard_walk(p);
	struct buf before cleanup(buf_free) = BUF_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && next_component(c, &w, NULL); i++) {
		if (i < 2)
			join(&before, ", ", &c->part);
		else if (i < ARRAY_SIZE(of))
			join(&c->fields[of[i]], "", &c->part);
		else if (c->part.len)
			rc = keep_extra(c, "ADR more", c->part.s, c->part.len);
	}
	join(&c->fields[field], ", ", &before);
	return before.failed ? CRM_NOMEM : rc;
}

/* --- lists --- */

/* An item of a list in text form; what its reader would take for blanks around it is left out. */
static void put_item(struct buf *list, const struct buf *item)
{
	size_t start = 0, end = item->len;

	while (start < end && item->s[start] != ' ' && ascii_blank(item->s[start]))
		start++;
	while (end > start && item->s[end - 1] != ' ' && ascii_blank(item->s[end - 1]))
		end--;
	if (end > start)
		list_append(list, item->s + start, end - start);
}

static int take_tags(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	struct vcard_walk w = vcard_walk(p);
	char ended;

	for (;;) {
		buf_clear(&c->part);
		if (!vcard_walk_next(&w, &c->part, c->parsed.old ? ",;" : ",", &ended))
			return 0;
		put_item(&c->fields[field], &c->part);
	}
}

/* Apple and those who follow it write a label of one's own as another property of the same group. */
static const struct vcard_property *label_property(const struct vcard_card *c, const struct vcard_property *p)
{
	for (size_t i = 0; *p->group && i < c->parsed.n; i++)
		if (strcmp(c->parsed.v[i].name, "X-ABLABEL") == 0 && strcmp(c->parsed.v[i].group, p->group) == 0)
			return &c->parsed.v[i];
	return NULL;
}

static int put_label(struct vcard_card *c, const struct vcard_property *p)
{
	const struct vcard_property *label = label_property(c, p);

	if (label) {
		read_whole(c, label);
		if (c->part.failed)
			return CRM_NOMEM;
		vcard_label_of_text(&c->item, c->part.len ? c->part.s : "", c->part.len);
	}
	if (!c->item.len)
		vcard_label_of_types(&c->item, p);
	if (c->item.len)
		buf_putc(&c->item, ':');
	return 0;
}

/* Bytes of the scheme of a number that is a URI. One that says to be text is that. */
static size_t scheme_length(const struct vcard_property *p)
{
	bool uri = strcmp(p->name, "TEL") == 0 && p->len > 4 && vcard_word_is(p->value, 4, "tel:");

	return uri && !vcard_param_is(p, "VALUE", "text") ? 4 : 0;
}

static int take_phone(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	size_t n = scheme_length(p);

	read_whole(c, p);
	if (c->part.failed)
		return CRM_NOMEM;
	buf_add(&c->fields[field], c->part.s + n, c->part.len - n);
	return 0;
}

/* A number or address that is not the first: `label:number` in the list. */
static int put_contact(struct vcard_card *c, const struct vcard_property *p, enum vcard_field list)
{
	size_t n = scheme_length(p);
	int rc;

	buf_clear(&c->item);
	rc = put_label(c, p);
	if (rc)
		return rc;
	read_whole(c, p);
	if (c->item.failed || c->part.failed)
		return CRM_NOMEM;
	buf_add(&c->item, c->part.s + n, c->part.len - n);
	if (c->item.failed)
		return CRM_NOMEM;
	put_item(&c->fields[list], &c->item);
	return 0;
}

/* --- which property is what --- */

enum kind {
	KIND_ONE,     /* the preferred one counts */
	KIND_CONTACT, /* the preferred one, and a list of the others in the next field */
	KIND_EACH,
	KIND_NONE /* about the card, not about the person */
};

typedef int take_fn(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field);

static int take_note(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	if (c->fields[field].len)
		buf_putc(&c->fields[field], '\n');
	return take_text(c, p, field);
}

static bool has_property(const struct vcard_card *c, const char *name)
{
	for (size_t i = 0; i < c->parsed.n; i++)
		if (strcmp(c->parsed.v[i].name, name) == 0)
			return true;
	return false;
}

/* What was written before GENDER came with 4.0. */
static int take_old_gender(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	return has_property(c, "GENDER") ? keep_property(c, p->name, p) : take_text(c, p, field);
}

static int take_own_label(struct vcard_card *c, const struct vcard_property *p, enum vcard_field field)
{
	(void)field;
	for (size_t i = 0; *p->group && i < c->parsed.n; i++) {
		const struct vcard_property *other = &c->parsed.v[i];

		if (strcmp(other->group, p->group) == 0 &&
			(strcmp(other->name, "TEL") == 0 || strcmp(other->name, "EMAIL") == 0))
			return 0; /* is taken together with it */
	}
	return keep_property(c, p->name, p);
}

static const struct rule {
	const char *name;
	enum kind kind;
	enum vcard_field field;
	take_fn *take;
	const char *further; /* KIND_ONE: where the others are kept */
	const char *blank;   /* a value of nothing else says nothing */
} rules[] = {
	{ "UID", KIND_ONE, VCARD_KEY, take_uid, "further UID", "" },
	{ "X-CRM-SOURCE", KIND_ONE, VCARD_SOURCE, take_text, "further X-CRM-SOURCE", "" },
	{ "FN", KIND_ONE, VCARD_NAME, take_text, "further FN", "" },
	{ "N", KIND_ONE, VCARD_GIVEN_NAME, take_name, "further N", ";" },
	{ "ORG", KIND_ONE, VCARD_COMPANY, take_org, "further ORG", ";" },
	{ "TITLE", KIND_ONE, VCARD_TITLE, take_text, "further TITLE", "" },
	{ "TEL", KIND_CONTACT, VCARD_PHONE, take_phone, NULL, " \t\r\n" },
	{ "EMAIL", KIND_CONTACT, VCARD_EMAIL, take_text, NULL, " \t\r\n" },
	{ "GENDER", KIND_ONE, VCARD_GENDER, take_gender, "further GENDER", "; " },
	{ "X-GENDER", KIND_ONE, VCARD_GENDER, take_old_gender, "further GENDER", "" },
	{ "BDAY", KIND_ONE, VCARD_BIRTHDAY, take_birthday, "further BDAY", " " },
	{ "ADR", KIND_ONE, VCARD_ADDRESS, take_address, "further ADR", ";" },
	{ "LANG", KIND_ONE, VCARD_LANGUAGE, take_text, "further LANG", "" },
	{ "TZ", KIND_ONE, VCARD_TIMEZONE, take_zone, "further TZ", "" },
	{ "CATEGORIES", KIND_EACH, VCARD_TAGS, take_tags, NULL, "" },
	{ "NOTE", KIND_EACH, VCARD_NOTE, take_note, NULL, "" },
	{ "X-ABLABEL", KIND_EACH, VCARD_FIELDS, take_own_label, NULL, "" },
	{ "VERSION", KIND_NONE, VCARD_FIELDS, NULL, NULL, "" },
	{ "PRODID", KIND_NONE, VCARD_FIELDS, NULL, NULL, "" },
	{ "PROFILE", KIND_NONE, VCARD_FIELDS, NULL, NULL, "" },
	{ "REV", KIND_NONE, VCARD_FIELDS, NULL, NULL, "" },
};

static const struct rule *rule_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (strcmp(rules[i].name, name) == 0)
			return &rules[i];
	return NULL;
}

/* 1 is the most preferred; one that crm wrote as a further one never is. */
static int64_t rank_of(const struct vcard_property *p)
{
	const char *pref = vcard_param(p, "PREF");
	int64_t rank;

	if (vcard_param(p, "X-CRM-FURTHER"))
		return INT64_MAX;
	if (pref && parse_int64(pref, strlen(pref), 1, 100, &rank))
		return rank;
	return vcard_label_has_type(p, "pref") ? 1 : 101;
}

static bool says_nothing(const struct vcard_property *p, const struct rule *rule)
{
	return strspn(p->value, rule ? rule->blank : "") == p->len && !vcard_param(p, "X-CRM-CR");
}

/* Values are checked when they are decoded; labels come from parameters. */
static int check_params(const struct vcard_property *p, const char *encoding, struct buf *fault)
{
	struct buf bytes cleanup(buf_free) = BUF_INIT;
	size_t bad;

	for (const struct vcard_param *v = p->params; v; v = v->next) {
		if (utf8_valid(v->value, strlen(v->value), &bad))
			continue;
		fault_bytes(&bytes, v->value + bad, encoding);
		if (buf_str(&bytes))
			buf_say(fault, "line %zu: %s: a parameter has %s", p->line, p->name, bytes.s);
		return bytes.failed || fault->failed ? CRM_NOMEM : VCARD_FAULT;
	}
	return 0;
}

static int check_version(const struct vcard_property *p, struct buf *fault)
{
	static const char *const known[] = { "2.1", "3.0", "4.0" };
	struct buf said cleanup(buf_free) = BUF_INIT;
	size_t len = p->len;

	while (len > 0 && ascii_blank(p->value[len - 1]))
		len--;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (vcard_word_is(p->value, len, known[i]))
			return 0;
	if (!fault->len) {
		buf_quote(&said, p->value, p->len);
		if (buf_str(&said))
			buf_say(fault, "line %zu: VERSION: %s is not 2.1, 3.0 or 4.0", p->line, said.s);
	}
	return said.failed || fault->failed ? CRM_NOMEM : 0;
}

/*
 * Decodes all values, takes those away that say nothing, and finds the preferred of each kind. Of several faults the
 * first is told.
 */
static int prepare(struct vcard_card *c, const struct vcard_property **best, struct buf *fault)
{
	struct buf why cleanup(buf_free) = BUF_INIT;
	struct vcard_parsed *all = &c->parsed;
	size_t kept = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct vcard_property *p = &all->v[i];
		const struct rule *rule = rule_of(p->name);
		int rc = check_params(p, c->decoder.file_encoding, &why);

		if (rc == 0 && (rule || !vcard_is_binary(p)))
			rc = vcard_decode(&c->decoder, p, &all->mem, &why);
		if (rc == 0 && strcmp(p->name, "VERSION") == 0)
			rc = check_version(p, fault);
		if (rc < 0)
			return rc;
		if (rc == VCARD_FAULT && !fault->len)
			buf_add(fault, why.s, why.len);
		buf_clear(&why);
		if (rc == 0 && !says_nothing(p, rule))
			all->v[kept++] = *p;
	}
	all->n = kept;
	for (size_t i = 0; i < kept; i++) {
		const struct rule *rule = rule_of(all->v[i].name);
		const struct vcard_property **b = rule ? &best[rule - rules] : NULL;
		int64_t rank = rank_of(&all->v[i]);

		if (b && rank < INT64_MAX && (!*b || rank < rank_of(*b)))
			*b = &all->v[i];
	}
	return fault->failed ? CRM_NOMEM : 0;
}

static int take(struct vcard_card *c, const struct vcard_property *p, const struct vcard_property *const *best)
{
	const struct rule *rule = rule_of(p->name);

	if (!rule)
		return keep_property(c, p->name, p);
	if (rule->kind == KIND_NONE)
		return 0;
	if (rule->kind == KIND_EACH || p == best[rule - rules])
		return rule->take(c, p, rule->field);
	if (rule->kind == KIND_CONTACT)
		return put_contact(c, p, rule->field + 1);
	return keep_property(c, rule->further, p);
}

static int check_fields(const struct vcard_card *c, struct buf *fault)
{
	for (size_t i = 0; i < VCARD_FIELDS; i++) {
		if (c->fields[i].failed)
			return CRM_NOMEM;
		if (c->fields[i].len > READER_FIELD_MAX && !fault->len)
			buf_say(fault, "%s: more than 1 MiB", vcard_field_names[i]);
	}
	for (size_t i = 0; i < c->nextra; i++)
		if (c->extra[i].text.len > READER_FIELD_MAX && !fault->len)
			buf_say(fault, "%s: more than 1 MiB", c->extra[i].name);
	if (fault->failed)
		return CRM_NOMEM;
	return fault->len ? VCARD_FAULT : 0;
}

int vcard_card_read(struct vcard_card *c, const char *s, size_t len, size_t line, struct buf *fault)
{
	const struct vcard_property *best[ARRAY_SIZE(rules)] = { NULL };
	int rc;

	for (size_t i = 0; i < VCARD_FIELDS; i++)
		buf_clear(&c->fields[i]);
	c->nextra = 0;
	c->id = 0;
	rc = vcard_parse(&c->parsed, s, len, line, fault);
	if (rc == 0)
		rc = prepare(c, best, fault);
	for (size_t i = 0; rc == 0 && i < c->parsed.n; i++)
		rc = take(c, &c->parsed.v[i], best);
	return rc ? rc : check_fields(c, fault);
}
