/* What reports on orders share: the lines that count, how many orders they are, what they come to. */
#ifndef REPORT_ORDERS_H
#define REPORT_ORDERS_H

#include "base/words.h"
#include "report/report.h"

/* Lines that are not cancelled, returned or refunded: what the facts of customers count too. */
extern const struct report_source report_orders;

/*
 * A sum of amounts in one currency. Sums beyond 64 bits are not available, never wrong.
 */
struct total {
	int64_t minor;
	bool beyond;
};

static inline void total_add(struct total *t, int64_t minor)
{
	t->beyond |= __builtin_add_overflow(t->minor, minor, &t->minor);
}

/*
 * Whether a line, of this source and number, is the first of its order in a group: lines without a number are orders of
 * their own. CRM_OK: it is, CRM_END: it is not, CRM_NOMEM.
 */
int order_is_new(struct words *seen, int group, const char *source, const char *number);

/* The code of an amount's currency; NULL where there is no amount: such lines are shown apart, with no currency. */
const char *order_currency(struct stmt *st, int amount, int currency);

/* An amount of minor units as its currency writes it; of a code that is not known, with two decimals. */
void put_money(struct buf *out, int64_t minor, const char *currency);
void rowset_money(struct rowset *rows, size_t col, int64_t minor, const char *currency);

#endif
