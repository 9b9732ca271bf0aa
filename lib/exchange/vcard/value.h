/*
 * The value of a property as text: quoted-printable and base64, CHARSET, then escapes and separators.
 */
#ifndef VCARD_VALUE_H
#define VCARD_VALUE_H

#include "exchange/vcard/parse.h"

#include <iconv.h>

struct vcard_decoder {
	const char *file_encoding; /* for encoded bytes without CHARSET that are not UTF-8 */
	iconv_t cd;
	char name[32]; /* encoding that `cd` is open for, "" for none */
	struct buf bytes, text;
};

void vcard_decoder_init(struct vcard_decoder *d);
void vcard_decoder_free(struct vcard_decoder *d);

/* True for what is no text: a photo, a sound, a key, by its encoding or as a data: URI. */
bool vcard_is_binary(const struct vcard_property *p);

/*
 * Puts the value as UTF-8, still escaped, into p->value, where it lives in `mem`. VCARD_FAULT: bytes that do not
 * decode; *fault names property and line. CRM_NOMEM.
 */
int vcard_decode(struct vcard_decoder *d, struct vcard_property *p, struct arena *mem, struct buf *fault);

/*
 * Walks the parts of a decoded value. Vcards have no escape for a carriage return; those that crm writes say where one
 * was by X-CRM-CR: the number of characters (bytes, separators counted) before it.
 */
struct vcard_walk {
	const char *s, *end;
	size_t at; /* bytes given out so far */
	const struct vcard_param *returns;
	bool over;
};

struct vcard_walk vcard_walk(const struct vcard_property *p);

/*
 * Appends the next part, unescaped, up to one of the bare separators, which is put in *ended (0 at the end of the
 * value). False when there is none.
 */
bool vcard_walk_next(struct vcard_walk *w, struct buf *out, const char *separators, char *ended);

#endif
