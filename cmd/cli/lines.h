/* Lines that people read: labels, texts that go on in further lines, what must not be overlooked. */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include "cli/out.h"

/* What is not plain is so in colour only: the words themselves must say it. */
enum line_look {
	LINE_PLAIN,
	LINE_BOLD,
	LINE_ALARM /* must not be overlooked */
};

size_t line_width(const struct out_settings *set, const char *s, size_t len);

/* Text that is escaped already. */
void line_put(struct out *o, const struct out_settings *set, enum line_look look, const char *s, size_t len);

/*
 * The rest of a line and its end: text that is escaped already, and stands `used` columns into the line from now on. What
 * the terminal has no room for goes on in further lines, which begin at `column`.
 */
void line_text(struct out *o, const struct out_settings *set, enum line_look look, const char *s, size_t len,
	size_t used, size_t column);

/* `Label:` */
void line_label(struct out *o, const struct out_settings *set, const char *label, size_t len);

/* Whether a value says that something must not be overlooked: an urgent ticket, a broken promise. */
bool line_alarms(const crm_column *col, const crm_value *v);

#endif
