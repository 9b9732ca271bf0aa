/*
 * What is wrong with a text that is valid UTF-8 all the same: stray blanks, characters that nobody sees, text that
 * went through a wrong encoding, cells that a spreadsheet would run.
 */
#ifndef LINT_TEXT_H
#define LINT_TEXT_H

#include "base/base.h"

enum lint_flaw {
	LINT_SPACE_START = 1 << 0,
	LINT_SPACE_END = 1 << 1,
	LINT_SPACES_INSIDE = 1 << 2, /* two or more in a row; a line break is none */
	LINT_NO_BREAK = 1 << 3,      /* U+00A0 and its narrow kin */
	LINT_ZERO_WIDTH = 1 << 4,    /* U+200B and the like; joiners only where they join nothing */
	LINT_CONTROL = 1 << 5        /* C0 but TAB, LF, CR; DEL; C1; marks that turn the direction of text */
};

/* The flaws of a text, or'ed. */
unsigned lint_flaws(const char *s, size_t len);

/*
 * Why the text looks garbled, as "looks like UTF-8 that was read as Windows-1252", or NULL. Correct text in European
 * languages and Chinese is not taken for garbled: what is looked for does not occur in it.
 */
const char *lint_garbled(const char *s, size_t len);

/* True when a spreadsheet would run the cell: = + - @ TAB or CR first, and neither a plain number nor E.164. */
bool lint_is_formula(const char *s, size_t len);

/* True when an address in its normal form is that of a function, not of a person: info@, noreply@ … */
bool lint_is_role(const char *address, size_t len);

#endif
