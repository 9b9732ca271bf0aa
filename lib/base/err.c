#include "base/base.h"

#include <crm/text.h>

/* Whatever names, files and terms bring into a message: it stays one line of UTF-8 that no terminal acts on. */
static void make_plain(struct buf *msg)
{
	struct buf plain = BUF_INIT;
	size_t n;

	if (!msg->s || msg->failed || crm_text_is_plain(msg->s, msg->len, CRM_ESCAPE_LINE))
		return;
	n = crm_text_escape(NULL, 0, msg->s, msg->len, CRM_ESCAPE_LINE);
	if (buf_reserve(&plain, n)) {
		crm_text_escape(plain.s, n + 1, msg->s, msg->len, CRM_ESCAPE_LINE);
		plain.len = n;
	}
	plain.failed = plain.failed || !plain.s;
	buf_free(msg);
	*msg = plain;
}

int err_set(struct err *e, int code, const char *fmt, ...)
{
	struct buf msg = BUF_INIT;
	va_list ap;

	if (!e)
		return code;
	e->nomem |= code == CRM_NOMEM;
	va_start(ap, fmt);
	buf_vprintf(&msg, crm_tr(fmt), ap);
	va_end(ap);
	make_plain(&msg);
	e->nomem |= msg.failed;
	if (e->nomem && code != CRM_NOMEM) {
		buf_free(&msg);
		return err_nomem(e);
	}
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
	e->nomem = false;
	buf_free(&e->msg);
}
