/*
 * E-mail addresses after RFC 5321 and 6531: what can be one is taken, in the form in which two spellings of the same
 * address are equal.
 */
#include "text/text.h"

enum {
	LOCAL_MAX = 64,
	TOTAL_MAX = 254,
	LABEL_MAX = 63
};

struct span {
	const char *s;
	size_t len;
};

static bool begins(struct span v, const char *word)
{
	return v.len >= strlen(word) && memcmp(v.s, word, strlen(word)) == 0;
}

static struct span inside(struct span v, size_t before, size_t after)
{
	v.s += before;
	v.len -= before + after;
	while (v.len && v.s[0] == ' ') {
		v.s++;
		v.len--;
	}
	while (v.len && v.s[v.len - 1] == ' ')
		v.len--;
	return v;
}

/* `<…>`, `mailto:…`, `<mailto:…>` and `mailto:<…>` without their wrapping. */
static struct span unwrap(struct span v)
{
	for (int i = 0; i < 3; i++) {
		if (v.len >= 2 && v.s[0] == '<' && v.s[v.len - 1] == '>')
			v = inside(v, 1, 1);
		else if (begins(v, "mailto:"))
			v = inside(v, strlen("mailto:"), 0);
	}
	return v;
}

static bool is_quoted(struct span v)
{
	return v.len && v.s[0] == '"';
}

/* Bytes before the @ that ends the local part; v.len when there is none. */
static size_t find_at(struct span v)
{
	bool quoted = false;

	for (size_t i = 0; i < v.len; i++) {
		if (quoted && v.s[i] == '\\')
			i++;
		else if (v.s[i] == '"' && is_quoted(v))
			quoted = !quoted;
		else if (v.s[i] == '@' && !quoted)
			return i;
	}
	return v.len;
}

static const char *local_fault(struct span v)
{
	if (!v.len)
		return N_("has nothing before the @");
	if (v.len > LOCAL_MAX)
		return N_("has more than 64 bytes before the @");
	if (is_quoted(v)) {
		/* find_at() has seen that the quotes are closed; only the last character may close them. */
		for (size_t i = 1; i < v.len - 1; i++) {
			if (v.s[i] == '\\')
				i++;
			else if (v.s[i] == '"')
				return N_("has text outside the quotes before the @");
		}
		return NULL;
	}
	for (size_t i = 0; i < v.len; i++) {
		char c = v.s[i];

		if (c == '.' && (i == 0 || i == v.len - 1 || v.s[i + 1] == '.'))
			return N_("has a dot in a wrong place before the @");
		if (ascii_text(c) && !ascii_alpha(c) && !ascii_digit(c) && !strchr(".!#$%&'*+-/=?^_`{|}~", c))
			return N_("has a sign before the @ that no address has");
	}
	return NULL;
}

/* Letters, marks, digits, and the two dots that domains of Catalonia and Japan may have. */
static bool label_character(uint32_t cp)
{
	if (cp < 0x80)
		return ascii_alpha((char)cp) || ascii_digit((char)cp) || cp == '-';
	switch (text_kind(cp)) {
	case TEXT_LETTER:
	case TEXT_MARK:
	case TEXT_DIGIT:
		return true;
	default:
		return cp == 0xb7 || cp == 0x30fb;
	}
}

static const char *label_fault(struct span v)
{
	size_t characters = 0;

	if (!v.len)
		return N_("has a dot in a wrong place after the @");
	if (v.s[0] == '-' || v.s[v.len - 1] == '-')
		return N_("has a dash at the end of a part of its domain");
	for (size_t i = 0, n; i < v.len; i += n) {
		uint32_t cp = 0;

		n = utf8_decode(v.s + i, v.len - i, &cp);
		if (!n || !label_character(cp))
			return N_("has a sign in its domain that no domain has");
		characters++;
	}
	return characters > LABEL_MAX ? N_("has a part of more than 63 characters in its domain") : NULL;
}

static const char *domain_fault(struct span v)
{
	struct span label = { v.s, 0 };
	bool number = true;
	size_t dots = 0;

	if (!v.len)
		return N_("has nothing after the @");
	if (memchr(v.s, '@', v.len))
		return N_("has more than one @");
	for (size_t i = 0; i <= v.len; i++) {
		const char *fault;

		if (i < v.len && v.s[i] != '.')
			continue;
		label.len = (size_t)(v.s + i - label.s);
		fault = label_fault(label);
		if (fault)
			return fault;
		if (i == v.len)
			break;
		label.s = v.s + i + 1;
		dots++;
	}
	for (size_t i = 0; i < label.len; i++)
		number &= ascii_digit(label.s[i]);
	if (number)
		return N_("has a domain that ends in a number");
	if (!dots && !(v.len == 9 && memcmp(v.s, "localhost", 9) == 0))
		return N_("has no dot in its domain");
	return NULL;
}

/* Chinese keyboards type U+3002, which domains take for a dot. */
static void add_domain(struct buf *out, struct span v)
{
	static const char full_stop[] = "。";

	for (size_t i = 0; i < v.len; i++) {
		if (begins((struct span){ v.s + i, v.len - i }, full_stop)) {
			buf_putc(out, '.');
			i += strlen(full_stop) - 1;
		} else {
			buf_putc(out, v.s[i]);
		}
	}
}

static const char *address_fault(struct buf *normal, struct span v)
{
	size_t at = find_at(v);
	const char *fault;

	for (size_t i = 0; i < v.len; i++) {
		if (v.s[i] == ' ')
			return N_("has a blank inside");
		if ((unsigned char)v.s[i] < ' ' || v.s[i] == 0x7f ||
			(i + 1 < v.len && (unsigned char)v.s[i] == 0xc2 && (unsigned char)v.s[i + 1] < 0xa0))
			return N_("has a control character inside");
	}
	if (at == v.len)
		return is_quoted(v) ? N_("has quotes that are not closed, or no @") : N_("has no @");
	fault = local_fault((struct span){ v.s, at });
	if (fault)
		return fault;
	buf_add(normal, v.s, at + 1);
	add_domain(normal, (struct span){ v.s + at + 1, v.len - at - 1 });
	if (normal->failed)
		return NULL;
	if (normal->len > TOTAL_MAX)
		return N_("has more than 254 bytes");
	return domain_fault((struct span){ normal->s + at + 1, normal->len - at - 1 });
}

int email_normalise(struct buf *out, const char *s, size_t len, struct err *err)
{
	cleanup(buf_free) struct buf folded = BUF_INIT;
	cleanup(buf_free) struct buf normal = BUF_INIT;
	const char *fault;
	size_t bad;

	if (!utf8_valid(s, len, &bad))
		return err_set(err, CRM_INVALID, "is not valid UTF-8");
	if (text_fold(&folded, s, len))
		return err_nomem(err);
	fault = address_fault(&normal, unwrap((struct span){ folded.s, folded.len }));
	if (normal.failed)
		return err_nomem(err);
	if (fault)
		return err_set(err, CRM_INVALID, "%s", crm_tr(fault));
	buf_add(out, normal.s, normal.len);
	return normal.failed || out->failed ? err_nomem(err) : CRM_OK;
}
