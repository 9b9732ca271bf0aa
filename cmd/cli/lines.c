#include "cli/lines.h"
#include "cli/words.h"
#include "cli/writer.h"

enum {
	ROOM = 16 /* columns for a text; a terminal that has fewer breaks its lines by itself */
};

size_t line_width(const struct out_settings *set, const char *s, size_t len)
{
	return crm_text_width_as(s, len, set->ambiguous);
}

/* Colours that can be read on light and on dark: bold as it is, and red. */
void line_put(struct out *o, const struct out_settings *set, enum line_look look, const char *s, size_t len)
{
	static const char *const codes[] = { [LINE_BOLD] = "\033[1m", [LINE_ALARM] = "\033[1;31m" };
	const bool colored = set->color && look != LINE_PLAIN && len > 0;

	if (colored)
		out_puts(o, codes[look]);
	out_put(o, s, len);
	if (colored)
		out_puts(o, "\033[0m");
}

void line_text(struct out *o, const struct out_settings *set, enum line_look look, const char *s, size_t len,
	size_t used, size_t column)
{
	while (set->width >= column + ROOM && used < set->width) {
		size_t n = crm_text_line(s, len, set->width - used, set->ambiguous);

		if (n == len)
			break;
		line_put(o, set, look, s, n);
		while (n < len && s[n] == ' ')
			n++;
		s += n;
		len -= n;
		if (len == 0)
			break;
		out_putc(o, '\n');
		out_blanks(o, column);
		used = column;
	}
	line_put(o, set, look, s, len);
	out_putc(o, '\n');
}

void line_label(struct out *o, const struct out_settings *set, const char *label, size_t len)
{
	line_put(o, set, LINE_BOLD, label, len);
	out_putc(o, ':');
}

bool line_alarms(const crm_column *col, const crm_value *v)
{
	static const char *const words[] = { "urgent", "breached", NULL };

	return col->type == CRM_ENUM && v->kind == CRM_STRING && words_have(words, v->s);
}
