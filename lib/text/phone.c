/*
 * Phone numbers in the spelling of people, to E.164. This is not a numbering plan: what belongs to a country is
 * trusted to be one of its numbers as long as its length is possible, because service numbers and new ranges appear
 * faster than any table.
 */
#include "text/countries.h"
#include "text/text.h"

enum {
	TOTAL_MAX = 15,
	TOTAL_MIN = 7,
	NATIONAL_MIN = 5,
	EXTENSION_MAX = 10
};

struct phone {
	const char *p, *end; /* what is still to be read, folded */
	bool plus;
	struct buf digits; /* without + */
	struct buf extension;
};

static void phone_free(struct phone *n)
{
	buf_free(&n->digits);
	buf_free(&n->extension);
}

/* Arabic and Persian digits, which NFKC leaves alone, become ASCII ones. */
static void make_digits_ascii(struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++) {
		unsigned char c = (unsigned char)b->s[i], next = (unsigned char)b->s[i + 1];

		if ((c == 0xd9 && next >= 0xa0 && next <= 0xa9) || (c == 0xdb && next >= 0xb0 && next <= 0xb9)) {
			b->s[n++] = (char)('0' + (next & 0xf));
			i++;
		} else {
			b->s[n++] = (char)c;
		}
	}
	buf_truncate(b, n);
}

static bool starts_with(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - p) >= n && memcmp(p, word, n) == 0;
}

/* --- reading --- */

/* Bytes of a word at p after which an extension follows. */
static size_t extension_word(const char *p, const char *end)
{
	static const char *const words[] = { ";ext=", "extension", "extn", "ext", "x", "#", "转", "轉", "分机", "分機",
		"内线", "內線", "доб" };

	if (strchr(" -.()", *p)) /* most of what stands between digits, without looking further */
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (starts_with(p, end, words[i]))
			return strlen(words[i]);
	}
	return 0;
}

static int read_extension(struct phone *n, const char *p, struct err *err)
{
	size_t word;

	while ((word = extension_word(p, n->end)) > 0 || (p < n->end && strchr(" .:=", *p)))
		p += word ? word : 1;
	for (; p < n->end && ascii_digit(*p); p++)
		buf_putc(&n->extension, *p);
	if (p < n->end)
		return err_set(err, CRM_INVALID, "has a letter or sign that no phone number has");
	if (!n->extension.len)
		return err_set(err, CRM_INVALID, "has no digits after the word for an extension");
	if (n->extension.len > EXTENSION_MAX)
		return err_set(err, CRM_INVALID, "has an extension of too many digits");
	return CRM_OK;
}

/* Bytes of a separator at p. Dashes come in many forms, and a kana keyboard types U+30FC for one. */
static size_t separator(const char *p, const char *end, bool *dash)
{
	static const char *const dashes[] = { "-", "‐", "‑", "‒", "–", "—", "―", "−", "ー" };

	*dash = false;
	if (strchr(" .()[]", *p))
		return 1;
	*dash = true;
	for (size_t i = 0; i < ARRAY_SIZE(dashes); i++) {
		if (starts_with(p, end, dashes[i]))
			return strlen(dashes[i]);
	}
	return 0;
}

/*
 * In China the extension of a landline is written after a last dash: 021-61234567-801. The number before it is
 * complete: area code with its 0, or 86 and the area code, and seven or eight digits.
 */
static void take_dash_extension(struct phone *n, const struct country *home, size_t dash_at)
{
	const char *d = n->digits.s;
	size_t after = n->digits.len - dash_at;
	bool complete =
		n->plus ? dash_at >= 11 && dash_at <= 13 && memcmp(d, "86", 2) == 0
			: home && home->code == 86 && d[0] == '0' && d[1] != '0' && dash_at >= 10 && dash_at <= 12;

	if (!complete || after < 1 || after > 6 || n->extension.len)
		return;
	buf_add(&n->extension, d + dash_at, after);
	buf_truncate(&n->digits, dash_at);
}

static int read_number(struct phone *n, const struct country *home, struct err *err)
{
	size_t dash_at = 0;

	if (starts_with(n->p, n->end, "tel:"))
		n->p += 4;
	while (n->p < n->end) {
		bool dash;
		size_t used;

		if (ascii_digit(*n->p)) {
			buf_putc(&n->digits, *n->p++);
			continue;
		}
		if (n->digits.len && extension_word(n->p, n->end)) {
			int rc = read_extension(n, n->p, err);

			if (rc)
				return rc;
			break;
		}
		used = *n->p == '+' && !n->plus && !n->digits.len ? 1 : 0;
		n->plus |= used > 0;
		if (!used) {
			used = separator(n->p, n->end, &dash);
			if (dash)
				dash_at = n->digits.len;
		}
		if (!used)
			return err_set(err, CRM_INVALID, "has a letter or sign that no phone number has");
		n->p += used;
	}
	if (!buf_str(&n->digits) || !buf_str(&n->extension))
		return err_nomem(err);
	if (!n->digits.len)
		return err_set(err, CRM_INVALID, "has no digits");
	take_dash_extension(n, home, dash_at);
	return CRM_OK;
}

/* --- meaning --- */

/*
 * Digits that begin with a prefix of the list `a/b:11/c`, 0 when with none; `:11` asks for a number of that many
 * digits in all.
 */
static size_t listed_prefix(const char *list, const char *digits, size_t len)
{
	while (*list) {
		size_t n = strcspn(list, ":/");
		const char *next = list + n;
		size_t wanted = 0;

		if (*next == ':') {
			for (next++; ascii_digit(*next); next++)
				wanted = wanted * 10 + (size_t)(*next - '0');
		}
		if (n <= len && memcmp(digits, list, n) == 0 && (!wanted || wanted == len))
			return n;
		list = *next ? next + 1 : next;
	}
	return 0;
}

/* Length of the international prefix, with a known calling code after it; 0 when there is none. */
static size_t international_prefix(const struct phone *n, const struct country *home)
{
	const char *d = n->digits.s;
	const struct country *any;
	const char *list = home ? home->international : "00";

	while (*list) {
		size_t size = strcspn(list, "/");

		if (size < n->digits.len && memcmp(d, list, size) == 0 &&
			country_of_number(d + size, n->digits.len - size, &any))
			return size;
		list += size + (list[size] == '/');
	}
	return memcmp(d, "00", n->digits.len < 2 ? n->digits.len : 2) == 0 && n->digits.len > 2 ? 2 : 0;
}

/*
 * Written with its calling code but without +, as messengers export: 8613800138000. Taken so only when the number
 * would be longer than any other reading allows.
 */
static bool has_own_code(const struct phone *n, const struct country *home)
{
	const struct country *any;
	size_t code = country_of_number(n->digits.s, n->digits.len, &any);

	return code && any && any->code == home->code && n->digits.len + code > 13;
}

static int add_normal(struct buf *out, const struct phone *n, unsigned int code, const char *national, size_t len)
{
	buf_printf(out, "+%u", code);
	buf_add(out, national, len);
	if (n->extension.len) {
		buf_puts(out, ";ext=");
		buf_add(out, n->extension.s, n->extension.len);
	}
	return out->failed ? CRM_NOMEM : CRM_OK;
}

static int resolve(struct buf *out, const struct phone *n, const struct country *home, struct err *err)
{
	size_t skip = n->plus ? 0 : international_prefix(n, home), code_len = 0, trunk;
	bool international = n->plus || skip || (home && has_own_code(n, home));
	const struct country *country = home;
	const char *national;
	unsigned int code = 0;
	size_t len;

	if (!international && !home)
		return err_set(err, CRM_INVALID, "has no country code: write +CC…, or set phone.country");
	if (international) {
		code_len = country_of_number(n->digits.s + skip, n->digits.len - skip, &country);
		if (!code_len)
			return err_set(err, CRM_INVALID, "begins with a calling code that no country has");
		for (size_t i = 0; i < code_len; i++)
			code = code * 10 + (unsigned int)(n->digits.s[skip + i] - '0');
	} else {
		code = home->code;
	}
	national = n->digits.s + skip + code_len;
	len = n->digits.len - skip - code_len;
	while (country && (trunk = listed_prefix(country->trunk, national, len)) > 0) {
		national += trunk;
		len -= trunk;
	}
	code_len = code < 10 ? 1 : code < 100 ? 2 : 3;
	if (code_len + len > TOTAL_MAX)
		return err_set(err, CRM_INVALID, "has too many digits");
	if (len < NATIONAL_MIN && (!international || code_len + len < TOTAL_MIN))
		return err_set(err, CRM_INVALID, "has too few digits");
	return add_normal(out, n, code, national, len) ? err_nomem(err) : CRM_OK;
}

int phone_normalise(struct buf *out, const char *s, size_t len, const char *country, struct err *err)
{
	cleanup(buf_free) struct buf folded = BUF_INIT;
	cleanup(phone_free) struct phone n = { 0 };
	const struct country *home = country ? country_find(country) : NULL;
	size_t bad;
	int rc;

	if (country && !home)
		return err_set(
			err, CRM_INVALID, "no country is known by the code given for phone numbers: write CN, US …");
	if (!utf8_valid(s, len, &bad))
		return err_set(err, CRM_INVALID, "is not valid UTF-8");
	if (text_fold(&folded, s, len) || !buf_str(&folded))
		return err_nomem(err);
	make_digits_ascii(&folded);
	n.p = buf_str(&folded);
	n.end = n.p + folded.len;
	rc = read_number(&n, home, err);
	return rc ? rc : resolve(out, &n, home, err);
}

bool phone_country_known(const char *iso)
{
	return country_find(iso) != NULL;
}
