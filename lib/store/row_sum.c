/* The sum of a row, in C and as SQL functions. */
#include "store/row_sum.h"
#include "store/internal.h"
#include <endian.h>

/* What is hashed is told apart by these; the numbers are without meaning, and must stay. */
enum {
	OF_NAME = 0x6e616d65,
	OF_TEXT = 0x74657874,
	OF_INT = 0x696e7421,
	OF_REAL = 0x7265616c,
	OF_NULL = 0x6e756c6c
};

/* Each step can be taken back: texts that differ in one word of eight bytes never have the same hash. */
static uint64_t mix(uint64_t x)
{
	x *= UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / the golden ratio */
	return x ^ x >> 32;
}

static uint64_t hash_number(uint64_t key, uint64_t what, uint64_t v)
{
	return mix(mix(mix(key ^ what) ^ v));
}

static uint64_t hash(uint64_t key, uint64_t what, const char *s, size_t len)
{
	uint64_t h = mix(key ^ what), word;
	size_t left = len;

	for (; left >= sizeof(word); left -= sizeof(word), s += sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		h = mix(h ^ le64toh(word));
	}
	word = 0;
	memcpy(&word, s, left);
	return mix(mix(h ^ le64toh(word)) ^ len);
}

uint64_t sum_key(const char *name, size_t len)
{
	return hash(0, OF_NAME, name, len);
}

uint64_t sum_next(uint64_t so_far, const crm_value *v)
{
	uint64_t bits;

	switch (v->kind) {
	case CRM_STRING:
		return hash(so_far, OF_TEXT, v->s, v->len);
	case CRM_INT:
		return hash_number(so_far, OF_INT, (uint64_t)v->i);
	case CRM_DOUBLE:
		memcpy(&bits, &v->d, sizeof(bits));
		return hash_number(so_far, OF_REAL, bits);
	case CRM_NULL:
		break;
	}
	return hash(so_far, OF_NULL, "", 0);
}

uint64_t sum_term(uint64_t key, const crm_value *v)
{
	return v->kind == CRM_NULL ? 0 : sum_next(key, v);
}

static crm_value value_of(sqlite3_value *v)
{
	crm_value out = { .kind = CRM_NULL };

	switch (sqlite3_value_type(v)) {
	case SQLITE_INTEGER:
		out.kind = CRM_INT;
		out.i = sqlite3_value_int64(v);
		break;
	case SQLITE_FLOAT:
		out.kind = CRM_DOUBLE;
		out.d = sqlite3_value_double(v);
		break;
	case SQLITE_NULL:
		break;
	default:
		out.kind = CRM_STRING;
		out.s = (const char *)sqlite3_value_text(v);
		out.len = (size_t)sqlite3_value_bytes(v);
		if (!out.s)
			out = (crm_value){ .kind = CRM_STRING, .s = "" };
	}
	return out;
}

/* The keys of a list of names, `,` between them; kept as long as the statement runs. A value of `+` is a sum already. */
enum {
	AS_IT_IS = 0
};

static const uint64_t *keys_of(sqlite3_context *ctx, sqlite3_value *names, size_t n)
{
	const char *s = (const char *)sqlite3_value_text(names);
	uint64_t *keys = sqlite3_get_auxdata(ctx, 0);

	if (keys || !s)
		return keys;
	keys = sqlite3_malloc64(n * sizeof(*keys));
	if (!keys)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(s, ",");

		keys[i] = len == 1 && *s == '+' ? AS_IT_IS : sum_key(s, len);
		s += len + (s[len] == ',');
	}
	sqlite3_set_auxdata(ctx, 0, keys, sqlite3_free);
	return sqlite3_get_auxdata(ctx, 0); /* NULL when memory is short: it is freed then */
}

/* row_sum('+,a,b', belonging, a, b): the sum of a row with these columns and of rows that belong to it. */
static void sql_row_sum(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const uint64_t *keys = argc > 0 ? keys_of(ctx, argv[0], (size_t)argc) : NULL;
	uint64_t terms = 0;

	if (!keys) {
		sqlite3_result_error_nomem(ctx);
		return;
	}
	for (int i = 1; i < argc; i++) {
		const crm_value v = value_of(argv[i]);

		terms += keys[i - 1] == AS_IT_IS ? (uint64_t)v.i : sum_term(keys[i - 1], &v);
	}
	sqlite3_result_int64(ctx, sum_result(terms));
}

/* belonging_sum('table', a, b): of all rows, which belong to one. */
static void step_belonging(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const char *table = (const char *)sqlite3_value_text(argv[0]);
	uint64_t *terms = sqlite3_aggregate_context(ctx, sizeof(*terms)), term;

	if (!terms || !table) {
		sqlite3_result_error_nomem(ctx);
		return;
	}
	term = sum_key(table, strlen(table));
	for (int i = 1; i < argc; i++) {
		const crm_value v = value_of(argv[i]);

		term = sum_next(term, &v);
	}
	*terms += term;
}

static void end_belonging(sqlite3_context *ctx)
{
	const uint64_t *terms = sqlite3_aggregate_context(ctx, 0);

	sqlite3_result_int64(ctx, terms ? sum_result(*terms) : 0);
}

int row_sum_functions_register(crm_store *s)
{
	const int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC;

	if (sqlite3_create_function(s->db, "row_sum", -1, flags, NULL, sql_row_sum, NULL, NULL) != SQLITE_OK ||
		sqlite3_create_function(s->db, "belonging_sum", -1, flags, NULL, NULL, step_belonging, end_belonging) !=
			SQLITE_OK)
		return db_error(s, "store");
	return CRM_OK;
}
