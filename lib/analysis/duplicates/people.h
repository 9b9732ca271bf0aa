/*
 * Customers as they are compared: every text once, by number, so that a million of them fit into memory and equal texts
 * are equal numbers.
 */
#ifndef DUPLICATES_PEOPLE_H
#define DUPLICATES_PEOPLE_H

#include "base/words.h"
#include "store/store.h"

/* What is read of a customer, in this order. */
enum person_column {
	PERSON_NAME,
	PERSON_GIVEN,
	PERSON_FAMILY,
	PERSON_COMPANY,
	PERSON_GENDER,
	PERSON_BIRTHDAY,
	PERSON_ADDRESS,
	PERSON_CITY,
	PERSON_POSTCODE,
	PERSON_PHONE, /* the normal forms of the primary ones; further ones follow */
	PERSON_EMAIL,
	PERSON_COLUMNS
};

/* Where texts of a kind have their numbers, and how many customers have each. */
enum vocabulary_kind {
	WORDS_PART, /* family and given names */
	WORDS_NAME, /* whole names */
	WORDS_SOUND,
	WORDS_TOKEN, /* words within the names of firms */
	WORDS_COMPANY,
	WORDS_BIRTHDAY,
	WORDS_ADDRESS,
	WORDS_CITY,
	WORDS_POSTCODE,
	WORDS_PHONE,
	WORDS_EMAIL,
	VOCABULARIES
};

struct vocabulary {
	struct words words;
	uint32_t *count;
	size_t cap;
	size_t uses; /* counts in all */
};

struct person {
	int64_t id;
	int name;                      /* whole, cleaned; of a firm its stem */
	int family, given;             /* WORD_NONE: not known */
	int family_sound, given_sound; /* pinyin or Soundex, else the part itself; of a firm the sound of its stem */
	int company, birthday, address, city, postcode;
	uint32_t phone, email;  /* the first of its own, */
	uint8_t phones, emails; /* and how many they are */
	char gender;            /* its first letter; NUL: not known */
	bool firm;
};

struct people {
	struct vocabulary words[VOCABULARIES];
	struct person *v;
	size_t n, cap;
	struct numbers {
		int *v;
		size_t n, cap;
	} phones, emails;
	struct buf fold, clean, sound; /* while one is added */
	bool failed;                   /* out of memory */
};

void people_free(struct people *p);

/* Adds one; `v` are its texts. */
void people_add(struct people *p, int64_t id, const crm_value v[PERSON_COLUMNS]);

/* A further phone (WORDS_PHONE) or e-mail address (WORDS_EMAIL), in its normal form, of the one added last. */
void people_add_contact(struct people *p, enum vocabulary_kind kind, const char *s, size_t len);

static inline const char *people_text(const struct people *p, enum vocabulary_kind kind, int number)
{
	return words_text(&p->words[kind].words, number);
}

static inline size_t people_length(const struct people *p, enum vocabulary_kind kind, int number)
{
	return p->words[kind].words.v[number].len;
}

/* How many customers have this text. */
static inline uint32_t people_count(const struct people *p, enum vocabulary_kind kind, int number)
{
	return number < 0 ? 0 : p->words[kind].count[number];
}

/* All customers there are at the store's clock, in order of their numbers. CRM_NOMEM, CRM_INTERRUPTED. */
int people_load(struct people *p, crm_store *s);

/* Adds the customer of this number; CRM_END: there is none. */
int people_load_one(struct people *p, crm_store *s, int64_t id);

#endif
