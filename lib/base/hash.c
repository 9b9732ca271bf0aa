/* SipHash by Aumasson and Bernstein, one round a word and three at the end. */
#include "base/base.h"

#include <errno.h>
#include <sys/auxv.h>
#include <sys/random.h>

enum {
	ROUNDS_WORD = 1,
	ROUNDS_END = 3
};

struct sip {
	uint64_t a, b, c, d;
};

static inline uint64_t rotate(uint64_t x, unsigned int n)
{
	return x << n | x >> (64 - n);
}

static inline void mix(struct sip *v, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		v->a += v->b;
		v->c += v->d;
		v->b = rotate(v->b, 13) ^ v->a;
		v->d = rotate(v->d, 16) ^ v->c;
		v->a = rotate(v->a, 32);
		v->c += v->b;
		v->a += v->d;
		v->b = rotate(v->b, 17) ^ v->c;
		v->d = rotate(v->d, 21) ^ v->a;
		v->c = rotate(v->c, 32);
	}
}

static inline void take_word(struct sip *v, uint64_t word)
{
	v->d ^= word;
	mix(v, ROUNDS_WORD);
	v->a ^= word;
}

static inline uint64_t little_endian(const unsigned char *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t len)
{
	const unsigned char *p = data;
	struct sip v = {
		.a = key->k0 ^ UINT64_C(0x736f6d6570736575), /* "somepseudorandomlygeneratedbytes" */
		.b = key->k1 ^ UINT64_C(0x646f72616e646f6d),
		.c = key->k0 ^ UINT64_C(0x6c7967656e657261),
		.d = key->k1 ^ UINT64_C(0x7465646279746573),
	};
	size_t left;

	for (left = len; left >= 8; left -= 8, p += 8)
		take_word(&v, little_endian(p, 8));
	take_word(&v, little_endian(p, left) | (uint64_t)len << 56);
	v.c ^= 0xff;
	mix(&v, ROUNDS_END);
	return v.a ^ v.b ^ v.c ^ v.d;
}

void hash_key_random(struct hash_key *key)
{
	ssize_t n;

	do {
		n = getrandom(key, sizeof(*key), 0);
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(*key)) {
		/* No such system call here: the kernel gave every process 16 random bytes at its start. */
		const void *random = (const void *)(uintptr_t)getauxval(AT_RANDOM);

		*key = (struct hash_key){ .k0 = (uintptr_t)key, .k1 = (uintptr_t)&hash_key_random };
		if (random)
			memcpy(key, random, sizeof(*key));
	}
}
