/* What an agent is told in the morning, as a letter in text or HTML. */
#ifndef DIGEST_H
#define DIGEST_H

#include "cli/strbuf.h"

struct digest_item {
	char *name, *reach; /* reach: the phone or the e-mail address, what the action needs; "" for none */
	char *action, *reason;
	int64_t customer;
	int64_t followup; /* 0: a policy asks */
};

struct digest_part {
	struct digest_item *v;
	size_t n, cap;
	size_t more; /* how many further ones there are */
};

struct digest {
	char *agent;
	char date[11];              /* today, YYYY-MM-DD */
	struct digest_part overdue; /* agreed upon for an earlier day */
	struct digest_part today;
	struct digest_part ahead;
	size_t nobodys; /* owed to customers whom nobody looks after */
};

enum {
	DIGEST_WIDTH = 72, /* of text, in columns */
	DIGEST_DAYS = 7    /* ahead */
};

void digest_text(struct strbuf *out, const struct digest *d);
void digest_html(struct strbuf *out, const struct digest *d);
void digest_free(struct digest *d);

#endif
