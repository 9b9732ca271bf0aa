/* Orders from their lines. */
#include "report/orders.h"
#include "model/customer.h"
#include "text/money.h"

const struct report_source report_orders = { &entity_order, ORDERS_COUNTED_OF("t0"), "at", .wide = true };

int order_is_new(struct words *seen, int group, const char *source, const char *number)
{
	size_t before = seen->n;
	struct buf key = BUF_INIT;
	int found;

	if (!number)
		return CRM_OK;
	buf_printf(&key, "%d %s ", group, source ? source : "");
	buf_puts(&key, number);
	found = buf_str(&key) ? words_number(seen, key.s, key.len) : WORD_FAILED;
	buf_free(&key);
	return found == WORD_FAILED ? CRM_NOMEM : seen->n > before ? CRM_OK : CRM_END;
}

const char *order_currency(struct stmt *st, int amount, int currency)
{
	return db_is_null(st, amount) ? NULL : db_text(st, currency);
}

void put_money(struct buf *out, int64_t minor, const char *currency)
{
	const struct currency *known = currency_find(currency, strlen(currency));

	money_format(out, minor, known ? known : &(struct currency){ .decimals = 2 });
}

void rowset_money(struct rowset *rows, size_t col, int64_t minor, const char *currency)
{
	struct buf text = BUF_INIT;

	put_money(&text, minor, currency);
	rowset_buf(rows, col, &text);
	buf_free(&text);
}
