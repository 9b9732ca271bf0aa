#include "cli/language.h"
#include "cli/helper.h"

#include <config.h>
#include <crm/language.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const language_names[] = { "auto", "en", "zh", NULL };

static bool chinese;

bool language_is_chinese(void)
{
	return chinese;
}

const char *list_mark(size_t i)
{
	if (chinese)
		return i ? "、" : "：";
	return i ? ", " : ": ";
}

/* --- which --- */

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* zh, zh_CN.UTF-8, zh_TW: there is one written Chinese here, and it is nearer than English. */
static bool is_chinese(const char *locale)
{
	return strncmp(locale, "zh", 2) == 0 && strchr("_-.:@", locale[2]);
}

static bool is_english(const char *locale)
{
	return strncmp(locale, "en", 2) == 0 || *locale == 'C';
}

static const char *from_environment(void)
{
	const char *all = environment("LC_ALL"), *list = environment("LANGUAGE");
	const char *locale = all ? all : environment("LC_MESSAGES") ? environment("LC_MESSAGES") : environment("LANG");

	if (all && (strcmp(all, "C") == 0 || strcmp(all, "POSIX") == 0))
		return "en";
	for (const char *s = list; s; s = strchr(s, ':') ? strchr(s, ':') + 1 : NULL)
		if (is_chinese(s) || is_english(s))
			return is_chinese(s) ? "zh" : "en";
	return !list && locale && is_chinese(locale) ? "zh" : "en";
}

/* --- where --- */

/* The translations of the build that we are part of, else the installed ones. Owned by the caller. */
static char *directory(void)
{
	const char *chosen = secure_getenv("CRM_LOCALEDIR");
	cleanup(freep) char *own = own_directory();
	struct strbuf b = { 0 }, file = { 0 };

	if (chosen && *chosen)
		return need_copy(chosen);
	strbuf_printf(&b, "%s/../po", own ? own : "");
	strbuf_printf(&file, "%s/zh_CN/LC_MESSAGES/crm.mo", need_str(&b));
	cleanup(freep) char *path = need_text(&file);
	if (!own || access(path, R_OK) != 0) {
		strbuf_truncate(&b, 0);
		strbuf_puts(&b, LOCALEDIR);
	}
	return need_text(&b);
}

/* gettext looks at nothing in the locale "C", which is all that is sure to be installed beside C.UTF-8. */
void language_use(const char *name)
{
	chinese = strcmp(name, "zh") == 0;
	setenv("LANGUAGE", chinese ? "zh_CN" : "en", 1);
	setlocale(LC_MESSAGES, chinese ? "C.UTF-8" : "C");
	if (!chinese)
		return;
	cleanup(freep) char *from = directory();
	setenv("CRM_LOCALEDIR", from, 1);
	crm_language_open(from);
}

void language_start(const char *configured)
{
	bool asked = configured && strcmp(configured, "auto") != 0;
	const char *name = asked ? configured : from_environment();

	if (asked || strcmp(name, "zh") == 0 || chinese)
		language_use(name);
}
