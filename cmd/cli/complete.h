/* Completion: candidates for one word. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/cli.h"

struct completion {
	struct cli *cli;
	const char *word;   /* what is typed of the value so far */
	const char *prefix; /* what stands before it in the same word and comes back with each candidate, or NULL */
	size_t prefix_len;
	bool opened, usable; /* the store: tried, and open */
};

/* What the table says about the place of the word. */
struct completion_place {
	const struct cli_command *command;
	const crm_entity *entity;
	const crm_report *report; /* that the first argument names, or NULL */
	const char *first;        /* first positional argument of the command line, or NULL */
};

/* Prints the candidate when it begins with the word. */
void offer(struct completion *c, const char *value, const char *description);

/* Records of an entity, by the names they have. */
void offer_records(struct completion *c, const crm_entity *entity);

/* What the value of a field of the entity may be: its words, yes and no, times, tags, records. */
void offer_field_values(struct completion *c, const crm_entity *entity, const crm_field *f);

/* Candidates of a kind that the option tables name: "filter", "file", an entity … */
void offer_kind(struct completion *c, const struct completion_place *place, const char *kind, size_t len);

#endif
