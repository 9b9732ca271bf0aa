#include "exchange/dialect.h"

#include "exchange/sample.h"
#include "exchange/vcard/split.h"

/* The delimiter by which most rows look like the header; a tie goes to more columns, then to the more common one. */
static struct sample find_delimiter(struct sample_form *form, const char *s, size_t len, bool header_first)
{
	static const char candidates[] = { ',', ';', '\t', '|' };
	struct sample best = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(candidates); i++) {
		struct sample_form tried = { candidates[i], form->quote, form->comment };
		struct sample fit = sample_take(s, len, &tried, header_first);
		size_t here = fit.alike * best.rows, there = best.alike * fit.rows;

		if (fit.columns < 2)
			continue;
		if (best.rows == 0 || here > there || (here == there && fit.columns > best.columns)) {
			best = fit;
			form->delimiter = tried.delimiter;
		}
	}
	return best;
}

static size_t line_end(const char *s, size_t len, size_t pos)
{
	if (pos < len && s[pos] == '\r')
		return pos + 1 < len && s[pos + 1] == '\n' ? pos + 2 : pos + 1;
	return pos < len && s[pos] == '\n' ? pos + 1 : 0;
}

/* Excel's own way to say the delimiter: a first line `sep=;`. Returns its length, 0 when there is none. */
static size_t find_preamble(const char *s, size_t len, char *delimiter)
{
	if (len < 6 || (s[0] | 0x20) != 's' || (s[1] | 0x20) != 'e' || (s[2] | 0x20) != 'p' || s[3] != '=')
		return 0;
	if (s[4] == '"' || s[4] == '\n' || s[4] == '\r' || (s[4] & 0x80))
		return 0;
	*delimiter = s[4];
	return line_end(s, len, 5);
}

static bool looks_like_json(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r'))
		i++;
	return i < len && (s[i] == '{' || s[i] == '[');
}

/* What a first line `sep=;` and the options say about the marks; the delimiter 0: nothing. */
static struct sample_form marks(const struct reader_options *opt, char said)
{
	struct sample_form f = { .delimiter = opt->delimiter, .comment = opt->comment };

	if (!opt->unquoted && opt->form != READER_TSV)
		f.quote = opt->quote ? opt->quote : '"';
	if (!f.delimiter)
		f.delimiter = opt->form == READER_TSV ? '\t' : said;
	return f;
}

/* Delimiter and header of `s`, which begins behind a line `sep=;`. */
static void find_table(struct dialect *d, struct sample_form form, const char *s, size_t len, bool header_first)
{
	struct sample found;

	if (form.delimiter) {
		found = sample_take(s, len, &form, header_first);
	} else {
		form.delimiter = ',';
		found = find_delimiter(&form, s, len, header_first);
	}
	d->delimiter = form.delimiter;
	d->quote = form.quote;
	d->preamble += found.offset;
	d->line += found.lines;
	d->skipped = found.offset > 0;
}

struct dialect dialect_find(const char *s, size_t len, const struct reader_options *opt)
{
	struct dialect d = { .form = opt->form, .line = 1 };
	char said = 0;

	if (d.form == READER_VCARD || (d.form == READER_AUTO && vcard_begins(s, len))) {
		d.form = READER_VCARD;
		return d;
	}
	if (d.form == READER_JSONL || (d.form == READER_AUTO && looks_like_json(s, len))) {
		d.form = READER_JSONL;
		return d;
	}
	d.form = d.form == READER_TSV ? READER_TSV : READER_CSV;
	d.preamble = find_preamble(s, len, &said);
	d.sep_lines = d.preamble > 0;
	d.line += d.sep_lines;
	find_table(&d, marks(opt, d.preamble ? said : 0), s + d.preamble, len - d.preamble, opt->header_row > 0);
	return d;
}

void dialect_find_at_header(struct dialect *d, const char *s, size_t len, const struct reader_options *opt)
{
	d->preamble = 0;
	d->line = opt->header_row;
	find_table(d, marks(opt, d->sep_lines ? d->delimiter : 0), s, len, true);
	d->skipped = d->line > 1 + d->sep_lines;
}
