#include "exchange/fault.h"

#include <crm/text.h>

enum {
	NAME_WIDTH_MAX = 60
};

#define NUL_BYTE  N_("a NUL byte")
#define BAD_BYTES N_("bytes that are not %s")

void fault_bytes(struct buf *out, const char *at, const char *encoding)
{
	if (*at == '\0')
		buf_say(out, NUL_BYTE);
	else
		buf_say(out, BAD_BYTES, encoding);
}

/* With what stands before the first argument of the format. */
static bool begins(const char *fault, const char *format)
{
	return strncmp(fault, format, strcspn(format, "%")) == 0;
}

bool fault_is_bytes(const char *fault)
{
	return begins(fault, crm_tr(NUL_BYTE)) || begins(fault, crm_tr(BAD_BYTES));
}

void fault_name(struct buf *out, const char *name)
{
	size_t len = strlen(name);
	size_t fit = crm_text_fit(name, len, NAME_WIDTH_MAX);

	buf_add(out, name, fit);
	if (fit < len)
		buf_puts(out, "…");
}
