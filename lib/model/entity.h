/*
 * The description of an entity. Everything about it comes from here: options, columns, filters, journal images,
 * import headers, validation, man pages.
 *
 * How to add a field: one line in the entity's table and a migration (lib/store/migrations.c).
 * How to add an entity: one file like org.c, listed in entity.c, and a migration.
 */
#ifndef MODEL_ENTITY_H
#define MODEL_ENTITY_H

#include "store/store.h"
#include <crm/entity.h>
#include <crm/record.h>

/* A word of a vocabulary with its synonyms, `|` between them; all are compared folded. */
struct word {
	const char *name;
	const char *synonyms;
	const char
		*said; /* to be translated in its place, where the word means something else elsewhere; NULL: itself */
};

/* Flags beyond those of <crm/entity.h>. */
enum field_internal_flag {
	FIELD_HANDLE = 1 << 16,   /* a reference stored as the name of its target (an agent) */
	FIELD_LOOSE = 1 << 17,    /* such a name need not be in the store */
	FIELD_FOLDED = 1 << 18,   /* `norm` is the folded text */
	FIELD_SYSTEM = 1 << 19,   /* written by the library itself */
	FIELD_LETGO = 1 << 20,    /* a reference that is cleared when its target is removed */
	FIELD_TRACKED = 1 << 21,  /* every change is an event of its own, and its past can be asked for */
	FIELD_CURRENCY = 1 << 22, /* a code of ISO 4217: the currency of the entity's amounts */
	FIELD_LONG = 1 << 23,     /* a text of any length, of which each record has its own */
	FIELD_SOUND = 1 << 24,    /* the `sound` of another field, written with it; found by `zhangsan` and `zs` too */
	FIELD_EARLIEST = 1 << 25, /* of several records that turn out to be one the earliest is right */
	FIELD_PACKED = 1 << 26,   /* a text of the library's own making, not for people: longer than theirs may be */
	FIELD_YES = 1 << 27       /* a new record says yes unless it is told otherwise */
};

/* The usual combinations. */
enum {
	EDIT = CRM_FIELD_EDITABLE | CRM_FIELD_IMPORTED,
	MUST = CRM_FIELD_REQUIRED | EDIT,
	LIST = CRM_FIELD_LISTED,
	FIND = CRM_FIELD_SEARCHED,
	AUTO = FIELD_SYSTEM,
	FACT = CRM_FIELD_DERIVED,
	CALC = CRM_FIELD_COMPUTED
};

struct crm_field {
	const char *name;
	crm_type type;
	unsigned flags;
	const char *label, *help;
	const char *alias;  /* another name, in filters and as the option: tag for tags */
	const char *column; /* where it differs from the name */
	const char *norm;   /* column of the normal or folded form */
	const char *sound;  /* a field further down: how this one sounds, in pinyin, which it is sorted and named by */
	const char *target; /* entity of a reference */
	const char *kind;   /* CRM_CONTACTS: kind of contact_point */
	const struct word *words;
	size_t nwords;
	const char *synonyms; /* headers of foreign files that mean this field, `|` between them */
	judge_fn judge;       /* computed in C, for the row's id */
	const char *bound; /* holds for every row of which `judge` says anything; NULL: all; an expression like sql */
	const char *sql;   /* computed and derived: an expression; @ is the row, $now and $today the clock */
	const char *
		part; /* an amount that sums up others: their sum in $currency alone; a limit to compare with names one */
	const char *
		latest; /* derived from times: the kept time beyond which it is asked anew; NULL: whenever the clock is fixed */
	int (*set)(crm_record *r, const struct crm_field *f, const char *text); /* a computed field that can be set */
	int64_t custom;                                                         /* id of a custom field */
};

/* One line of an entity's table: what every field says, then what only some say, by name. */
#define FIELD(name_, type_, flags_, label_, help_, ...)                                                                \
	{                                                                                                              \
		.name = (name_), .type = (type_), .flags = (flags_), .label = (label_), .help = (help_), __VA_ARGS__   \
	}
#define FIELD_VERSION                                                                                                  \
	FIELD("version", CRM_INTEGER, CALC, "Version", "operation that last changed it, for --if-unchanged",           \
		.sql = "@.op", .synonyms = "版本")
#define WORD(name_, synonyms_)                                                                                         \
	{                                                                                                              \
		.name = (name_), .synonyms = (synonyms_)                                                               \
	}
#define WORD_AS(name_, said_, synonyms_)                                                                               \
	{                                                                                                              \
		.name = (name_), .synonyms = (synonyms_), .said = (said_)                                              \
	}
#define WORDS(table) .words = (table), .nwords = ARRAY_SIZE(table)

/*
 * Derived facts of this entity change with records of `from`, whose field `via` leads to the owner. Their expressions
 * end at $now; kept are the facts without that end.
 */
struct fact {
	const char *from, *via;
	int (*recompute_all)(crm_store *s); /* for every owner at once, faster than the expressions; or NULL */
};

enum entity_flag {
	ENTITY_TAGS = 1 << 0,
	ENTITY_CUSTOM = 1 << 1,
	ENTITY_IMPORT = 1 << 2,
	ENTITY_CASCADE = 1 << 3, /* removing takes dependants along; otherwise they forbid it */
	ENTITY_FIXED = 1 << 4    /* no record operations: written by the library */
};

struct crm_entity {
	const char *name, *plural, *table, *help;
	unsigned flags;
	const struct crm_field *fields;
	size_t nfields;
	const char *order; /* as --sort has it */
	const struct fact *facts;
	size_t nfacts;

	/* Rules beyond single fields, before a record is written: defaults, composed values. */
	int (*prepare)(crm_record *r, bool creating);

	/* What goes with it, in the same operation: right before a stored record is changed, and after any was written. */
	int (*changing)(crm_record *r);
	int (*saved)(crm_record *r, bool creating);
};

#define FIELDS(table) .fields = (table), .nfields = ARRAY_SIZE(table)

extern const struct crm_entity entity_agent;
extern const struct crm_entity entity_calendar;
extern const struct crm_entity entity_classifier;
extern const struct crm_entity entity_customer;
extern const struct crm_entity entity_customer_link;
extern const struct crm_entity entity_field;
extern const struct crm_entity entity_followup;
extern const struct crm_entity entity_import;
extern const struct crm_entity entity_log;
extern const struct crm_entity entity_order;
extern const struct crm_entity entity_org;
extern const struct crm_entity entity_policy;
extern const struct crm_entity entity_retention;
extern const struct crm_entity entity_rule;
extern const struct crm_entity entity_rule_run;
extern const struct crm_entity entity_sla;
extern const struct crm_entity entity_survey;
extern const struct crm_entity entity_team;
extern const struct crm_entity entity_ticket;
extern const struct crm_entity entity_ticket_category;
extern const struct crm_entity entity_ticket_event;
extern const struct crm_entity entity_ticket_link;
extern const struct crm_entity entity_ticket_status;
extern const struct crm_entity entity_view;

/* What messages call a record of it, and several: in the language of people. */
static inline const char *entity_word(const struct crm_entity *e)
{
	return crm_tr(e->name);
}
static inline const char *entity_words(const struct crm_entity *e, uint64_t n)
{
	return crm_tr(n == 1 ? e->name : e->plural);
}

/* Column of a stored field, NULL for lists and computed ones. */
const char *field_column(const struct crm_field *f);
static inline bool field_is_list(const struct crm_field *f)
{
	return f->type == CRM_TAGS || f->type == CRM_CONTACTS;
}
static inline bool field_is_stored(const struct crm_field *f)
{
	return field_column(f) != NULL;
}

/* Described fields only (no store needed); NULL when there is none. */
const struct crm_field *field_find_static(const struct crm_entity *e, const char *name);

/* As crm_field_find(), and by what people call it in Chinese: a synonym, or the label of a custom field. */
const struct crm_field *field_typed(crm_store *s, const struct crm_entity *e, const char *name);

/* CRM_INVALID that names the unknown field and the nearest one. */
int field_unknown(crm_store *s, const struct crm_entity *e, const char *name, size_t len);

/* First described field of a type that has a normal form, for naming and matching: the e-mail, the phone. */
const struct crm_field *field_of_type(const struct crm_entity *e, crm_type type);

/* The field that sounds as another says, NULL when there is none; and the other, NULL when it has none. */
const struct crm_field *field_of_sound(const struct crm_entity *e, const struct crm_field *sound);
const struct crm_field *field_sound(const struct crm_field *f);

/* The field of the currency that an entity's amounts of money are in, or NULL. */
const struct crm_field *field_of_currency(const struct crm_entity *e);

/* The word that a text means; NULL when none does, or when memory is short, which `err` then knows. */
const struct word *word_meant(const struct word *words, size_t n, const char *s, size_t len, struct err *err);

/* Finds the word that `folded` (folded text) means, or NULL. */
const struct word *word_find(const struct word *words, size_t n, const char *folded, size_t len);

/* True when `name` (folded) is among `synonyms`. */
bool synonym_match(const char *synonyms, const char *name, size_t len);

#endif
