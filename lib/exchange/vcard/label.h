/*
 * Labels of further numbers and addresses, and the TYPE words of vCard that mean the same: TYPE=cell,home is the label
 * `home mobile`.
 */
#ifndef VCARD_LABEL_H
#define VCARD_LABEL_H

#include "exchange/vcard/parse.h"

/* True when one of the TYPE words is this one, without regard to case. */
bool vcard_label_has_type(const struct vcard_property *p, const char *word);

/* Appends the label that a property's TYPE words make; nothing when they say nothing. */
void vcard_label_of_types(struct buf *out, const struct vcard_property *p);

/* Appends a text as a label: only what a label may have. `_$!<Mobile>!$_`, as some write, is `mobile`. */
void vcard_label_of_text(struct buf *out, const char *s, size_t len);

/*
 * Appends the TYPE words, with commas, that are read back as exactly this label; false, with nothing appended, when
 * there are none.
 */
bool vcard_label_types(struct buf *out, const char *label, size_t len);

#endif
