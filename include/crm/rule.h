/*
 * Rules: what happens to tickets by itself. Those of an event are applied in the operation of the step that caused it,
 * before it is committed; those of the clock by crm_tick(). Imports, plans, undo and redo set off no rule.
 */
#ifndef CRM_RULE_H
#define CRM_RULE_H

#include <crm/exchange.h>
#include <crm/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- hooks: programs of the user that a rule names --- */

typedef struct crm_hook {
	const char *name; /* letters, digits, `.`, `_`, `-`; never begins with a dot */
	const char *json; /* {"rule", "event", "phase", "at", "agent", "ticket": {…}}, one line */
	size_t length;
	bool after; /* false: nothing is committed yet, and the hook may forbid it */
} crm_hook;

/*
 * Runs a hook. NULL: it agreed; else why not, in a line, borrowed until the next call: before the commit the whole
 * operation fails with it (CRM_CONFLICT), after it that is a warning. The library itself runs no programs.
 */
typedef const char *(*crm_hook_fn)(const crm_hook *hook, void *payload);

/* Without it a rule with a hook makes the operation fail. */
CRM_API void crm_store_on_hook(crm_store *s, crm_hook_fn fn, void *payload);

/* --- the clock --- */

/*
 * Applies the rules of the clock, each once to each ticket as long as it fits and nothing else happens to it, and opens
 * tickets again whose time of waiting has passed. One operation; safe when several processes do so at once. The rows are
 * rule (empty: the time of waiting), ticket, action; `fields` chooses of them, NULL: all (CRM_INVALID, with nothing done). `dry_run`: what would be done; nothing is, and no hook runs.
 * CRM_CONFLICT: a rule could not be applied, which the message names; nothing is done then.
 */
CRM_API int crm_tick(crm_cursor **out, crm_store *s, const char *fields, bool dry_run);

CRM_API size_t crm_tick_columns(const crm_column **columns);

/* --- rules as text: blocks of `rule NAME`, `when EVENT CONDITION`, `then ACTION`; see crm-rule(1) --- */

typedef struct crm_rules_result {
	uint64_t read, created, updated, unchanged;
} crm_rules_result;

/*
 * Makes the rules of a text; one that is there under its name becomes what the text says. All or none: with problems
 * `note` is called for each of them with its line, and the result is CRM_FAILED.
 */
CRM_API int crm_rules_import(
	crm_rules_result *out, crm_store *s, const char *text, size_t len, crm_import_note_fn note, void *payload);

/* These rules (n 0: all) as such a text, in the order in which they are applied; owned by the caller. CRM_NOTFOUND. */
CRM_API int crm_rules_export(char **out, crm_store *s, const int64_t *ids, size_t n);

#ifdef __cplusplus
}
#endif

#endif
