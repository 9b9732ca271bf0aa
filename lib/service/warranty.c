/* Whether the product of a ticket is under warranty: its last day is what product.warranty after the purchase is. */
#include "model/record.h"
#include "model/ticket.h"

int warranty_judge(crm_value *out, crm_store *s, int64_t id)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	struct time_context ctx = store_time_context(s, CRM_TIME_FUTURE);
	struct buf last = BUF_INIT;
	int64_t bought, end, unused;
	int status = db_prepare(&st, s, "SELECT purchase_date FROM ticket WHERE id = $1", 0);

	if (status < 0)
		return status;
	db_bind_int(st, 1, id);
	status = db_step(st);
	/* a year or month alone does not say when it ends */
	if (status != CRM_OK || !s->warranty || db_bytes(st, 0) != strlen("YYYY-MM-DD"))
		return status < 0 ? status : CRM_OK;
	status = time_parse(&bought, &unused, &ctx, db_text(st, 0), db_bytes(st, 0), &s->err);
	ctx.now = bought;
	buf_printf(&last, "+%s", s->warranty);
	if (status == CRM_OK)
		status = buf_str(&last) ? time_parse(&end, &unused, &ctx, last.s, last.len, &s->err)
					: err_nomem(&s->err);
	buf_free(&last);
	if (status == CRM_OK) {
		bool in = zone_day(s->zone, crm_store_now(s)) < zone_day(s->zone, end);

		*out = (crm_value){ .kind = CRM_STRING, .s = in ? "in" : "out", .len = in ? 2 : 3 };
	}
	return status;
}
