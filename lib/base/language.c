#include "base/base.h"

#include <crm/language.h>
#include <libintl.h>

static const char domain[] = "crm";

void crm_language_open(const char *directory)
{
	bindtextdomain(domain, directory);
	bind_textdomain_codeset(domain, "UTF-8");
	crm_tr("out of memory");
}

const char *crm_tr(const char *english)
{
	return *english ? dgettext(domain, english) : english; /* the empty one would be the catalogue's header */
}

const char *crm_tr_n(const char *one, const char *many, uint64_t n)
{
	/* languages look at the last digits at most, and unsigned long may have 32 bits */
	return dngettext(domain, one, many, (unsigned long)(n % 1000000 + (n < 1000000 ? 0 : 1000000)));
}
