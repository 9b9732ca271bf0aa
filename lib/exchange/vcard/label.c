#include "exchange/vcard/label.h"

#include "exchange/vcard/split.h"

/* In the order in which a label names them. */
static const struct type {
	const char *word, *label;
} types[] = {
	{ "home", "home" },
	{ "work", "work" },
	{ "other", "other" },
	{ "cell", "mobile" },
	{ "fax", "fax" },
	{ "pager", "pager" },
};

/* Said of nearly every number, and by the field it is in. */
static const char *const empty_types[] = { "pref", "voice", "internet", "text", "textphone", "video", "msg" };

static bool says_nothing(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(empty_types); i++)
		if (vcard_word_is(word, strlen(word), empty_types[i]))
			return true;
	return false;
}

static bool is_known(const char *s, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (vcard_word_is(s, len, types[i].word))
			return true;
	return false;
}

/* Letters, digits, blanks, - and _ are what a label may have. */
static void add_label_char(struct buf *out, char c)
{
	bool good = ascii_alpha(c) || ascii_digit(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;

	buf_putc(out, good ? c : ' ');
}

/* One value of TYPE may be several words: TYPE="voice,home" is common. */
static size_t word_length(const char *s)
{
	return strcspn(s, ",");
}

static void add_other_types(struct buf *out, const struct vcard_property *p)
{
	for (const struct vcard_param *v = p->params; v; v = v->next) {
		if (strcmp(v->name, "TYPE") != 0)
			continue;
		for (const char *s = v->value; *s; s += *s == ',') {
			struct buf word cleanup(buf_free) = BUF_INIT;
			size_t n = word_length(s);

			for (size_t i = 0; i < n; i++)
				buf_putc(&word, ascii_lower(s[i]));
			s += n;
			if (n == 0 || word.failed || is_known(word.s, n) || says_nothing(word.s))
				continue;
			if (out->len)
				buf_putc(out, ' ');
			buf_add(out, word.s, n);
		}
	}
}

bool vcard_label_has_type(const struct vcard_property *p, const char *word)
{
	for (const struct vcard_param *v = p->params; v; v = v->next) {
		if (strcmp(v->name, "TYPE") != 0)
			continue;
		for (const char *s = v->value; *s; s += *s == ',') {
			size_t n = word_length(s);

			if (vcard_word_is(s, n, word))
				return true;
			s += n;
		}
	}
	return false;
}

void vcard_label_of_types(struct buf *out, const struct vcard_property *p)
{
	struct buf label cleanup(buf_free) = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (vcard_label_has_type(p, types[i].word))
			buf_printf(&label, "%s%s", label.len ? " " : "", types[i].label);
	add_other_types(&label, p);
	if (label.failed)
		out->failed = true;
	else if (label.len)
		vcard_label_of_text(out, label.s, label.len);
}

void vcard_label_of_text(struct buf *out, const char *s, size_t len)
{
	static const char before[] = "_$!<", after[] = ">!$_";
	size_t n = sizeof(before) - 1, start = out->len, blanks = 0;

	if (len >= 2 * n && !memcmp(s, before, n) && !memcmp(s + len - n, after, n)) {
		for (size_t i = n; i < len - n; i++)
			add_label_char(out, ascii_lower(s[i]));
	} else {
		for (size_t i = 0; i < len; i++)
			add_label_char(out, s[i]);
	}
	if (out->failed)
		return;
	while (start + blanks < out->len && out->s[start + blanks] == ' ')
		blanks++;
	/* `tel:` and `mailto:` before an address are schemes. */
	if (start + blanks == out->len || vcard_word_is(out->s + start, out->len - start, "tel") ||
		vcard_word_is(out->s + start, out->len - start, "mailto"))
		buf_truncate(out, start);
}

bool vcard_label_types(struct buf *out, const char *label, size_t len)
{
	size_t start = out->len, at = 0;

	for (size_t i = 0; i < ARRAY_SIZE(types) && at < len; i++) {
		size_t n = strlen(types[i].label), skip = at > 0;

		if (len - at < n + skip || (skip && label[at] != ' ') ||
			memcmp(label + at + skip, types[i].label, n) != 0 ||
			(at + skip + n < len && label[at + skip + n] != ' '))
			continue;
		buf_printf(out, "%s%s", skip ? "," : "", types[i].word);
		at += skip + n;
	}
	if (at == len && len > 0)
		return true;
	buf_truncate(out, start);
	return false;
}
