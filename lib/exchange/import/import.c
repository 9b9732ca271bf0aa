/* crm_import: options, the loop over batches, the record of the import, commit or not. */
#include "exchange/import/import.h"
#include "base/foreign_time.h"
#include "exchange/encoding.h"
#include "exchange/import/plan.h"
#include "text/money.h"
#include "text/text.h"
#include <iconv.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

static double seconds_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts); /* how long it takes, not what time it is */
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void import_note(struct import *im, const char *subject, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&text, crm_tr(fmt), ap);
	va_end(ap);
	if (buf_str(&text))
		im->note(0, subject, text.s, im->payload);
	else
		err_nomem(&im->s->err);
	buf_free(&text);
}

static int check_choice(crm_store *s, const char *option, const char *value, const char *const *words)
{
	if (!value)
		return CRM_OK;
	for (size_t i = 0; words[i]; i++)
		if (strcmp(words[i], value) == 0)
			return CRM_OK;
	if (words[2])
		return err_set(&s->err, CRM_INVALID, "--%s '%s': is not %s, %s or %s", option, value, words[0],
			words[1], words[2]);
	return err_set(&s->err, CRM_INVALID, "--%s '%s': is not %s or %s", option, value, words[0], words[1]);
}

static int check_defaults(crm_store *s, const crm_entity *e, const crm_import_options *opt)
{
	for (size_t i = 0; i < opt->ndefaults; i++) {
		const char *equals = strchr(opt->defaults[i], '=');
		cleanup(freep) char *name = strndup(opt->defaults[i], equals ? (size_t)(equals - opt->defaults[i]) : 0);
		const crm_field *f;

		if (!equals || !name)
			return err_set(&s->err, CRM_INVALID, "--default '%s': is not FIELD=VALUE", opt->defaults[i]);
		f = crm_field_find(s, e, name);
		if (!f || !(f->flags & CRM_FIELD_IMPORTED))
			return err_set(&s->err, CRM_INVALID, "--default '%s': %s has no field '%s' to import",
				opt->defaults[i], entity_word(e), name);
	}
	return CRM_OK;
}

static int check_encoding(crm_store *s, const char *name)
{
	const char *known = name;
	iconv_t cd;

	if (!name || strcmp(name, "auto") == 0)
		return CRM_OK;
	if (encoding_iconv_name(&known, name, &s->err) == CRM_OK && (cd = iconv_open("UTF-8", known)) != (iconv_t)-1) {
		iconv_close(cd);
		return CRM_OK;
	}
	return err_set(&s->err, CRM_INVALID, "--encoding '%s': is not auto or a name that `iconv -l` lists", name);
}

int import_reader_settings(crm_store *s, const crm_import_options *opt, struct reader_options *out)
{
	static const struct {
		const char *name;
		enum reader_form form;
	} forms[] = { { "auto", READER_AUTO }, { "csv", READER_CSV }, { "tsv", READER_TSV }, { "jsonl", READER_JSONL },
		{ "json", READER_JSONL }, { "vcard", READER_VCARD } };
	size_t i;

	*out = (struct reader_options){ .encoding = opt->encoding };
	for (i = 0; opt->read && i < ARRAY_SIZE(forms) && strcmp(forms[i].name, opt->read) != 0; i++)
		;
	if (opt->read && i == ARRAY_SIZE(forms))
		return err_set(&s->err, CRM_INVALID, "--read '%s': is not csv, tsv, jsonl or vcard", opt->read);
	if (opt->read)
		out->form = forms[i].form;
	if (check_encoding(s, opt->encoding) < 0)
		return CRM_INVALID;
	return import_marks(s, opt, out);
}

static int check_date_format(crm_store *s, const char *format)
{
	cleanup(err_free) struct err why = { 0 };

	if (date_format_check(format, &why) == CRM_OK)
		return CRM_OK;
	return err_set(&s->err, CRM_INVALID, "--date-format '%s': %s", format, why.msg.s ? why.msg.s : "");
}

int import_check_options(crm_store *s, const crm_entity *e, const crm_import_options *opt)
{
	static const char *const modes[] = { "upsert", "insert", "update", NULL }, *const blanks[] = { "keep", "clear",
		NULL };
	int status;

	if (!(e->flags & ENTITY_IMPORT))
		return err_set(&s->err, CRM_INVALID, "%s cannot be imported", entity_word(e));
	status = check_choice(s, "mode", opt->mode, modes);
	if (status == CRM_OK)
		status = check_choice(s, "blank", opt->blank, blanks);
	if (status == CRM_OK && opt->country && !phone_country_known(opt->country))
		status = err_set(&s->err, CRM_INVALID, "--country '%s': is not a two-letter country code such as CN",
			opt->country);
	if (status == CRM_OK && opt->create && opt->mode && strcmp(opt->mode, "update") == 0)
		status = err_set(&s->err, CRM_INVALID, "--create: --mode update makes no records");
	if (status == CRM_OK && opt->create && opt->plan > 0)
		status = err_set(&s->err, CRM_INVALID,
			"--create: a plan cannot name records that are not there yet: import them first");
	if (status == CRM_OK)
		status = near_check_option(s, e, opt);
	if (status == CRM_OK && opt->date_format)
		status = check_date_format(s, opt->date_format);
	return status == CRM_OK ? check_defaults(s, e, opt) : status;
}

static int reject(struct import *im, const struct draft *d, bool conflict, const char *field, const char *reason)
{
	cleanup(buf_free) struct buf brief = BUF_INIT;
	int status;

	im->out->rejected++;
	if (im->opt->discreet)
		discreet_reason(&brief, d, reason);
	im->note(d->line, field, !im->opt->discreet ? reason : buf_str(&brief) ? brief.s : "", im->payload);
	status = plan_put_reject(im, d->line, conflict, field, reason);
	return status < 0 ? status : rejects_put(im, d, field, reason);
}

/* Errors that concern one row; anything else (disk, memory, lock) ends the import. */
static bool concerns_row(int status)
{
	return status == CRM_INVALID || status == CRM_NOTFOUND || status == CRM_AMBIGUOUS || status == CRM_EXISTS ||
	       status == CRM_CONFLICT;
}

static int take_row(struct import *im, const struct draft *d)
{
	int status;

	im->out->read++;
	if (d->fault)
		return reject(im, d, false, d->field, d->fault);
	status = apply_row(im, d);
	if (status >= 0 || !concerns_row(status))
		return status;
	{
		bool conflict = status == CRM_CONFLICT || status == CRM_AMBIGUOUS || status == CRM_EXISTS;
		cleanup(freep) char *reason = strdup(crm_errmsg(im->s));

		im->out->conflicts += conflict;
		return reject(
			im, d, conflict, im->fault_field, reason ? convert_without_name(reason, im->fault_field) : "");
	}
}

static int take_batch(struct import *im, const struct batch *b)
{
	int status = CRM_OK;

	for (size_t i = 0; status == CRM_OK && i < b->n; i++)
		status = im->s->interrupted ? err_set(&im->s->err, CRM_INTERRUPTED, "interrupted: nothing was changed")
					    : take_row(im, &b->rows[i]);
	if (status == CRM_OK)
		status = apply_bulk_check(im, b->bytes);
	store_event(im->s, CRM_EVENT_PROGRESS, b->bytes, im->size, crm_tr("importing"));
	return status;
}

static const char *file_name(const struct import *im)
{
	return im->opt->file ? im->opt->file : crm_tr("the file");
}

/* Input is whole only if the program that writes it says so; what it says explains what else went wrong with it. */
static int ask_input(struct import *im, int status)
{
	const char *why = im->opt->input_ended ? im->opt->input_ended(im->opt->input, status >= 0) : NULL;

	return why ? err_set(&im->s->err, CRM_FAILED, "%s: %s: nothing was imported", file_name(im), why) : status;
}

/* What ends the file (an unclosed quote, a read error) came after good rows: they are reported with it. */
static int file_fault(struct import *im, const struct batch *b)
{
	return ask_input(im, err_set(&im->s->err, b->status == CRM_INVALID ? CRM_FAILED : b->status, "%s: %s",
				     file_name(im), b->err.msg.s ? b->err.msg.s : ""));
}

static int take_all(struct import *im)
{
	int status = CRM_OK;

	while (status == CRM_OK) {
		struct batch *b = feed_take(&im->feed);

		status = take_batch(im, b);
		if (status == CRM_OK && b->status < 0)
			status = file_fault(im, b);
		else if (status == CRM_OK && b->status == CRM_END)
			status = CRM_END;
		feed_return(&im->feed);
	}
	return status < 0 ? status : ask_input(im, CRM_OK);
}

int import_record_put(crm_store *s, const struct import_record *record, crm_import_result *o)
{
	int64_t op;
	int status = op_id(&op, s);

	if (status == CRM_OK)
		status = db_run(s,
			"INSERT INTO import (at, entity, file, digest, source, mapping, encoding, rows_read, created, "
			"updated, unchanged, rejected, op, row_sum) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
			"$11, $12, $13, row_sum('at,entity,file,digest,source,mapping,encoding,rows_read,created,"
			"updated,unchanged,rejected,op', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13))",
			"issssssiiiiii", crm_store_now(s), record->e->name, record->file, record->digest,
			record->source, record->mapping, record->encoding, (int64_t)o->read, (int64_t)o->created,
			(int64_t)o->updated, (int64_t)o->unchanged, (int64_t)o->rejected, op);
	if (status == CRM_OK)
		o->import = db_last_id(s);
	return status;
}

static int remember(struct import *im)
{
	struct buf mapping = BUF_INIT;
	char digest[65];
	struct import_record record = { .e = im->e,
		.file = im->opt->file,
		.digest = digest,
		.source = im->source,
		.encoding = reader_encoding(im->reader) };
	int status = mapping_text(&mapping, &im->mapping, im->reader);

	record.mapping = mapping.s;
	reader_digest(im->reader, digest);
	status = status < 0 ? err_nomem(&im->s->err) : import_record_put(im->s, &record, im->out);
	buf_free(&mapping);
	return status;
}

static void say_stubs(struct import *im)
{
	if (im->stubs > 0)
		import_note(im, "--create", "%llu records made for rows that name somebody who was not there",
			(unsigned long long)im->stubs);
}

/* Commit, or leave the store as it was: with rejected rows and no --partial, or on --dry-run or --plan. */
static int conclude(struct import *im)
{
	bool changed = im->out->created + im->out->updated > 0;
	int status = plan_end(im);

	if (status == CRM_OK && im->out->rejected > 0 && !im->opt->partial && im->opt->plan <= 0) {
		crm_rollback(im->s);
		return err_set(&im->s->err, CRM_FAILED,
			"%s: %llu of %llu rows rejected: nothing was imported (--partial keeps the others)",
			file_name(im), (unsigned long long)im->out->rejected, (unsigned long long)im->out->read);
	}
	say_stubs(im);
	if (status == CRM_OK && changed)
		status = repeated_remove(im);
	if (status == CRM_OK && (im->opt->dry_run || im->opt->plan > 0)) {
		crm_rollback(im->s);
	} else if (status == CRM_OK) {
		/* Created rows that turned out to be there already leave nothing behind. */
		changed = im->out->created + im->out->updated > 0;
		if (changed)
			status = remember(im);
		if (status == CRM_OK && !changed)
			crm_rollback(im->s);
		else if (status == CRM_OK)
			status = crm_commit(im->s);
		im->out->operation = crm_last_operation(im->s);
	}
	if (status < 0) {
		im->out->import = im->out->operation = 0;
		return status;
	}
	return im->out->rejected > 0 ? err_set(&im->s->err, CRM_REJECTED, "%llu of %llu rows rejected",
					       (unsigned long long)im->out->rejected, (unsigned long long)im->out->read)
				     : CRM_OK;
}

/* The options are good: what is wrong now is wrong with the file. */
static int open_reader(struct import *im, int fd, const struct reader_options *settings)
{
	cleanup(freep) char *why = NULL;
	int status = reader_open(&im->reader, fd, settings, &im->s->err);

	if (status != CRM_INVALID && status != CRM_FAILED)
		return status;
	why = strdup(crm_errmsg(im->s));
	return ask_input(im, err_set(&im->s->err, CRM_FAILED, "%s: %s", file_name(im), why ? why : ""));
}

/* Properties that came too late to have a column. */
static void note_late(struct import *im)
{
	const char *name;

	for (size_t i = 0; (name = reader_late_property(im->reader, i)); i++)
		im->note(0, name, "not imported: the columns come from the first cards, which do not have it",
			im->payload);
}

int import_check_form(struct import *im)
{
	if (strcmp(reader_form_name(im->reader), "vcard") != 0 || im->e == &entity_customer)
		return CRM_OK;
	return err_set(&im->s->err, CRM_INVALID, "%s: vCards are customers: crm import customer", file_name(im));
}

static int begin(struct import *im, int fd, const struct convert *convert)
{
	struct reader_options settings;
	char sql[64], command[64];
	struct stat st;
	int status = import_reader_settings(im->s, im->opt, &settings);

	if (status == CRM_OK)
		status = open_reader(im, fd, &settings);
	if (status == CRM_OK)
		status = import_check_form(im);
	if (status == CRM_OK && strcmp(reader_form_name(im->reader), "vcard") == 0 && im->opt->date_format)
		status = err_set(
			&im->s->err, CRM_INVALID, "--date-format: the dates of vCards have a form of their own");
	if (status < 0)
		return status;
	note_skipped(im);
	im->size = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	snprintf(command, sizeof(command), "import %s", im->e->name);
	status = crm_begin(im->s, command);
	snprintf(sql, sizeof(sql), "SELECT id FROM %s ORDER BY id DESC LIMIT 1", im->e->table);
	if (status == CRM_OK)
		status = db_get_int(&im->stored, im->s, sql, "");
	if (status >= 0)
		status = mapping_make(&im->mapping, im);
	if (im->mapping.preset)
		snprintf(im->out->preset, sizeof(im->out->preset), "%s", im->mapping.preset->name);
	if (status == CRM_OK)
		status = matcher_init(im);
	if (status == CRM_OK)
		status = record_init(&im->record, im->s, im->e);
	im->record.imported = true;
	if (status == CRM_OK)
		status = inserter_new(&im->inserter, im->s, im->e);
	return status == CRM_OK ? feed_start(&im->feed, im->reader, &im->mapping, convert, &im->s->err) : status;
}

static void finish(struct import *im)
{
	feed_stop(&im->feed);
	if (im->reader) {
		snprintf(im->out->encoding, sizeof(im->out->encoding), "%s", reader_encoding(im->reader));
		snprintf(im->out->form, sizeof(im->out->form), "%s", reader_form_name(im->reader));
		im->out->delimiter = reader_delimiter(im->reader);
	}
	crm_rollback(im->s); /* nothing to do after a commit */
	inserter_free(im->inserter);
	if (im->record.slots)
		record_release(&im->record);
	matcher_free(&im->match);
	mapping_free(&im->mapping);
	idmap_free(&im->refs.known);
	idmap_free(&im->updated_lines);
	arena_free(&im->refs.mem);
	free(im->refs.handles);
	free(im->lines);
	buf_free(&im->reject_text);
	buf_free(&im->plan_text);
	reader_close(im->reader);
}

/* That of --default, which a row may lack as well as one of the configuration. */
static const char *default_currency(const struct import *im, const char *usual)
{
	const struct crm_field *f = field_of_currency(im->e);
	size_t n = f ? strlen(f->name) : 0;
	const struct currency *found;

	for (size_t i = 0; f && i < im->opt->ndefaults; i++) {
		const char *text = im->opt->defaults[i];

		if (strncmp(text, f->name, n) == 0 && text[n] == '=' &&
			currency_parse(&found, text + n + 1, strlen(text + n + 1), NULL) == CRM_OK)
			return found->code;
	}
	return usual;
}

int import_context(struct import *im, struct convert *convert, struct zone **zone)
{
	int status = CRM_OK;

	*convert = convert_context(im->s, NULL);
	convert->foreign_dates = true;
	convert->date_format = im->opt->date_format;
	convert->currency = default_currency(im, convert->currency);
	im->convert = convert;
	if (im->opt->zone) {
		status = zone_load(zone, im->opt->zone, &im->s->err);
		convert->time.zone = *zone;
	}
	return status;
}

int crm_import(crm_import_result *out, crm_store *s, const crm_entity *e, int fd, const crm_import_options *opt,
	crm_import_note_fn note, void *payload)
{
	struct import im = { .s = s, .e = e, .opt = opt, .out = out, .note = note, .payload = payload };
	cleanup(freep) char *country = opt->country ? strdup(opt->country) : NULL;
	char *usual = s->country;
	double began = seconds_now();
	struct convert convert;
	struct zone *zone = NULL;
	int status;

	*out = (crm_import_result){ 0 };
	idmap_init(&im.refs.known);
	idmap_init(&im.updated_lines);
	status = import_check_options(s, e, opt);
	if (status == CRM_OK && opt->country && !country)
		status = err_nomem(&s->err);
	if (country) /* lists of numbers and references are read by the store itself */
		s->country = country;
	if (status == CRM_OK)
		status = import_context(&im, &convert, &zone);
	if (status == CRM_OK)
		status = begin(&im, fd, &convert);
	if (status == CRM_OK)
		status = take_all(&im);
	if (status == CRM_OK)
		note_late(&im);
	if (status == CRM_OK)
		note_left_out(&im);
	if (status == CRM_OK)
		status = conclude(&im);
	finish(&im);
	s->country = usual;
	zone_free(zone);
	if (status < 0 && status != CRM_REJECTED)
		out->created = out->updated = 0; /* nothing was kept */
	out->seconds = seconds_now() - began;
	return status;
}
