/* What stands beside an amount for its currency: a code, a name, a sign. */
#ifndef TEXT_MONEY_MARK_H
#define TEXT_MONEY_MARK_H

#include "text/money.h"

/* The codes that a folded text may mean, as `CNY|JPY`; NULL: none. A code's own text goes to `code`. */
const char *currency_mark(char code[4], const char *folded, size_t len);

/* Whether the code is among them. */
bool currency_among(const char *codes, const struct currency *currency);

#endif
