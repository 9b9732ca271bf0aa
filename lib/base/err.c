#include "base/base.h"

int err_set(struct err *e, int code, const char *fmt, ...)
{
	struct buf msg = BUF_INIT;
	va_list ap;

	if (!e)
		return code;
	va_start(ap, fmt);
	buf_vprintf(&msg, fmt, ap);
	va_end(ap);
	buf_free(&e->msg);
	e->msg = msg;
	e->code = code;
	return code;
}

int err_nomem(struct err *e)
{
	return err_set(e, CRM_NOMEM, "out of memory");
}

void err_clear(struct err *e)
{
	e->code = CRM_OK;
	buf_clear(&e->msg);
}

void err_free(struct err *e)
{
	e->code = CRM_OK;
	buf_free(&e->msg);
}
