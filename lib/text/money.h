/*
 * Amounts of money: text to minor units of a currency and back.
 *
 * How an amount is read. Nothing is guessed: what can be read in two ways is refused.
 *   - `1234.50`, `.50`, `-12.50`, `(12.50)`; a currency before or behind: `USD 12.50`, `12.50usd`, `¥99`, `99元`.
 *   - A dot is the decimal point, or where a comma is the decimal sign, or several dots stand, parts groups of three.
 *   - A comma, blank or apostrophe parts groups of three: `1,234.50`, `1 234.50`, `1'234`.
 *   - A comma that cannot part a group is the decimal sign: `12,50`, `1.234,50`. Of `1,234` the currency decides: with
 *     three decimals it could be both and is refused.
 *   - `1.234` of a currency with two decimals or none is refused: too many decimals, or a thousand?
 *   - A sign that several currencies have (¥, $, £, 元) is one of them only where the currency is known besides.
 */
#ifndef TEXT_MONEY_H
#define TEXT_MONEY_H

#include "base/base.h"

struct currency {
	char code[4]; /* ISO 4217 */
	unsigned char decimals;
};

enum {
	CURRENCY_DECIMALS_MAX = 4
};

size_t currency_count(void);
const struct currency *currency_at(size_t i);

/* By its code in capitals; NULL when there is none. */
const struct currency *currency_find(const char *code, size_t len);

/* By code (any case), name or sign. CRM_INVALID: unknown, with the nearest; a sign that several have. */
int currency_parse(const struct currency **out, const char *s, size_t len, struct err *err);

/* What is known of the currency besides the text of an amount; NULL: nothing. */
struct currency_context {
	const struct currency *given;  /* along with the amount: the text must not say another */
	const struct currency *stored; /* the record's so far */
	const struct currency *usual;  /* where nothing says any */
};

/*
 * Reads an amount: minor units (`12.50 USD` is 1250) and the currency. CRM_INVALID: no amount, ambiguous, too many
 * decimals, beyond 64 bits, currency missing, unknown or contradictory.
 */
int money_parse(int64_t *minor, const struct currency **currency, const char *s, size_t len,
	const struct currency_context *known, struct err *err);

/* Whether money_parse() may take the text, once the currency is known: the form of the number, the mark beside it. */
int money_check(const char *s, size_t len, struct err *err);

/*
 * Reads a limit that amounts of any currency are compared with, as money_size() makes them. *currency is NULL when the
 * text has none.
 */
int money_limit(crm_value *out, const struct currency **currency, const char *s, size_t len,
	const struct currency *usual, struct err *err);

/* An amount as ten-thousandths of its currency's unit: a number that compares across currencies of any decimals. */
crm_value money_size(int64_t minor, const struct currency *currency);

/* Appends the amount in decimal notation: `12.50`. */
void money_format(struct buf *out, int64_t minor, const struct currency *currency);

#endif
