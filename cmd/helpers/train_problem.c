#include "helpers/say.h"
#include "helpers/train.h"

#include "cli/words.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	LABELS_MAX = 1 << 16,
	COUNT_MAX =
		INT32_MAX - 2 /* of documents and features: liblinear counts in int, from 1, with one for the bias */
};

static bool damaged(const char *what)
{
	say("the problem is damaged: %s", crm_tr(what));
	return false;
}

static bool good_head(const crm_problem_head *h)
{
	if (memcmp(h->magic, CRM_PROBLEM_MAGIC, sizeof(h->magic)) != 0)
		return damaged(N_("it does not begin as one of this version does"));
	if (h->method > CRM_FOREST)
		return damaged(N_("there is no such method"));
	if (h->labels < 2 || h->labels > LABELS_MAX)
		return damaged(N_("how many labels there are"));
	if (h->documents < h->labels || h->documents > COUNT_MAX || h->features < 1 || h->features > COUNT_MAX)
		return damaged(N_("how many documents and features there are"));
	return true;
}

/* The bytes that must follow the head, as far as they can be told from it. */
static bool good_length(const crm_problem_head *h, size_t len)
{
	size_t rows = ((size_t)h->documents + 1) * sizeof(uint64_t) + (size_t)h->documents * sizeof(uint32_t);
	size_t entry = sizeof(uint32_t) + sizeof(float);

	return len >= rows && (len - rows) % entry == 0 && (len - rows) / entry == h->entries;
}

static bool good_row(const struct problem_in *p, size_t row)
{
	uint64_t from = p->first[row], to = p->first[row + 1];

	if (from > to || to > p->head.entries)
		return false;
	for (uint64_t i = from; i < to; i++)
		if (p->feature[i] >= p->head.features || (i > from && p->feature[i] <= p->feature[i - 1]) ||
			!isfinite(p->value[i]))
			return false;
	return p->label[row] < p->head.labels;
}

/* Each of the labels has a document. */
static bool good_labels(const struct problem_in *p)
{
	cleanup(freep) bool *seen = need_zeroed(p->head.labels, sizeof(*seen));
	size_t n = 0;

	for (size_t i = 0; i < p->head.documents; i++) {
		n += !seen[p->label[i]];
		seen[p->label[i]] = true;
	}
	return n == p->head.labels;
}

bool problem_read(struct problem_in *p, const char *bytes, size_t len)
{
	crm_problem_head *h = &p->head;

	if (len < sizeof(*h))
		return damaged(N_("it is cut off"));
	memcpy(h, bytes, sizeof(*h));
	if (!good_head(h))
		return false;
	if (!good_length(h, len - sizeof(*h)))
		return damaged(N_("its length does not fit what it says"));
	p->first = (const uint64_t *)(const void *)(bytes + sizeof(*h));
	p->label = (const uint32_t *)(p->first + h->documents + 1);
	p->feature = p->label + h->documents;
	p->value = (const float *)(p->feature + h->entries);
	if (p->first[0] != 0 || p->first[h->documents] != h->entries)
		return damaged(N_("its entries are not those of its documents"));
	for (size_t i = 0; i < h->documents; i++)
		if (!good_row(p, i))
			return damaged(N_("an entry or a label of a document"));
	return good_labels(p) || damaged(N_("a label has no document"));
}
