/* Text on a terminal: width, cutting, harmless display, the nearest of several words. */
#ifndef CRM_TEXT_H
#define CRM_TEXT_H

#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Columns that the text takes on a terminal: wide and full-width characters and emoji two, combining and control
 * characters none, everything else (characters of ambiguous width and invalid bytes too) one.
 */
CRM_API size_t crm_text_width(const char *s, size_t len);

/* Bytes of the longest beginning that takes at most `width` columns, never cutting a grapheme. */
CRM_API size_t crm_text_fit(const char *s, size_t len, size_t width);

/* Characters of ambiguous width (annex 11 of Unicode): Greek, Cyrillic, lines and boxes, signs as … — ° ×. */
typedef enum crm_ambiguous {
	CRM_AMBIGUOUS_NARROW, /* one column, as nearly all terminals have them */
	CRM_AMBIGUOUS_WIDE    /* two, as terminals set up for Chinese, Japanese or Korean may */
} crm_ambiguous;

/* The same on a terminal that shows these so. */
CRM_API size_t crm_text_width_as(const char *s, size_t len, crm_ambiguous as);
CRM_API size_t crm_text_fit_as(const char *s, size_t len, size_t width, crm_ambiguous as);

/*
 * Bytes of the first of the lines of at most `width` columns that a text is broken into: up to a blank in the latter
 * half of the line where there is one, else as much as fits, and one grapheme at least. Blanks that follow belong to no
 * line.
 */
CRM_API size_t crm_text_line(const char *s, size_t len, size_t width, crm_ambiguous as);

typedef enum crm_escape {
	CRM_ESCAPE_LINE = 0,      /* newline and tab are written \n and \t too: for one-line output */
	CRM_ESCAPE_KEEP_LINES = 1 /* newline and tab stay */
} crm_escape;

/*
 * Writes text so that no terminal acts on it: C0 and C1 controls, DEL, bidirectional and invisible formatting
 * characters and invalid bytes become visible `\x1b` or `\u202e`; joiners between letters or emoji stay. A
 * backslash stays as it is. Works like snprintf: returns the length that the whole result has, writes at most
 * `cap` bytes including the NUL. What does not fit is left out from there on; no character is cut in two.
 */
CRM_API size_t crm_text_escape(char *dst, size_t cap, const char *s, size_t len, crm_escape how);

/* True when crm_text_escape() would change nothing. */
CRM_API bool crm_text_is_plain(const char *s, size_t len, crm_escape how);

/*
 * Text in a cell for spreadsheets. It gets a ' in front when a spreadsheet might run it, which begins with = + - or @,
 * or their full-width forms, after blanks and controls if any (no phone number +8613800138000 and no plain number is
 * touched); and when it is such a text behind any number of ' of its own. So exactly one ' is taken away again from
 * what has one in front of such a text, and every text comes back as it was.
 */
CRM_API bool crm_text_needs_apostrophe(const char *s, size_t len);
CRM_API size_t crm_text_apostrophe(const char *s, size_t len); /* bytes of the ' put in front of this one: 1 or 0 */

/* The word of `words` that `s` most likely meant (edit distance, bounded by its length), or NULL. */
CRM_API const char *crm_text_nearest(const char *s, const char *const *words, size_t n);

#ifdef __cplusplus
}
#endif

#endif
