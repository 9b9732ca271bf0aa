#include "exchange/fault.h"

#include <crm/text.h>

enum {
	NAME_WIDTH_MAX = 60
};

void fault_bytes(struct buf *out, const char *at, const char *encoding)
{
	if (*at == '\0')
		buf_puts(out, "a NUL byte");
	else
		buf_printf(out, "bytes that are not %s", encoding);
}

void fault_name(struct buf *out, const char *name)
{
	size_t len = strlen(name);
	size_t fit = crm_text_fit(name, len, NAME_WIDTH_MAX);

	buf_add(out, name, fit);
	if (fit < len)
		buf_puts(out, "…");
}
