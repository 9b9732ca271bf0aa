/*
 * A classifier as bytes: whole numbers of variable length (LEB128), IEEE 754 floats, least significant byte first.
 *
 *	"crmc", format; method
 *	labels: how many, then the length and bytes of each, ascending
 *	vocabulary: texts learnt from, grams, words; the key of each gram less the one before; length and bytes of each word,
 *	by their keys; df of each feature
 *	linear: bias, scale, slope, intercept of each output; the weights, a byte each, where a byte 0 is followed by the
 *	number of zeros
 *	trees: roots, nodes; the number of each root; of each node its feature + 1, how far it is to absent and to present;
 *	of a leaf 0, how many votes, label and share of each
 */
#include "analysis/classifier.h"

#include "text/text.h"
#include <math.h>

static const char magic[4] = { 'c', 'r', 'm', 'c' };

/* --- writing --- */

static void put_number(struct buf *b, uint64_t v)
{
	for (; v > 0x7f; v >>= 7)
		buf_putc(b, (char)(v | 0x80));
	buf_putc(b, (char)v);
}

static void put_float(struct buf *b, float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof(bits));
	for (int i = 0; i < 4; i++)
		buf_putc(b, (char)(bits >> 8 * i & 0xff));
}

static void put_text(struct buf *b, const char *s)
{
	const size_t len = strlen(s);

	put_number(b, len);
	buf_add(b, s, len);
}

static void put_vocabulary(struct buf *b, const struct vocabulary *v)
{
	put_number(b, v->documents);
	put_number(b, v->grams);
	put_number(b, v->n - v->grams);
	for (size_t i = 0; i < v->grams; i++)
		put_number(b, v->key[i] - (i > 0 ? v->key[i - 1] : 0));
	for (size_t i = 0; i < v->n - v->grams; i++)
		put_text(b, v->word[i]);
	for (size_t i = 0; i < v->n; i++)
		put_number(b, v->df[i]);
}

static void put_linear(struct buf *b, const struct classifier *c)
{
	const struct linear *l = &c->linear;
	const size_t n = l->outputs * c->vocabulary.n;

	for (size_t k = 0; k < l->outputs; k++) {
		put_float(b, l->bias[k]);
		put_float(b, l->scale[k]);
		put_float(b, c->calibration.slope[k]);
		put_float(b, c->calibration.intercept[k]);
	}
	for (size_t i = 0, zeros; i < n; i += zeros ? zeros : 1) {
		for (zeros = 0; i + zeros < n && l->q[i + zeros] == 0;)
			zeros++;
		buf_putc(b, (char)l->q[i]);
		if (zeros)
			put_number(b, zeros);
	}
}

static void put_trees(struct buf *b, const struct trees *t)
{
	put_number(b, t->nroots);
	put_number(b, t->nnodes);
	for (size_t i = 0; i < t->nroots; i++)
		put_number(b, t->roots[i]);
	for (size_t i = 0; i < t->nnodes; i++) {
		const crm_tree_node *node = &t->nodes[i];

		if (node->feature != CRM_TREE_LEAF) {
			put_number(b, (uint64_t)node->feature + 1);
			put_number(b, node->absent - i);
			put_number(b, node->present - i);
			continue;
		}
		put_number(b, 0);
		put_number(b, node->present);
		for (size_t j = 0; j < node->present; j++) {
			put_number(b, t->votes[node->absent + j].label);
			put_float(b, t->votes[node->absent + j].share);
		}
	}
}

int classifier_pack(struct buf *out, const struct classifier *c)
{
	cleanup(buf_free) struct buf b = BUF_INIT;

	buf_add(&b, magic, sizeof(magic));
	put_number(&b, CLASSIFIER_FORMAT);
	put_number(&b, c->method);
	put_number(&b, c->nlabels);
	for (size_t i = 0; i < c->nlabels; i++)
		put_text(&b, c->labels[i]);
	put_vocabulary(&b, &c->vocabulary);
	if (method_is_linear(c->method))
		put_linear(&b, c);
	else
		put_trees(&b, &c->trees);
	if (!b.failed)
		buf_base64(out, b.s, b.len);
	return b.failed || out->failed ? CRM_NOMEM : CRM_OK;
}

/* --- reading: the first fault is kept, and nothing is read behind it --- */

struct reader {
	const unsigned char *s;
	size_t len, at;
	const char *fault;
	bool nomem;
};

static bool ok(const struct reader *r)
{
	return !r->fault && !r->nomem;
}

static void fail(struct reader *r, const char *fault)
{
	if (ok(r))
		r->fault = fault;
	r->at = r->len;
}

/* Memory for n things, which are zeroed. */
static void *room(struct reader *r, size_t n, size_t size)
{
	void *p = ok(r) ? calloc(n + 1, size) : NULL;

	if (!p && ok(r)) {
		r->nomem = true;
		r->at = r->len;
	}
	return p;
}

static uint64_t get_number(struct reader *r, uint64_t most, const char *what)
{
	uint64_t v = 0, bits;
	unsigned shift = 0;

	do {
		if (r->at >= r->len) {
			fail(r, "it is cut off");
			return 0;
		}
		bits = r->s[r->at] & 0x7f;
		if (shift > 63 || bits << shift >> shift != bits) {
			fail(r, what);
			return 0;
		}
		v |= bits << shift;
		shift += 7;
	} while (r->s[r->at++] & 0x80);
	if (v > most)
		fail(r, what);
	return v > most ? 0 : v;
}

/* A number of things of which each takes at least a byte. */
static size_t get_count(struct reader *r, uint64_t most, const char *what)
{
	const uint64_t n = get_number(r, most, what);

	if (n > r->len - r->at)
		fail(r, "it is cut off");
	return ok(r) ? (size_t)n : 0;
}

static float get_float(struct reader *r)
{
	uint32_t bits = 0;
	float v;

	if (r->len - r->at < 4) {
		fail(r, "it is cut off");
		return 0;
	}
	for (int i = 0; i < 4; i++)
		bits |= (uint32_t)r->s[r->at++] << 8 * i;
	memcpy(&v, &bits, sizeof(v));
	if (!isfinite(v))
		fail(r, "a number is none");
	return v;
}

/* A text that is not empty; "" after a fault. */
static const char *get_text(struct reader *r, struct arena *mem)
{
	const size_t len = get_count(r, r->len, N_("a text is too long"));
	const char *s = (const char *)r->s + r->at;
	size_t bad;

	if (ok(r) && (len == 0 || !utf8_valid(s, len, &bad)))
		fail(r, "a text is none");
	if (!ok(r))
		return "";
	r->at += len;
	s = arena_copy(mem, s, len);
	if (!s)
		r->nomem = true;
	return s ? s : "";
}

static void get_labels(struct reader *r, struct classifier *c)
{
	const size_t n = get_count(r, LABELS_MAX, N_("it has too many labels"));
	cleanup(arena_free) struct arena mem = { 0 };
	cleanup(freep) const char **labels = room(r, n, sizeof(*labels));
	int status;

	for (size_t i = 0; ok(r) && i < n; i++)
		labels[i] = get_text(r, &mem);
	if (!ok(r))
		return;
	status = classifier_labels(c, labels, n);
	if (status == CRM_NOMEM)
		r->nomem = true;
	else if (status < 0)
		fail(r, "its labels are not in order");
}

/* One to three characters, the first ones 0 where there are fewer. */
static bool is_gram(uint64_t key)
{
	bool some = false, good = true;

	for (int shift = 2 * CHARACTER_BITS; shift >= 0; shift -= CHARACTER_BITS) {
		const uint64_t cp = key >> shift & ((1 << CHARACTER_BITS) - 1);

		good = good && (cp > 0 || !some) && cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
		some = some || cp > 0;
	}
	return good && some && key >> 3 * CHARACTER_BITS == 0;
}

static void get_keys(struct reader *r, struct vocabulary *v, size_t grams)
{
	uint64_t last = 0;

	for (size_t i = 0; ok(r) && i < grams; i++) {
		const uint64_t more = get_number(r, UINT64_MAX >> 1, "a gram is none");

		v->key[i] = last + more;
		if (more == 0 || !is_gram(v->key[i]))
			fail(r, "a gram is none");
		last = v->key[i];
	}
	for (size_t i = grams; ok(r) && i < v->n; i++) {
		v->word[i - grams] = get_text(r, &v->mem);
		v->key[i] = feature_word_key(v->word[i - grams], strlen(v->word[i - grams]));
		if (v->key[i] <= last)
			fail(r, "its words are not in order");
		last = v->key[i];
	}
}

static void get_vocabulary(struct reader *r, struct vocabulary *v)
{
	size_t grams;

	v->documents = get_number(r, UINT32_MAX, N_("it learnt from too many texts"));
	grams = get_count(r, FEATURES_MAX, N_("it has too many features"));
	v->n = grams + get_count(r, FEATURES_MAX - grams, N_("it has too many features"));
	v->key = room(r, v->n, sizeof(*v->key));
	v->df = room(r, v->n, sizeof(*v->df));
	v->word = room(r, v->n - grams, sizeof(*v->word));
	get_keys(r, v, grams);
	for (size_t i = 0; ok(r) && i < v->n; i++)
		v->df[i] = (uint32_t)get_number(r, v->documents, N_("more texts have a feature than there were"));
	if (ok(r) && vocabulary_finish(v) < 0)
		r->nomem = true;
}

static void get_weights(struct reader *r, int8_t *q, size_t n)
{
	for (size_t i = 0; ok(r) && i < n;) {
		if (r->at >= r->len) {
			fail(r, "it is cut off");
		} else if (r->s[r->at] != 0) {
			q[i] = (int8_t)r->s[r->at++];
			if (q[i++] < -WEIGHT_STEPS)
				fail(r, "a weight is none");
		} else {
			r->at++;
			const uint64_t zeros = get_number(r, n - i, "it has too many weights");
			if (zeros == 0)
				fail(r, "a weight is none");
			i += (size_t)zeros;
		}
	}
}

static void get_linear(struct reader *r, struct classifier *c)
{
	const int status = linear_room(c);

	if (status == CRM_NOMEM)
		r->nomem = true;
	else if (status < 0)
		fail(r, "it has too many weights");
	for (size_t k = 0; ok(r) && k < c->linear.outputs; k++) {
		c->linear.bias[k] = get_float(r);
		c->linear.scale[k] = get_float(r);
		c->calibration.slope[k] = get_float(r);
		c->calibration.intercept[k] = get_float(r);
		if (c->linear.scale[k] < 0)
			fail(r, "a scale is none");
	}
	if (ok(r))
		get_weights(r, c->linear.q, c->linear.outputs * c->vocabulary.n);
}

static void get_leaf(struct reader *r, struct trees *t, size_t *cap, crm_tree_node *node)
{
	const size_t n = get_count(r, LABELS_MAX, N_("a leaf has too many labels"));

	node->feature = CRM_TREE_LEAF;
	node->absent = (uint32_t)t->nvotes;
	node->present = (uint32_t)n;
	for (size_t i = 0; ok(r) && i < n; i++) {
		if (!GROW(t->votes, t->nvotes, *cap)) {
			r->nomem = true;
			return;
		}
		t->votes[t->nvotes].label = (uint32_t)get_number(r, LABELS_MAX, N_("a leaf names no label"));
		t->votes[t->nvotes++].share = get_float(r);
	}
}

static void get_trees(struct reader *r, struct classifier *c)
{
	struct trees *t = &c->trees;
	size_t cap = 0;

	t->nroots = get_count(r, UINT32_MAX, N_("it has too many trees"));
	t->nnodes = get_count(r, UINT32_MAX, N_("it has too many nodes"));
	t->roots = room(r, t->nroots, sizeof(*t->roots));
	t->nodes = room(r, t->nnodes, sizeof(*t->nodes));
	c->has = room(r, c->vocabulary.n, sizeof(*c->has));
	for (size_t i = 0; ok(r) && i < t->nroots; i++)
		t->roots[i] = (uint32_t)get_number(r, UINT32_MAX, N_("a tree has no root"));
	for (size_t i = 0; ok(r) && i < t->nnodes; i++) {
		const uint64_t feature = get_number(r, c->vocabulary.n, N_("a node asks for no feature"));

		if (feature == 0) {
			get_leaf(r, t, &cap, &t->nodes[i]);
			continue;
		}
		t->nodes[i].feature = (uint32_t)(feature - 1);
		t->nodes[i].absent = (uint32_t)(i + get_number(r, t->nnodes, N_("a node leads nowhere")));
		t->nodes[i].present = (uint32_t)(i + get_number(r, t->nnodes, N_("a node leads nowhere")));
	}
	if (ok(r) && !trees_valid(t, c))
		fail(r, "its trees are none");
}

static void get_all(struct reader *r, struct classifier *c)
{
	uint64_t format;

	if (r->len < sizeof(magic) || memcmp(r->s, magic, sizeof(magic)) != 0)
		fail(r, "it is none");
	r->at = ok(r) ? sizeof(magic) : r->len;
	format = get_number(r, UINT64_MAX, N_("its format is none"));
	if (ok(r) && format != CLASSIFIER_FORMAT)
		fail(r, "it is of another format");
	c->method = (crm_method)get_number(r, CRM_FOREST, N_("its method is unknown"));
	get_labels(r, c);
	if (ok(r))
		get_vocabulary(r, &c->vocabulary);
	if (ok(r) && method_is_linear(c->method))
		get_linear(r, c);
	else if (ok(r))
		get_trees(r, c);
	if (ok(r) && r->at != r->len)
		fail(r, "something stands behind its end");
}

int classifier_unpack(struct classifier *out, const char *text, size_t len, struct err *err)
{
	cleanup(buf_free) struct buf bytes = BUF_INIT;
	struct reader r = { 0 };

	*out = (struct classifier){ 0 };
	if (!base64_decode(&bytes, text, len))
		r.fault = N_("it is no base64");
	r.nomem = bytes.failed;
	r.s = (const unsigned char *)bytes.s;
	r.len = ok(&r) ? bytes.len : 0;
	if (ok(&r))
		get_all(&r, out);
	if (ok(&r))
		return CRM_OK;
	classifier_free(out);
	return r.nomem ? err_nomem(err) : err_set(err, CRM_INVALID, "%s", crm_tr(r.fault));
}
