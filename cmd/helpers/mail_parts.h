/* The parts of a message (MIME) and what their headers mean. */
#ifndef HELPERS_MAIL_PARTS_H
#define HELPERS_MAIL_PARTS_H

#include "helpers/mail.h"

#include <gmime/gmime.h>

struct node {
	struct part part;
	GMimeContentType *type; /* NULL: plain text */
	char *filename;
	bool attached; /* it says that it is an attachment */
	GMimeContentEncoding encoding;
	size_t end; /* the parts within follow it in the array, up to here */
};

/* In the order of the message, which is the first itself. */
struct tree {
	struct node *v;
	size_t n, cap;
	bool cut;  /* headers longer than HEAD_MAX */
	bool deep; /* beyond DEPTH_MAX parts are not taken apart */
	bool many; /* beyond PARTS_MAX they are not read */
};

void tree_read(struct tree *t, struct text raw);
void tree_free(struct tree *t);

bool node_is(const struct node *n, const char *type, const char *subtype); /* "*" fits any */

/* Decodes the transfer encoding: appends the bytes, or only counts them where `out` is NULL. */
size_t node_decode(struct strbuf *out, const struct node *n);

#endif
