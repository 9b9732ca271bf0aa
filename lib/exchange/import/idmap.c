/* Open addressing with linear probing; doubles at three quarters full. */
#include "exchange/import/idmap.h"

void idmap_init(struct idmap *m)
{
	*m = (struct idmap){ 0 };
	hash_key_random(&m->key);
}

void idmap_free(struct idmap *m)
{
	free(m->slots);
	m->slots = NULL;
	m->mask = m->used = 0;
}

uint64_t idmap_hash(const struct idmap *m, char kind, const void *data, size_t len)
{
	struct hash_key key = m->key;
	uint64_t h;

	key.k0 ^= (uint64_t)(unsigned char)kind << 56;
	h = hash_bytes(&key, data, len);
	return h ? h : 1;
}

static void place(struct idmap *m, uint64_t hash, int64_t id)
{
	size_t i = hash & m->mask;

	while (m->slots[i].hash)
		i = (i + 1) & m->mask;
	m->slots[i] = (struct idmap_slot){ .hash = hash, .id = id };
}

static bool grow(struct idmap *m)
{
	size_t size = m->slots ? (m->mask + 1) * 2 : 1024;
	struct idmap_slot *old = m->slots;
	size_t n = old ? m->mask + 1 : 0;

	m->slots = calloc(size, sizeof(*m->slots));
	if (!m->slots) {
		m->slots = old;
		return false;
	}
	m->mask = size - 1;
	for (size_t i = 0; i < n; i++)
		if (old[i].hash)
			place(m, old[i].hash, old[i].id);
	free(old);
	return true;
}

bool idmap_add(struct idmap *m, uint64_t hash, int64_t id)
{
	if ((!m->slots || m->used >= (m->mask + 1) / 4 * 3) && !grow(m))
		return false;
	place(m, hash, id);
	m->used++;
	return true;
}

bool idmap_next(const struct idmap *m, uint64_t hash, size_t *at, int64_t *id)
{
	size_t i;

	if (!m->slots)
		return false;
	for (i = *at == SIZE_MAX ? hash & m->mask : (*at + 1) & m->mask; m->slots[i].hash; i = (i + 1) & m->mask)
		if (m->slots[i].hash == hash) {
			*at = i;
			*id = m->slots[i].id;
			return true;
		}
	return false;
}

bool idmap_find(const struct idmap *m, uint64_t hash, int64_t *id)
{
	size_t at = SIZE_MAX;

	return idmap_next(m, hash, &at, id);
}
