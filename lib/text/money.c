#include "text/money.h"
#include "text/money_mark.h"
#include "text/text.h"

/* An amount taken apart. All texts are parts of the folded one. */
struct amount {
	const char *raw; /* as it was written, for messages */
	size_t raw_len;
	struct buf folded;
	const char *number; /* digits and separators */
	size_t len;
	bool negative;
	const char *before, *behind; /* codes of the mark there, or NULL */
	char before_code[4], behind_code[4];
};

/* What a currency leaves of the ways to read a number. */
struct shape {
	size_t point; /* where the decimal sign stands; behind the last digit: nowhere */
	bool either;  /* a lone dot or comma that may part a group as well: what it is, the currency tells */
};

static int refuse(const struct amount *a, struct err *err, const char *why)
{
	return err_set(err, CRM_INVALID, "'%.*s' %s", (int)crm_text_fit(a->raw, a->raw_len, 40), a->raw, crm_tr(why));
}

static int no_amount(const struct amount *a, struct err *err)
{
	return refuse(a, err, N_("is not an amount: write it as 1234.50, with a currency as 1234.50 USD"));
}

/* --- the parts --- */

static const char minus[] = "\xe2\x88\x92"; /* U+2212 */

static void strip(const char **s, size_t *len)
{
	while (*len > 0 && **s == ' ')
		++*s, --*len;
	while (*len > 0 && (*s)[*len - 1] == ' ')
		--*len;
}

/* Takes one sign off an end of the text before the number: `-¥`, `usd -`. */
static bool take_sign(struct amount *a, const char **s, size_t *len)
{
	static const struct {
		const char *text;
		bool negative;
	} signs[] = { { "-", true }, { minus, true }, { "+", false } };

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		size_t n = strlen(signs[i].text);
		bool first = *len >= n && memcmp(*s, signs[i].text, n) == 0;

		if (!first && !(*len >= n && memcmp(*s + *len - n, signs[i].text, n) == 0))
			continue;
		*s += first ? n : 0;
		*len -= n;
		a->negative = signs[i].negative;
		strip(s, len);
		return true;
	}
	return false;
}

static int read_mark(
	const char **codes, char code[4], const struct amount *a, const char *s, size_t len, struct err *err)
{
	*codes = NULL;
	if (len == 0)
		return CRM_OK;
	*codes = currency_mark(code, s, len);
	if (*codes)
		return CRM_OK;
	if (len == 3 && ascii_alpha(s[0]) && ascii_alpha(s[1]) && ascii_alpha(s[2])) {
		const struct currency *none;

		return currency_parse(&none, s, len, err);
	}
	return no_amount(a, err);
}

static int read_parts(struct amount *a, struct err *err)
{
	const char *s = buf_str(&a->folded), *end = s + a->folded.len, *first = s, *last = end;
	const char *front = s, *back;
	size_t nfront, nback;
	int status;

	while (first < end && !ascii_digit(*first))
		first++;
	while (last > first && !ascii_digit(last[-1]))
		last--;
	if (first == last)
		return no_amount(a, err);
	if (first > s && (first[-1] == '.' || first[-1] == ','))
		first--; /* `.50` */
	a->number = first;
	a->len = (size_t)(last - first);
	nfront = (size_t)(first - s);
	back = last;
	nback = (size_t)(end - last);
	strip(&front, &nfront);
	strip(&back, &nback);
	if (nfront > 0 && nback > 0 && *front == '(' && back[nback - 1] == ')') {
		front++, nfront--, nback--;
		a->negative = true;
		strip(&front, &nfront);
		strip(&back, &nback);
	} else {
		take_sign(a, &front, &nfront);
	}
	status = read_mark(&a->before, a->before_code, a, front, nfront, err);
	return status == CRM_OK ? read_mark(&a->behind, a->behind_code, a, back, nback, err) : status;
}

/* --- the number --- */

/* What stands for a separator, its bytes in *n; 0: something else. */
static char separator(const char *s, size_t len, size_t *n)
{
	static const char apostrophe[] = "\xe2\x80\x99"; /* U+2019 */

	*n = 1;
	if (*s == ',' || *s == '.' || *s == '\'' || *s == ' ')
		return *s;
	*n = sizeof(apostrophe) - 1;
	return len >= *n && memcmp(s, apostrophe, *n) == 0 ? '\'' : '\0';
}

/* Separators of a number, as far as its shape needs them. */
struct scan {
	size_t count;
	char group;        /* the kind of all but the last, where they are of one kind */
	char last;         /* of the last */
	size_t last_at;    /* where it stands */
	bool mixed, close; /* all but the last of several kinds; two side by side */
	bool groups;       /* digits before and between are one to three, then three each */
	size_t behind;     /* digits behind the last */
	size_t before;     /* digits before the first */
};

/* False at anything but digits and separators. */
static bool scan_number(struct scan *c, const char *s, size_t len)
{
	size_t run = 0;

	*c = (struct scan){ .groups = true };
	for (size_t i = 0, n; i < len; i += n) {
		char kind;

		n = 1;
		if (ascii_digit(s[i])) {
			run++;
			continue;
		}
		kind = separator(s + i, len - i, &n);
		if (!kind)
			return false;
		if (c->count == 0) {
			c->before = run;
			c->groups = run >= 1 && run <= 3 && s[0] != '0';
		} else {
			c->mixed |= c->count > 1 && c->last != c->group;
			c->group = c->count == 1 ? c->last : c->group;
			c->groups &= run == 3;
			c->close |= run == 0;
		}
		c->last = kind;
		c->last_at = i;
		c->count++;
		run = 0;
	}
	c->behind = run;
	return true;
}

/* Where the decimal sign is, as far as it can be told without the currency. */
static int read_shape(struct shape *out, const struct amount *a, struct err *err)
{
	struct scan c;
	bool decimal;

	if (!scan_number(&c, a->number, a->len) || c.close)
		return no_amount(a, err);
	*out = (struct shape){ .point = a->len };
	if (c.count == 0)
		return CRM_OK;
	decimal = c.last == '.' || c.last == ',';
	if (c.count == 1 && decimal) {
		out->point = c.last_at;
		out->either = c.groups && c.behind == 3;
		return CRM_OK;
	}
	if (c.groups && !c.mixed && (c.count == 1 || c.last == c.group) && c.behind == 3)
		return CRM_OK; /* nothing but groups */
	if (c.count > 1 && decimal && c.groups && !c.mixed && c.last != c.group) {
		out->point = c.last_at;
		return CRM_OK;
	}
	return no_amount(a, err);
}

/* The lone dot or comma of `1,234`, for a currency with so many decimals. */
static int settle_either(struct shape *shape, const struct amount *a, unsigned decimals, struct err *err)
{
	bool comma = a->number[shape->point] == ',';

	if (!shape->either || (!comma && decimals >= 3))
		return CRM_OK;
	if (comma && decimals >= 3)
		return refuse(
			a, err, N_("may be a thousand or a decimal comma: write it with a dot and without commas"));
	if (!comma)
		return refuse(a, err,
			N_("may have three decimals or a dot between thousands: write it without the dot, or with two "
			   "decimals"));
	shape->point = a->len;
	return CRM_OK;
}

static bool add_digit(int64_t *sum, int digit)
{
	return !__builtin_mul_overflow(*sum, 10, sum) && !__builtin_sub_overflow(*sum, digit, sum);
}

/* The number with so many decimals; further ones must be 0. */
static int read_number(int64_t *out, const struct amount *a, const char *unit, unsigned decimals, struct err *err)
{
	struct shape shape;
	unsigned behind = 0;
	int64_t sum = 0; /* negative all the way: INT64_MIN has no positive counterpart */
	bool fits = true;
	int status = read_shape(&shape, a, err);

	if (status == CRM_OK)
		status = settle_either(&shape, a, decimals, err);
	if (status < 0)
		return status;
	for (size_t i = 0; i < a->len && fits; i++) {
		if (!ascii_digit(a->number[i]))
			continue;
		if (i < shape.point || behind++ < decimals)
			fits = add_digit(&sum, a->number[i] - '0');
		else if (a->number[i] != '0')
			return err_set(err, CRM_INVALID, "'%.*s' has more decimals than %s, which has %u",
				(int)crm_text_fit(a->raw, a->raw_len, 40), a->raw, unit, decimals);
	}
	for (; fits && behind < decimals; behind++)
		fits = add_digit(&sum, 0);
	if (fits && !a->negative)
		fits = !__builtin_sub_overflow((int64_t)0, sum, &sum);
	if (!fits)
		return refuse(a, err, N_("is too large an amount"));
	*out = sum;
	return CRM_OK;
}

/* --- the currency --- */

/* Whether the text leaves room for it. */
static bool fits_marks(const struct amount *a, const struct currency *currency)
{
	return currency && (!a->before || currency_among(a->before, currency)) &&
	       (!a->behind || currency_among(a->behind, currency));
}

/* The only currency that the marks leave; NULL: several. */
static const struct currency *only_marked(const struct amount *a)
{
	const struct currency *found = NULL;
	const char *codes = a->before ? a->before : a->behind;

	for (; codes && *codes; codes += codes[3] ? 4 : 3) {
		const struct currency *c = currency_find(codes, 3);

		if (!fits_marks(a, c))
			continue;
		if (found)
			return NULL;
		found = c;
	}
	return found;
}

static bool contradicts_itself(const struct amount *a)
{
	for (const char *codes = a->before; a->behind && codes && *codes; codes += codes[3] ? 4 : 3)
		if (fits_marks(a, currency_find(codes, 3)))
			return false;
	return a->before && a->behind;
}

static int choose_currency(
	const struct currency **out, const struct amount *a, const struct currency_context *known, struct err *err)
{
	const char *codes = a->before ? a->before : a->behind;
	const struct currency *only = only_marked(a);

	*out = known->given && fits_marks(a, known->given) ? known->given
	       : known->given                              ? NULL
	       : only                                      ? only
	       : fits_marks(a, known->stored)              ? known->stored
	       : fits_marks(a, known->usual)               ? known->usual
							   : NULL;
	if (*out)
		return CRM_OK;
	if (contradicts_itself(a))
		return refuse(a, err, N_("names two currencies"));
	if (known->given)
		return err_set(err, CRM_INVALID, "'%.*s' is not in %s, which is given as the currency",
			(int)crm_text_fit(a->raw, a->raw_len, 40), a->raw, known->given->code);
	if (!codes)
		return refuse(a, err, N_("has no currency: write one, as 12.50 USD, or configure money.currency"));
	return err_set(err, CRM_INVALID, "'%.*s' has a sign of several currencies (%.11s%s): use a code, as 12.50 %.3s",
		(int)crm_text_fit(a->raw, a->raw_len, 40), a->raw, codes, strlen(codes) > 11 ? "…" : "", codes);
}

/* --- the whole --- */

static int begin(struct amount *a, const char *s, size_t len, struct err *err)
{
	size_t bad;

	*a = (struct amount){ .raw = s, .raw_len = len };
	if (!utf8_valid(s, len, &bad))
		return err_set(err, CRM_INVALID, "byte %zu is not UTF-8 text", bad + 1);
	if (text_fold(&a->folded, s, len) < 0 || !buf_str(&a->folded))
		return err_nomem(err);
	return read_parts(a, err);
}

int money_parse(int64_t *minor, const struct currency **currency, const char *s, size_t len,
	const struct currency_context *known, struct err *err)
{
	const struct currency *found;
	struct amount a;
	int64_t sum;
	int status = begin(&a, s, len, err);

	if (status == CRM_OK)
		status = choose_currency(&found, &a, known, err);
	if (status == CRM_OK)
		status = read_number(&sum, &a, found->code, found->decimals, err);
	if (status == CRM_OK) {
		*minor = sum;
		*currency = found;
	}
	buf_free(&a.folded);
	return status;
}

int money_check(const char *s, size_t len, struct err *err)
{
	struct shape shape;
	struct amount a;
	int status = begin(&a, s, len, err);

	if (status == CRM_OK)
		status = read_shape(&shape, &a, err);
	if (status == CRM_OK && contradicts_itself(&a))
		status = refuse(&a, err, N_("names two currencies"));
	buf_free(&a.folded);
	return status;
}

int money_limit(crm_value *out, const struct currency **currency, const char *s, size_t len,
	const struct currency *usual, struct err *err)
{
	const struct currency_context known = { .usual = usual };
	const struct currency *found = NULL;
	struct amount a;
	int64_t sum;
	int status = begin(&a, s, len, err);

	if (status == CRM_OK && (a.before || a.behind))
		status = choose_currency(&found, &a, &known, err);
	if (status == CRM_OK)
		status = read_number(&sum, &a, found ? found->code : crm_tr("any currency"),
			found ? found->decimals : CURRENCY_DECIMALS_MAX, err);
	buf_free(&a.folded);
	if (status < 0)
		return status;
	*currency = found;
	*out = found ? money_size(sum, found) : (crm_value){ .kind = CRM_INT, .i = sum };
	return CRM_OK;
}

crm_value money_size(int64_t minor, const struct currency *currency)
{
	crm_value v = { .kind = CRM_INT, .i = minor };

	int64_t factor = 1;

	for (unsigned i = currency->decimals; i < CURRENCY_DECIMALS_MAX; i++)
		factor *= 10;
	if (__builtin_mul_overflow(minor, factor, &v.i))
		v = (crm_value){ .kind = CRM_DOUBLE, .d = (double)minor * (double)factor };
	return v;
}

void money_format(struct buf *out, int64_t minor, const struct currency *currency)
{
	uint64_t unit = 1, size = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;

	for (unsigned i = 0; i < currency->decimals; i++)
		unit *= 10;
	buf_printf(out, "%s%llu", minor < 0 ? "-" : "", (unsigned long long)(size / unit));
	if (unit > 1)
		buf_printf(out, ".%0*llu", (int)currency->decimals, (unsigned long long)(size % unit));
}
