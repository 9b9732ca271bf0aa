#include "exchange/dialect.h"

#include "exchange/vcard_split.h"

enum {
	SAMPLE_ROWS = 100
};

/* How well a delimiter fits: rows that have as many cells as the first one, which counts itself. */
struct fit {
	size_t columns, rows, alike;
};

struct scan {
	const char *s;
	size_t len, pos;
	char delimiter;
};

struct shape {
	size_t cells;
	bool broken; /* a quote where none may be */
};

/* Passes over one row as libcsv would read it. False when the text ends first. */
static bool scan_row(struct scan *c, struct shape *row)
{
	enum {
		AT_START,
		UNQUOTED,
		QUOTED,
		CLOSED
	} state = AT_START;

	*row = (struct shape){ .cells = 1 };
	while (c->pos < c->len) {
		char ch = c->s[c->pos++];

		if (state == QUOTED) {
			if (ch == '"')
				state = CLOSED;
		} else if (ch == '\n' || ch == '\r') {
			return true;
		} else if (ch == c->delimiter) {
			row->cells++;
			state = AT_START;
		} else if (ch == '"') {
			row->broken |= state == UNQUOTED;
			state = state == UNQUOTED ? UNQUOTED : QUOTED;
		} else {
			row->broken |= state == CLOSED;
			state = UNQUOTED;
		}
	}
	return false;
}

static void skip_newlines(struct scan *c)
{
	while (c->pos < c->len && (c->s[c->pos] == '\n' || c->s[c->pos] == '\r'))
		c->pos++;
}

static struct fit fit_of(const char *s, size_t len, char delimiter)
{
	struct scan c = { s, len, 0, delimiter };
	struct fit fit = { 0 };
	struct shape row;

	while (fit.rows < SAMPLE_ROWS) {
		bool ended;

		skip_newlines(&c);
		if (c.pos == c.len)
			break;
		ended = scan_row(&c, &row);
		if (!ended && fit.rows > 0)
			break;
		if (fit.rows == 0)
			fit.columns = row.cells;
		fit.rows++;
		fit.alike += row.cells == fit.columns && !row.broken;
	}
	return fit;
}

/* The delimiter by which most rows look like the header; a tie goes to more columns, then to the more common one. */
static char find_delimiter(const char *s, size_t len)
{
	static const char candidates[] = { ',', ';', '\t', '|' };
	struct fit best = { 0 };
	char found = ',';

	for (size_t i = 0; i < ARRAY_SIZE(candidates); i++) {
		struct fit fit = fit_of(s, len, candidates[i]);
		size_t here = fit.alike * best.rows, there = best.alike * fit.rows;

		if (fit.columns < 2)
			continue;
		if (best.rows == 0 || here > there || (here == there && fit.columns > best.columns)) {
			best = fit;
			found = candidates[i];
		}
	}
	return found;
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

struct dialect dialect_find(const char *s, size_t len, const struct reader_options *opt)
{
	struct dialect d = { .form = opt->form };
	char said = 0;

	if (d.form == READER_VCARD || (d.form == READER_AUTO && vcard_begins(s, len))) {
		d.form = READER_VCARD;
		return d;
	}
	if (d.form == READER_JSONL || (d.form == READER_AUTO && looks_like_json(s, len))) {
		d.form = READER_JSONL;
		return d;
	}
	d.preamble = find_preamble(s, len, &said);
	if (opt->delimiter)
		d.delimiter = opt->delimiter;
	else if (d.form == READER_TSV)
		d.delimiter = '\t';
	else if (d.preamble)
		d.delimiter = said;
	else
		d.delimiter = find_delimiter(s, len);
	d.form = d.delimiter == '\t' ? READER_TSV : READER_CSV;
	return d;
}
