/* SQL functions in C: folding, pinyin, substring search without case, regular expressions, lists, amounts of money. */
#include "store/internal.h"
#include "text/money.h"
#include "text/pinyin.h"
#include "text/regex.h"
#include "text/text.h"

void result_text(sqlite3_context *ctx, struct buf *b)
{
	if (!buf_str(b))
		sqlite3_result_error_nomem(ctx);
	else
		sqlite3_result_text64(ctx, buf_str(b), b->len, SQLITE_TRANSIENT, SQLITE_UTF8);
	buf_free(b);
}

/* fold(text): the form in which text is compared. */
static void sql_fold(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const char *s = (const char *)sqlite3_value_text(argv[0]);
	struct buf b = BUF_INIT;

	(void)argc;
	if (!s)
		return;
	b.failed = text_fold(&b, s, (size_t)sqlite3_value_bytes(argv[0])) < 0 || b.failed;
	result_text(ctx, &b);
}

/* pinyin(name): how a Chinese name sounds, NULL for others. */
static void sql_pinyin(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const char *s = (const char *)sqlite3_value_text(argv[0]);
	struct buf b = BUF_INIT;

	(void)argc;
	if (!s)
		return;
	b.failed = text_pinyin(&b, s, (size_t)sqlite3_value_bytes(argv[0])) == CRM_NOMEM;
	if (b.failed || b.len > 0)
		result_text(ctx, &b);
}

/* answers(pinyin, typed): how well it answers what somebody typed, see pinyin_answers(). */
static void sql_answers(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const char *s = (const char *)sqlite3_value_text(argv[0]);
	const char *typed = (const char *)sqlite3_value_text(argv[1]);

	(void)argc;
	sqlite3_result_int(ctx, s && typed ? (int)pinyin_answers(s, (size_t)sqlite3_value_bytes(argv[0]), typed) : 0);
}

/* has(text, folded): 1 when the text, once folded, contains the second argument, folded already. */
static void sql_has(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const char *s = (const char *)sqlite3_value_text(argv[0]);
	const char *needle = (const char *)sqlite3_value_text(argv[1]);
	struct buf b = BUF_INIT;

	(void)argc;
	if (!s || !needle)
		sqlite3_result_int(ctx, 0);
	else if (text_fold(&b, s, (size_t)sqlite3_value_bytes(argv[0])) < 0 || !buf_str(&b))
		sqlite3_result_error_nomem(ctx);
	else
		sqlite3_result_int(
			ctx, text_contains(buf_str(&b), b.len, needle, (size_t)sqlite3_value_bytes(argv[1])));
	buf_free(&b);
}

static void free_regex(void *re)
{
	regex_free(re);
}

/* X REGEXP Y is regexp(Y, X). A pattern that explodes is an error, never "no match". */
static void sql_regexp(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	cleanup(err_free) struct err err = { 0 };
	struct regex *re = sqlite3_get_auxdata(ctx, 0);
	const char *pattern = (const char *)sqlite3_value_text(argv[0]);
	const char *s = (const char *)sqlite3_value_text(argv[1]);
	size_t from, to;
	int status = CRM_OK;

	(void)argc;
	if (!pattern || !s) {
		sqlite3_result_int(ctx, 0);
		return;
	}
	if (!re) {
		status = regex_new(&re, pattern, (size_t)sqlite3_value_bytes(argv[0]), &err);
		if (status == CRM_OK) {
			sqlite3_set_auxdata(ctx, 0, re, free_regex);
			re = sqlite3_get_auxdata(ctx, 0); /* NULL when memory is short: it is freed then */
			status = re ? CRM_OK : CRM_NOMEM;
		}
	}
	if (status == CRM_OK)
		status = regex_find(&from, &to, re, s, (size_t)sqlite3_value_bytes(argv[1]), 0, &err);
	if (status == CRM_INVALID && buf_str(&err.msg))
		sqlite3_result_error(ctx, err.msg.s, -1);
	else if (status < 0)
		sqlite3_result_error_nomem(ctx);
	else
		sqlite3_result_int(ctx, status == CRM_OK);
}

/* list_item(text): the text as the only item of a list in its text form. */
static void sql_list_item(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const char *s = (const char *)sqlite3_value_text(argv[0]);
	struct buf b = BUF_INIT;

	(void)argc;
	if (!s)
		return;
	list_append(&b, s, (size_t)sqlite3_value_bytes(argv[0]));
	result_text(ctx, &b);
}

/* judge(number, id): see db_judge(). */
static void sql_judge(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	crm_store *s = sqlite3_user_data(ctx);
	int number = sqlite3_value_int(argv[0]), status;
	crm_value v = { .kind = CRM_NULL };

	(void)argc;
	if (number < 0 || number >= JUDGES_MAX || !s->judges[number] || sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	s->judging++;
	status = s->judges[number](&v, s, sqlite3_value_int64(argv[1]));
	s->judging--;
	if (status == CRM_NOMEM)
		sqlite3_result_error_nomem(ctx);
	else if (status < 0)
		sqlite3_result_error(ctx, crm_errmsg(s), -1);
	else if (v.kind == CRM_INT)
		sqlite3_result_int64(ctx, v.i);
	else if (v.kind == CRM_DOUBLE)
		sqlite3_result_double(ctx, v.d);
	else if (v.kind == CRM_STRING)
		sqlite3_result_text64(ctx, v.s, v.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

int db_judge(int *number, crm_store *s, judge_fn fn)
{
	/* A new query: what judgements stand on may have changed since the last, unless one of them asks it. */
	if (s->judging == 0 && s->service_free)
		s->service_free(s->service);
	if (s->judging == 0)
		s->service = NULL;
	for (int i = 0; i < JUDGES_MAX; i++) {
		if (s->judges[i] && s->judges[i] != fn)
			continue;
		s->judges[i] = fn;
		*number = i;
		return CRM_OK;
	}
	return err_set(&s->err, CRM_FAILED, "more than %d kinds of judgement", JUDGES_MAX);
}

/* The currency of a row; amounts of a code that this version does not know have two decimals, as nearly all. */
static struct currency currency_of(sqlite3_value *code)
{
	const char *s = (const char *)sqlite3_value_text(code);
	const struct currency *known = s ? currency_find(s, (size_t)sqlite3_value_bytes(code)) : NULL;

	return known ? *known : (struct currency){ .decimals = 2 };
}

/* money(minor, currency): an amount in decimal notation. */
static void sql_money(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct currency currency = currency_of(argv[1]);
	struct buf b = BUF_INIT;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	money_format(&b, sqlite3_value_int64(argv[0]), &currency);
	result_text(ctx, &b);
}

/* money_size(minor, currency): a number by which amounts compare. */
static void sql_money_size(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct currency currency = currency_of(argv[1]);
	crm_value size;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	size = money_size(sqlite3_value_int64(argv[0]), &currency);
	if (size.kind == CRM_INT)
		sqlite3_result_int64(ctx, size.i);
	else
		sqlite3_result_double(ctx, size.d);
}

int functions_register(crm_store *s)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

	if (sqlite3_create_function(s->db, "fold", 1, flags, NULL, sql_fold, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "has", 2, flags, NULL, sql_has, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "list_item", 1, flags, NULL, sql_list_item, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "judge", 2, SQLITE_UTF8, s, sql_judge, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "money", 2, flags, NULL, sql_money, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "money_size", 2, flags, NULL, sql_money_size, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "pinyin", 1, flags, NULL, sql_pinyin, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "answers", 2, flags, NULL, sql_answers, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "regexp", 2, flags, NULL, sql_regexp, NULL, NULL) != SQLITE_OK)
		return db_error(s, "store");
	if (journal_functions_register(s) < 0 || row_sum_functions_register(s) < 0)
		return s->err.code;
	return search_functions_register(s);
}
