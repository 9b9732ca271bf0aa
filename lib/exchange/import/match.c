/*
 * The record that a row is about: by external key (or another unique value), then e-mail, then phone.
 *
 * A small import asks the indexes; a large one reads all keys and addresses once into a map of seeded hashes. A hit by
 * e-mail or phone whose external key is another one of the same source is another customer: families share a line.
 */
#include "exchange/import/import.h"
#include "model/customer.h"
#include <stdio.h>

static bool match_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, word, n) == 0 && (p[n] == '\0' || p[n] == ','))
			return true;
	}
	return false;
}

static int check_match_option(struct import *im, const char *list)
{
	for (const char *p = list; *p;) {
		size_t len = strcspn(p, ",");

		if (!(len == 3 && strncmp(p, "key", 3) == 0) &&
			!(len == 5 && (strncmp(p, "email", 5) == 0 || strncmp(p, "phone", 5) == 0)))
			return err_set(
				&im->s->err, CRM_INVALID, "--match '%.*s': is not key, email or phone", (int)len, p);
		p += len + (p[len] == ',');
	}
	return CRM_OK;
}

static bool is_mapped(const struct import *im, const struct crm_field *f)
{
	for (size_t i = 0; f && i < im->mapping.n; i++)
		if (im->mapping.columns[i].field == f)
			return true;
	return false;
}

/* A value that is unique in itself matches whatever --match says: two records cannot have it. */
static const struct crm_field *other_unique(const struct import *im)
{
	for (size_t i = 0; i < im->e->nfields; i++) {
		const struct crm_field *f = &im->e->fields[i];

		if (f->flags & CRM_FIELD_UNIQUE && strcmp(f->name, "key") != 0 && is_mapped(im, f))
			return f;
	}
	return NULL;
}

static int look_for_survivors(struct import *im)
{
	int64_t found = 0;
	int status = im->e == &entity_customer
			     ? db_get_int(&found, im->s,
				       "SELECT EXISTS (SELECT 1 FROM customer_link WHERE number IS NOT NULL)"
				       " OR EXISTS (SELECT 1 FROM customer_link WHERE external_key IS NOT NULL)",
				       "")
			     : CRM_OK;

	im->match.survivors = found != 0;
	return status;
}

int matcher_init(struct import *im)
{
	const char *list = im->opt->match ? im->opt->match : "key,email,phone";
	struct matcher *m = &im->match;

	idmap_init(&m->map);
	m->key_field = field_find_static(im->e, "key");
	m->email_field = field_of_type(im->e, CRM_EMAIL);
	m->phone_field = field_of_type(im->e, CRM_PHONE);
	m->key = match_word(list, "key") && is_mapped(im, m->key_field);
	m->email = match_word(list, "email") && is_mapped(im, m->email_field);
	m->other = other_unique(im);
	m->phone = match_word(list, "phone") && is_mapped(im, m->phone_field);
	return check_match_option(im, list) < 0 ? CRM_INVALID : look_for_survivors(im);
}

void matcher_free(struct matcher *m)
{
	idmap_free(&m->map);
	free(m->row_hashes);
}

static const struct slot *slot_of(const struct crm_record *r, const struct crm_field *f)
{
	return &r->slots[record_index(r, f)];
}

static const crm_value *source_of(const struct import *im, const struct crm_record *r)
{
	static const crm_value none = { .kind = CRM_NULL };
	const struct crm_field *f = field_find_static(im->e, "source");

	return f ? &slot_of(r, f)->value : &none;
}

/* --- candidates --- */

struct candidates {
	int64_t v[3];
	size_t n; /* 3: several */
};

static void add_candidate(struct candidates *c, int64_t id)
{
	for (size_t i = 0; i < c->n && i < ARRAY_SIZE(c->v); i++)
		if (c->v[i] == id)
			return;
	if (c->n < ARRAY_SIZE(c->v))
		c->v[c->n++] = id;
}

/* Another external key of the same source says: another record. */
static int same_key_or_none(struct import *im, const struct crm_record *r, int64_t id, bool *same)
{
	const crm_value *key = im->match.key_field ? &slot_of(r, im->match.key_field)->value : NULL;
	int64_t other = 0;
	char sql[160];
	int status;

	*same = true;
	if (!key || key->kind == CRM_NULL)
		return CRM_OK;
	snprintf(sql, sizeof(sql),
		"SELECT external_key IS NOT NULL AND external_key <> $2 AND coalesce(source, '') = coalesce($3, '') "
		"FROM %s WHERE id = $1",
		im->e->table);
	status = db_get_int(&other, im->s, sql, "ivv", id, key, source_of(im, r));
	*same = other == 0;
	return status < 0 ? status : CRM_OK;
}

static int by_sql(struct import *im, const char *sql, const crm_value *a, const crm_value *b, struct candidates *c)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	/* The few agents have no index of addresses. */
	int status = db_prepare(&st, im->s, sql, im->e == &entity_agent ? DB_SCAN : 0);

	if (status < 0)
		return status;
	db_bind_value(st, 1, a);
	if (b)
		db_bind_value(st, 2, b);
	while ((status = db_step(st)) == CRM_OK)
		add_candidate(c, db_int(st, 0));
	return status < 0 ? status : CRM_OK;
}

static int by_merged_key(struct import *im, const crm_value *key, const struct crm_record *r, struct candidates *c)
{
	int64_t survivor;
	int status = customer_merged_key(&survivor, im->s, key, source_of(im, r));

	if (status == CRM_OK)
		add_candidate(c, survivor);
	return status < 0 ? status : CRM_OK;
}

static int by_index(struct import *im, enum match_kind kind, const struct crm_record *r, const struct crm_field *f,
	struct candidates *c)
{
	const struct slot *slot = slot_of(r, f);
	char sql[256];
	int status;

	if (kind == MATCH_MERGED)
		return by_merged_key(im, &slot->value, r, c);

	if (kind == MATCH_KEY) {
		snprintf(sql, sizeof(sql),
			"SELECT id FROM %s WHERE external_key = $1 AND external_key IS NOT NULL AND coalesce(source, "
			"'') = coalesce($2, '')",
			im->e->table);
		return by_sql(im, sql, &slot->value, source_of(im, r), c);
	}
	if (kind == MATCH_OTHER) {
		snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE %s = $1 AND %s IS NOT NULL", im->e->table,
			f->norm ? f->norm : field_column(f), f->norm ? f->norm : field_column(f));
		return by_sql(im, sql, f->norm ? &slot->norm : &slot->value, NULL, c);
	}
	snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE %s = $1 ORDER BY id LIMIT 3", im->e->table, f->norm);
	status = by_sql(im, sql, &slot->norm, NULL, c);
	snprintf(sql, sizeof(sql), "SELECT record FROM contact_point WHERE value_norm = $1 AND entity = '%s' LIMIT 3",
		im->e->name);
	return status < 0 ? status : by_sql(im, sql, &slot->norm, NULL, c);
}

static uint64_t value_hash(
	struct import *im, enum match_kind kind, const struct crm_record *r, const struct crm_field *f)
{
	const struct slot *slot = slot_of(r, f);
	bool key = kind == MATCH_KEY || kind == MATCH_MERGED;
	const crm_value *v = key || !f->norm ? &slot->value : &slot->norm, *source = source_of(im, r);
	uint64_t h = idmap_hash(&im->match.map, (char)kind, v->s, v->len);

	return key && source->kind != CRM_NULL ? h ^ idmap_hash(&im->match.map, 's', source->s, source->len) : h;
}

static int find_by(struct import *im, enum match_kind kind, const struct crm_record *r, const struct crm_field *f,
	struct candidates *c)
{
	size_t at = SIZE_MAX;
	uint64_t hash;
	int64_t id;

	if (slot_of(r, f)->value.kind == CRM_NULL)
		return CRM_OK;
	if (!im->match.bulk)
		return by_index(im, kind, r, f, c);
	hash = value_hash(im, kind, r, f);
	while (idmap_next(&im->match.map, hash, &at, &id))
		add_candidate(c, id);
	return CRM_OK;
}

static int several(struct import *im, const char *by, const struct candidates *c)
{
	return err_set(&im->s->err, CRM_CONFLICT, "several %s have this %s: %lld, %lld%s", crm_tr(im->e->plural), by,
		(long long)c->v[0], (long long)c->v[1], c->n > 2 ? " …" : "");
}

int matcher_find(struct import *im, const struct crm_record *r, int64_t *id)
{
	const struct {
		bool on;
		enum match_kind kind;
		const struct crm_field *f;
	} chain[] = {
		{ im->match.key, MATCH_KEY, im->match.key_field },
		{ im->match.key && im->match.survivors, MATCH_MERGED, im->match.key_field },
		{ im->match.other != NULL, MATCH_OTHER, im->match.other },
		{ im->match.email, MATCH_EMAIL, im->match.email_field },
		{ im->match.phone, MATCH_PHONE, im->match.phone_field },
	};

	*id = 0;
	im->match.by = MATCH_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(chain) && *id == 0; i++) {
		struct candidates c = { .n = 0 }, same = { .n = 0 };
		int status = chain[i].on ? find_by(im, chain[i].kind, r, chain[i].f, &c) : CRM_OK;

		for (size_t k = 0; status == CRM_OK && k < c.n; k++) {
			bool ours = true;

			if (chain[i].kind == MATCH_EMAIL || chain[i].kind == MATCH_PHONE)
				status = same_key_or_none(im, r, c.v[k], &ours);
			if (ours)
				add_candidate(&same, c.v[k]);
		}
		if (status == CRM_OK && same.n > 1) {
			im->fault_field = chain[i].f->name;
			status = several(im, chain[i].f->name, &same);
		}
		if (status < 0)
			return status;
		if (same.n == 1) {
			*id = same.v[0];
			im->match.by = chain[i].kind;
		}
	}
	return CRM_OK;
}

/* The survivor of one who had that number, and no key to be found by. */
static int find_own_merged(struct import *im, int64_t number, const crm_value *name, int64_t *id)
{
	int status = db_get_int(id, im->s,
		"SELECT c.id FROM customer_link k JOIN customer c ON c.id = k.customer WHERE k.number = $1"
		" AND k.external_key IS NULL AND k.kind = 'merged' AND c.name_fold = $2",
		"iv", number, name);

	im->match.by = MATCH_MERGED;
	return status < 0 ? status : CRM_OK;
}

int matcher_find_own(struct import *im, const struct crm_record *r, int64_t number, int64_t *id)
{
	const struct crm_field *name = field_find_static(im->e, "name");
	char sql[160];
	int status = CRM_END;

	*id = 0;
	im->match.by = MATCH_NONE;
	if (number == 0 || !im->match.key || !name)
		return CRM_OK;
	snprintf(sql, sizeof(sql), "SELECT id FROM %s WHERE id = $1 AND external_key IS NULL AND %s = $2", im->e->table,
		name->norm);
	if (number <= im->stored)
		status = db_get_int(id, im->s, sql, "iv", number, &slot_of(r, name)->norm);
	if (status == CRM_END && im->match.survivors)
		return find_own_merged(im, number, &slot_of(r, name)->norm, id);
	return status < 0 ? status : CRM_OK;
}

/* --- the map --- */

uint64_t matcher_row_hash(const struct import *im, const struct crm_record *r)
{
	uint64_t h = 0;

	for (size_t i = 0; i < im->mapping.n; i++) {
		const struct column *c = &im->mapping.columns[i];
		const crm_value *v;
		uint64_t cell;

		if (!c->field || !field_is_stored(c->field))
			continue;
		v = &slot_of(r, c->field)->value;
		cell = v->kind == CRM_STRING ? idmap_hash(&im->match.map, 'r', v->s, v->len)
		       : v->kind == CRM_INT  ? idmap_hash(&im->match.map, 'i', &v->i, sizeof(v->i))
					     : 0x9e3779b97f4a7c15u;
		h = (h << 7 | h >> 57) * 0x9ddfea08eb382d69u ^ cell;
	}
	return h;
}

/* Lists, custom values and ages are not part of the row: with them a row is never known to be the same. */
static bool row_says_all(const struct import *im)
{
	for (size_t i = 0; i < im->mapping.n; i++)
		if (im->mapping.columns[i].field && !field_is_stored(im->mapping.columns[i].field))
			return false;
	return im->opt->ndefaults == 0;
}

static int keep_row_hash(struct import *im, const struct crm_record *r, int64_t id)
{
	struct matcher *m = &im->match;

	if (id >= m->nhashes) {
		int64_t n = m->nhashes ? m->nhashes : 1024;
		uint64_t *grown;

		while (n <= id)
			n *= 2;
		grown = realloc(m->row_hashes, (size_t)n * sizeof(*grown));
		if (!grown)
			return err_nomem(&im->s->err);
		memset(grown + m->nhashes, 0, (size_t)(n - m->nhashes) * sizeof(*grown));
		m->row_hashes = grown;
		m->nhashes = n;
	}
	m->row_hashes[id] = matcher_row_hash(im, r) | 1; /* 0: not known */
	return CRM_OK;
}

bool matcher_same_row(const struct import *im, const struct crm_record *r, int64_t id)
{
	return im->match.bulk && id < im->match.nhashes && im->match.row_hashes[id] == (matcher_row_hash(im, r) | 1);
}

static int add_value(
	struct import *im, enum match_kind kind, const struct crm_record *r, const struct crm_field *f, int64_t id)
{
	if (slot_of(r, f)->value.kind == CRM_NULL)
		return CRM_OK;
	return idmap_add(&im->match.map, value_hash(im, kind, r, f), id) ? CRM_OK : err_nomem(&im->s->err);
}

int matcher_add(struct import *im, const struct crm_record *r, int64_t id)
{
	const struct matcher *m = &im->match;
	int status = CRM_OK;

	if (!m->bulk)
		return CRM_OK;
	if (m->key)
		status = add_value(im, MATCH_KEY, r, m->key_field, id);
	if (status == CRM_OK && m->other)
		status = add_value(im, MATCH_OTHER, r, m->other, id);
	if (status == CRM_OK && m->email)
		status = add_value(im, MATCH_EMAIL, r, m->email_field, id);
	if (status == CRM_OK && m->phone)
		status = add_value(im, MATCH_PHONE, r, m->phone_field, id);
	if (status == CRM_OK && alike_applies(im, r) && !idmap_add(&im->match.map, alike_hash(im, r), id))
		status = err_nomem(&im->s->err);
	if (status == CRM_OK && (m->key || m->other || m->email || m->phone) && row_says_all(im))
		status = keep_row_hash(im, r, id);
	return status;
}

/* The columns of the stored rows that matching needs, read into a record's slots as if it had been loaded. */
static int read_stored(struct import *im, struct crm_record *r)
{
	const struct crm_field *fields[64];
	cleanup(db_releasep) struct stmt *st = NULL;
	struct buf sql = BUF_INIT;
	size_t n = 0;
	int status;

	buf_puts(&sql, "SELECT id");
	for (size_t i = 0; i < im->e->nfields && n < ARRAY_SIZE(fields); i++) {
		const struct crm_field *f = &im->e->fields[i];

		if (!field_is_stored(f) || !(is_mapped(im, f) || strcmp(f->name, "source") == 0))
			continue;
		buf_printf(&sql, ", %s", field_column(f));
		if (f->norm)
			buf_printf(&sql, ", %s", f->norm);
		fields[n++] = f;
	}
	buf_printf(&sql, " FROM %s", im->e->table);
	status = buf_str(&sql) ? db_prepare(&st, im->s, sql.s, DB_SCAN | DB_ONCE) : err_nomem(&im->s->err);
	buf_free(&sql);
	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		int col = 1;

		for (size_t i = 0; i < n; i++) {
			struct slot *slot = &r->slots[record_index(r, fields[i])];

			slot->value = db_value(st, col++);
			if (fields[i]->norm)
				slot->norm = db_value(st, col++);
		}
		status = matcher_add(im, r, db_int(st, 0));
	}
	return status < 0 ? status : CRM_OK;
}

static int read_further(struct import *im)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	int status =
		db_prepare(&st, im->s, "SELECT record, kind, value_norm FROM contact_point WHERE entity = $1", DB_SCAN);

	if (status < 0)
		return status;
	db_bind_str(st, 1, im->e->name);
	while ((status = db_step(st)) == CRM_OK) {
		enum match_kind kind = strcmp(db_text(st, 1), "email") == 0 ? MATCH_EMAIL : MATCH_PHONE;

		if (!idmap_add(&im->match.map, idmap_hash(&im->match.map, (char)kind, db_text(st, 2), db_bytes(st, 2)),
			    db_int(st, 0)))
			return err_nomem(&im->s->err);
	}
	return status < 0 ? status : CRM_OK;
}

/* Keys that lead to survivors. */
static int read_merged(struct import *im, struct crm_record *r)
{
	cleanup(db_releasep) struct stmt *st = NULL;
	const struct crm_field *source = field_find_static(im->e, "source");
	int status = db_prepare(&st, im->s,
		"SELECT customer, external_key, source FROM customer_link WHERE external_key IS NOT NULL AND kind = "
		"'merged'",
		DB_SCAN | DB_ONCE);

	while (status == CRM_OK && (status = db_step(st)) == CRM_OK) {
		r->slots[record_index(r, im->match.key_field)].value = db_value(st, 1);
		r->slots[record_index(r, source)].value = db_value(st, 2);
		status = add_value(im, MATCH_MERGED, r, im->match.key_field, db_int(st, 0));
	}
	return status < 0 ? status : CRM_OK;
}

int matcher_go_bulk(struct import *im)
{
	struct crm_record r;
	int status;

	status = record_init(&r, im->s, im->e);
	if (status < 0)
		return status;
	im->match.bulk = true;
	status = read_stored(im, &r);
	if (status == CRM_OK)
		status = read_further(im);
	if (status == CRM_OK && im->match.survivors && im->match.key)
		status = read_merged(im, &r);
	record_release(&r);
	return status;
}
