#include "exchange/fault.h"

#include <crm/text.h>

enum {
	NAME_WIDTH_MAX = 60
};

#define NUL_BYTE  "a NUL byte"
#define BAD_BYTES "bytes that are not "

void fault_bytes(struct buf *out, const char *at, const char *encoding)
{
	if (*at == '\0')
		buf_puts(out, NUL_BYTE);
	else
		buf_printf(out, BAD_BYTES "%s", encoding);
}

bool fault_is_bytes(const char *fault)
{
	return strncmp(fault, NUL_BYTE, strlen(NUL_BYTE)) == 0 || strncmp(fault, BAD_BYTES, strlen(BAD_BYTES)) == 0;
}

void fault_name(struct buf *out, const char *name)
{
	size_t len = strlen(name);
	size_t fit = crm_text_fit(name, len, NAME_WIDTH_MAX);

	buf_add(out, name, fit);
	if (fit < len)
		buf_puts(out, "…");
}
