/*
 * What a vCard says about a customer: its properties as the text of the customer's fields.
 *
 * Where a customer has one value and the card several, the preferred counts, else the first. What no field takes, other
 * addresses, honorifics, departments, is kept under a name of its own (`URL`, `further ADR`): nothing is dropped here.
 */
#ifndef VCARD_CARD_H
#define VCARD_CARD_H

#include "exchange/vcard/value.h"

enum vcard_field {
	VCARD_KEY,
	VCARD_SOURCE,
	VCARD_NAME,
	VCARD_GIVEN_NAME,
	VCARD_FAMILY_NAME,
	VCARD_COMPANY,
	VCARD_TITLE,
	VCARD_PHONE,
	VCARD_PHONES,
	VCARD_EMAIL,
	VCARD_EMAILS,
	VCARD_GENDER,
	VCARD_BIRTHDAY,
	VCARD_ADDRESS,
	VCARD_CITY,
	VCARD_REGION,
	VCARD_POSTCODE,
	VCARD_COUNTRY,
	VCARD_LANGUAGE,
	VCARD_TIMEZONE,
	VCARD_TAGS,
	VCARD_NOTE,
	VCARD_FIELDS
};

/* Names of the customer's fields, in this order. */
extern const char *const vcard_field_names[VCARD_FIELDS];

/* Before the number of a customer in the UID of cards that crm writes for customers without a key. */
#define VCARD_OWN_UID "crm-customer-"

struct vcard_extra {
	const char *name; /* lives as long as the parsed card */
	struct buf text;
};

struct vcard_card {
	struct vcard_parsed parsed;
	struct vcard_decoder decoder;
	struct buf fields[VCARD_FIELDS];
	struct vcard_extra *extra;
	size_t nextra, extra_cap; /* buffers beyond nextra are kept for the next card */
	int64_t id;               /* number of the customer in the store that wrote the card; 0: none */
	struct buf part, item;
	char *zone; /* a name that was found to be a time zone */
};

void vcard_card_init(struct vcard_card *c);
void vcard_card_free(struct vcard_card *c);

/*
 * Reads the lines of a card. VCARD_FAULT: *fault says why the card cannot be taken; fields hold what could be read.
 * CRM_NOMEM.
 */
int vcard_card_read(struct vcard_card *c, const char *s, size_t len, size_t line, struct buf *fault);

#endif
