/* Arguments that several commands take. */
#include "cli/cli.h"

#include <string.h>

const crm_entity *cli_entity(struct cli *cli, const char *name, bool importable)
{
	const crm_entity *e = crm_entity_find(name);
	cleanup(strings_freep) struct strings names = { 0 };
	struct strbuf all = { 0 };

	if (e && (!importable || crm_entity_importable(e)))
		return e;
	for (size_t i = 0; i < crm_entity_count(); i++) {
		if (importable && !crm_entity_importable(crm_entity_at(i)))
			continue;
		strings_add(&names, crm_entity_name(crm_entity_at(i)));
		strbuf_printf(&all, "%s%s", names.n > 1 ? ", " : "", names.v[names.n - 1]);
	}
	cleanup(freep) char *list = need_text(&all), *nearest = cli_nearest(name, names.v, names.n, "");
	cli_fail(cli, EXIT_USAGE, "%s: '%s' is none of %s%s", cli->command->name, name, list, nearest);
	return NULL;
}

bool cli_number(struct cli *cli, const char *what, const char *text, int64_t *out)
{
	if (number_read(text, out) && *out > 0)
		return true;
	cli_fail(cli, EXIT_USAGE, "%s: '%s' is not the number of an %s", cli->command->name, text, crm_tr(what));
	return false;
}

void cli_add_term(struct strbuf *b, const char *term)
{
	size_t len = strlen(term);
	bool alone = strcmp(term, "(") == 0 || strcmp(term, ")") == 0;
	bool phrase = len >= 2 && term[0] == '"' && term[len - 1] == '"';
	bool group = strstr(term, ".(") && term[len - 1] == ')';

	if (b->len)
		strbuf_puts(b, " ");
	if (alone || phrase || group || !strpbrk(term, " \t\"()")) {
		strbuf_puts(b, term);
		return;
	}
	size_t head = strcspn(term, " \t\"()");
	while (head > 0 && term[head - 1] != ':')
		head--;
	strbuf_add(b, term, head);
	strbuf_puts(b, "\"");
	for (const char *s = term + head; *s; s++) {
		if (*s == '"')
			strbuf_puts(b, "\\");
		strbuf_add(b, s, 1);
	}
	strbuf_puts(b, "\"");
}
