/* Options about the form of delimited text, and what is said about lines that are no rows. */
#include "exchange/import/import.h"
#include <stdio.h>

static bool is_word(const char *text, const char *word)
{
	return !text || strcmp(text, word) == 0;
}

/* One ASCII character that can part or surround cells, or `tab`. */
static int read_mark(crm_store *s, const char *option, const char *text, char *mark)
{
	if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0)
		*mark = '\t';
	else if (strlen(text) == 1 && ascii_text(*text) && *text != '\r' && *text != '\n')
		*mark = *text;
	else
		return err_set(&s->err, CRM_INVALID, "--%s '%s': is not one ASCII character, or tab", option, text);
	return CRM_OK;
}

static int read_marks(crm_store *s, const crm_import_options *opt, struct reader_options *out)
{
	int status = CRM_OK;

	if (!is_word(opt->delimiter, "auto"))
		status = read_mark(s, "delimiter", opt->delimiter, &out->delimiter);
	out->unquoted = opt->quote && strcmp(opt->quote, "none") == 0;
	if (status == CRM_OK && !is_word(opt->quote, "none"))
		status = read_mark(s, "quote", opt->quote, &out->quote);
	if (status == CRM_OK && !is_word(opt->comment, "none"))
		status = read_mark(s, "comment", opt->comment, &out->comment);
	return status;
}

/* Each mark has one meaning. */
static int check_marks(crm_store *s, const crm_import_options *opt, struct reader_options *out)
{
	char quote = out->unquoted || out->form == READER_TSV ? '\0' : out->quote ? out->quote : '"';

	if (out->form == READER_TSV && (out->quote || out->unquoted || (out->delimiter && out->delimiter != '\t')))
		return err_set(&s->err, CRM_INVALID,
			"--read tsv means tabs and no quotes: --%s says otherwise (read other forms as --read csv)",
			out->quote || out->unquoted ? "quote" : "delimiter");
	if (out->form == READER_TSV && opt->excel)
		return err_set(&s->err, CRM_INVALID, "--excel is about csv: --read tsv says otherwise");
	if (out->delimiter && out->delimiter == quote)
		return err_set(&s->err, CRM_INVALID, "--delimiter '%s': is the quote too", opt->delimiter);
	if (out->form == READER_TSV)
		out->delimiter = '\t';
	if (out->comment && (out->comment == quote || out->comment == out->delimiter))
		return err_set(&s->err, CRM_INVALID,
			out->comment == quote ? N_("--comment '%s': is the quote too")
					      : N_("--comment '%s': is the delimiter too"),
			opt->comment);
	return CRM_OK;
}

int import_marks(crm_store *s, const crm_import_options *opt, struct reader_options *out)
{
	int status = read_marks(s, opt, out);

	if (status == CRM_OK)
		status = check_marks(s, opt, out);
	if (status == CRM_OK && opt->footer > READER_FOOTER_MAX)
		status = err_set(
			&s->err, CRM_INVALID, "--footer %zu: is more than %d rows", opt->footer, READER_FOOTER_MAX);
	out->header_row = opt->header_row;
	out->footer = opt->footer;
	out->excel = opt->excel;
	return status;
}

void note_skipped(struct import *im)
{
	size_t first, last;

	if (!reader_skipped(im->reader, &first, &last))
		return;
	if (first == last)
		import_note(im, NULL, "line %zu before the header skipped", first);
	else
		import_note(im, NULL, "lines %zu-%zu before the header skipped", first, last);
}

void note_left_out(struct import *im)
{
	size_t comments = reader_comments(im->reader), footer = reader_footer(im->reader);

	if (comments > 0)
		import_note(im, NULL, crm_tr_n("%zu comment line skipped", "%zu comment lines skipped", comments),
			comments);
	if (footer == 1)
		import_note(im, NULL, "the last row left out as footer");
	if (footer > 1)
		import_note(im, NULL, "the last %zu rows left out as footer", footer);
}
