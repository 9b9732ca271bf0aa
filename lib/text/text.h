/*
 * UTF-8 text: validity, comparable form, e-mail addresses, phone numbers, words.
 * What the command line needs too (width, escaping, nearest word) is in <crm/text.h>.
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/base.h"
#include <crm/text.h>

/* True when strict UTF-8 (no overlong form, no surrogate) without NUL; else *bad is the offset of the fault. */
bool utf8_valid(const char *s, size_t len, size_t *bad);

/*
 * Reads the character at s: returns its bytes, and the code point in *cp; 0 when they are no valid UTF-8 or len is 0.
 * NUL is a character here.
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *cp);

/* Appends a code point, which must be one (no surrogate, at most U+10FFFF). */
void utf8_append(struct buf *out, uint32_t cp);

/* What a character is by its general category. */
enum text_kind {
	TEXT_OTHER,
	TEXT_LETTER,
	TEXT_MARK,   /* of the letter before it */
	TEXT_DIGIT,  /* decimal */
	TEXT_NUMBER, /* all others: IV as one character, a half */
	TEXT_SYMBOL  /* that is none of mathematics, of money or an accent: emoji, mostly */
};
enum text_kind text_kind(uint32_t cp);

/* A Han, kana, bopomofo or hangul letter, or a numeral among them. */
bool utf8_is_cjk(uint32_t cp);

/*
 * Appends the form in which text is compared and searched: NFKC, case folded, runs of white space one blank,
 * none at the ends, characters that are never seen (soft hyphen, joiners, variation selectors) left out. ASCII and
 * Han take a fast path. CRM_INVALID, with nothing appended, when the input is no valid UTF-8.
 */
int text_fold(struct buf *out, const char *s, size_t len);

/* True when the folded text contains `needle`, itself folded already. */
bool text_contains(const char *s, size_t len, const char *needle, size_t nlen);

/* True when the text has a Han, kana or hangul letter (names are then joined without a blank). */
bool text_is_cjk(const char *s, size_t len);

/*
 * Appends the normal form of an e-mail address: without `mailto:`, angle brackets and blanks around, domain and local
 * part folded to lower case. CRM_INVALID with a message that says what is wrong; it never contains the address.
 */
int email_normalise(struct buf *out, const char *s, size_t len, struct err *err);

/*
 * Appends the normal form of a phone number: E.164 (`+8613800138000`), an extension as `;ext=12`.
 * `country` is the ISO 3166 code that a number without country code belongs to, or NULL: such a number is then
 * CRM_INVALID, since nothing is guessed. Accepts +, 00, tel:, blanks, dots, dashes, brackets, a trunk 0,
 * full-width digits, extensions (x12, ext. 12, 转12, #12, and -12 after a Chinese landline). The normal form of a
 * normal form is itself. Messages never contain the number.
 */
int phone_normalise(struct buf *out, const char *s, size_t len, const char *country, struct err *err);

/* True when `iso` is a known two-letter country for phone_normalise (any case). */
bool phone_country_known(const char *iso);

/*
 * Walks a list in its text form, `a, b\, c, label:d`: the next item, unescaped, is appended to `out` (cleared
 * first). `*pos` starts at 0. Returns false at the end, or when memory is short: list_end() tells. Blanks around items and empty items do not count. `\,`
 * `\\` and a blank behind `\` stand for the second character; any other backslash is a backslash.
 */
bool list_next(struct buf *out, const char *s, size_t len, size_t *pos);

/* The same into memory of the caller: of the item's bytes those that fit; returns how many it has, 0 at the end. */
size_t list_item(char *dst, size_t cap, const char *s, size_t len, size_t *pos);

/* Frees the item of a walk that went so far with `status`, and returns that: CRM_NOMEM when it could not go on. */
int list_end(struct buf *item, int status, struct err *err);

/* True when exactly this item is in the list. */
bool list_has(const char *s, size_t len, const char *item);

/* Appends one item to a list in its text form: `,`, `\` and blanks at its ends are escaped; an empty one adds nothing. */
void list_append(struct buf *list, const char *item, size_t len);

#endif
