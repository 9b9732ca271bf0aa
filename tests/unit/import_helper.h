/* Imports from text: what came of it, as `read created updated unchanged conflicts rejected`, and the notes as lines. */
#ifndef TESTS_UNIT_IMPORT_HELPER_H
#define TESTS_UNIT_IMPORT_HELPER_H

#include "store_helper.h"

struct outcome {
	int status;
	crm_import_result result;
	struct buf notes; /* `3 phone: reason`, line 0 for the file */
};

static inline void outcome_free(struct outcome *o)
{
	buf_free(&o->notes);
}
#define scoped_outcome cleanup(outcome_free) struct outcome

static inline void take_note(uint64_t line, const char *field, const char *reason, void *payload)
{
	struct outcome *o = payload;

	buf_printf(&o->notes, "%llu %s: %s\n", (unsigned long long)line, field ? field : "-", reason);
}

static inline struct outcome import_bytes(
	crm_store *s, const char *type, const char *data, size_t len, crm_import_options opt)
{
	struct outcome o = { 0 };
	int fd = file_of(data, len);

	if (!opt.rejects)
		opt.rejects = -1;
	if (!opt.near && strcmp(type, "customer") == 0)
		opt.near = "off"; /* who resembles whom is not what these tests are about */
	o.status = crm_import(&o.result, s, entity(type), fd, &opt, take_note, &o);
	close(fd);
	return o;
}

#define IMPORT(s, type, text, ...) import_bytes(s, type, text, strlen(text), (crm_import_options){ __VA_ARGS__ })
#define WORDS_OF(member, count, ...)                                                                                   \
	.member = (const char *const[]){ __VA_ARGS__ }, .count = ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ }))
#define MAP(...)     WORDS_OF(map, nmap, __VA_ARGS__)
#define DEFAULT(...) WORDS_OF(defaults, ndefaults, __VA_ARGS__)

static inline void counts_text(struct buf *out, const crm_import_result *r)
{
	buf_printf(out, "%llu %llu %llu %llu %llu %llu", (unsigned long long)r->read, (unsigned long long)r->created,
		(unsigned long long)r->updated, (unsigned long long)r->unchanged, (unsigned long long)r->conflicts,
		(unsigned long long)r->rejected);
}

static inline void check_outcome(
	crm_store *s, const struct outcome *o, int status, const char *counts, const char *notes)
{
	cleanup(buf_free) struct buf got = BUF_INIT;
	struct buf said = o->notes;

	counts_text(&got, &o->result);
	if (o->status != status || strcmp(buf_str(&got), counts) != 0 || (notes && strcmp(buf_str(&said), notes) != 0))
		fail_msg("status %d '%s', counts %s, notes:\n%sinstead of status %d, counts %s, notes:\n%s", o->status,
			o->status < 0 ? crm_errmsg(s) : "", buf_str(&got), buf_str(&said), status, counts,
			notes ? notes : "(any)");
}

/* An import that must go through without a note. */
#define IMPORTS(s, counts, type, text, ...)                                                                            \
	do {                                                                                                           \
		scoped_outcome o_ = IMPORT(s, type, text, __VA_ARGS__);                                                \
		check_outcome(s, &o_, CRM_OK, counts, "");                                                             \
	} while (0)

/* One with rejected rows: nothing kept, or with .partial the good rows. */
#define REJECTS(s, counts, notes, type, text, ...)                                                                     \
	do {                                                                                                           \
		scoped_outcome o_ = IMPORT(s, type, text, __VA_ARGS__);                                                \
		check_outcome(s, &o_, CRM_FAILED, counts, notes);                                                      \
	} while (0)
#define REJECTS_SOME(s, counts, notes, type, text, ...)                                                                \
	do {                                                                                                           \
		scoped_outcome o_ = IMPORT(s, type, text, .partial = true, ##__VA_ARGS__);                             \
		check_outcome(s, &o_, CRM_REJECTED, counts, notes);                                                    \
	} while (0)

#define REFUSES(s, expected, message, type, text, ...)                                                                 \
	do {                                                                                                           \
		scoped_outcome o_ = IMPORT(s, type, text, __VA_ARGS__);                                                \
		assert_int_equal(o_.status, expected);                                                                 \
		assert_string_equal(crm_errmsg(s), message);                                                           \
	} while (0)

#endif
