/* Usage texts, and the pieces of them that the manual and the checks share. */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

#include "cli/opt.h"
#include "cli/strbuf.h"

void usage_program(struct strbuf *out, const struct cli_program *program);
void usage_command(struct strbuf *out, const struct cli_command *command);

/* `report` is the one that an argument names, whose columns and options these then are, or NULL. */
void usage_verb(
	struct strbuf *out, const struct cli_command *command, const struct cli_verb *verb, const crm_report *report);

/* `crm customer show [options] CUSTOMER`. */
void usage_synopsis(struct strbuf *out, const struct cli_command *command, const struct cli_verb *verb);

/* Manual pages beside those of the commands, which `crm help TOPIC` opens; ends with a NULL name. */
struct help_topic {
	const char *name, *help;
};
extern const struct help_topic help_topics[];

/* `-m, --message TEXT` and what it means, with its words. */
void opt_title(struct strbuf *out, const struct cli_opt *o);
void opt_help(struct strbuf *out, const struct cli_opt *o);
void opt_report_help(struct strbuf *out, const struct cli_opt *o, const crm_report *report);
void opt_field_title(struct strbuf *out, const crm_field *f);
void opt_field_help(struct strbuf *out, const crm_field *f);

#endif
