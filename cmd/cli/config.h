/*
 * Personal taste: $XDG_CONFIG_HOME/crm/config, an INI file. What all users of a store share lives in the store.
 *
 * How to add a key: one line in config_keys (config.c), and something that reads it.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli/strbuf.h"

enum config_kind {
	CONFIG_TEXT,
	CONFIG_INTEGER, /* from 0 */
	CONFIG_BOOL,    /* yes or no */
	CONFIG_CHOICE   /* one of `words` */
};

struct config_key {
	const char *name;
	enum config_kind kind;
	const char *fallback; /* NULL: none */
	const char *help;
	const char *const *words; /* CONFIG_CHOICE, CONFIG_BOOL: NULL-ended */
};

extern const struct config_key config_keys[]; /* ends with a NULL name; alias.NAME stands for all aliases */

struct config_entry {
	char *key, *value;
	size_t line; /* in the file, from 1 */
};

/* What the file says. Lines that mean nothing are told in `warnings` and otherwise skipped. */
struct config {
	char *path; /* NULL: there is no home directory */
	struct config_entry *v;
	size_t n, cap;
	char **warnings;
	size_t nwarnings, warnings_cap;
};

/* Reads the file of this user; a missing one is empty. 0 or errno. */
int config_load(struct config *c);
void config_free(struct config *c);

/* The line of the file that says it, the last one, or NULL. */
const struct config_entry *config_entry(const struct config *c, const char *key);

/* The value in the file, or its default, or NULL. */
const char *config_get(const struct config *c, const char *key);
const char *config_set_value(const struct config *c, const char *key); /* without the default */
int64_t config_integer(const struct config *c, const char *key);
bool config_bool(const struct config *c, const char *key);

/* The description of a key, alias.NAME included; NULL when it is none. */
const struct config_key *config_key_find(const char *name);

/* What it means, with the words that it takes and its default, for the usage and the manual. */
void config_key_help(struct strbuf *out, const struct config_key *key);

/* NULL when the key takes the value, else what it takes instead, owned by the caller. */
char *config_refusal(const struct config_key *key, const char *value);

/*
 * Puts one key into the file, or takes it out (value NULL), and leaves every other line as it is. 0 or errno; EINVAL
 * when a line of the file cannot hold this value.
 */
int config_write(struct config *c, const char *key, const char *value);

#endif
