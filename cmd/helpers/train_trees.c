/*
 * Decision trees (CART: Breiman, Friedman, Olshen and Stone 1984) that ask whether a term is there, and forests of them
 * (Breiman 2001): each tree of documents drawn with replacement, each question the best of a few drawn terms.
 *
 * All counting is in whole numbers, so that it does not matter in which order documents come.
 */
#include "helpers/train_terms.h"

#include "cli/words.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	TERMS = 2000,
	TREES = 100,
	DEPTH = 200,
	TREE_LEAST = 2, /* documents of a leaf; more than one keeps a single tree from learning by heart */
	FOREST_LEAST = 1,
	LEAST_MORE = 25000 /* one more for each so many documents: trees must not grow without end */
};

/* --- a tree that grows --- */

/* What the documents of a node say of a term. */
struct seen {
	int64_t with;    /* documents that have it */
	int64_t squares; /* sum of the squares of their labels' counts */
	int64_t cross;   /* sum of these counts times those of the whole node */
};

/* Documents to be parted: order[from] up to order[to]. */
struct part {
	size_t from, to, depth, node;
};

struct grower {
	const struct problem_in *of;
	const struct terms *terms;
	size_t drawn; /* terms that a question is chosen from, 0: all */
	size_t least;
	struct chance chance;

	uint32_t *weight; /* how often each document counts */
	uint32_t *order;  /* documents, those of a node side by side */
	int64_t *total;   /* of the node, by label */
	int64_t *count;   /* by term and label */
	struct seen *seen;
	uint32_t *touched; /* terms of the node */
	size_t ntouched;

	struct part *parts;
	size_t nparts, parts_cap;
	crm_tree_node *nodes;
	size_t nnodes, nodes_cap;
	crm_tree_vote *votes;
	size_t nvotes, votes_cap;
};

/* --- counting --- */

static int64_t count_labels(struct grower *g, const struct part *p, int64_t *squares)
{
	int64_t n = 0;

	*squares = 0;
	memset(g->total, 0, g->of->head.labels * sizeof(*g->total));
	for (size_t i = p->from; i < p->to; i++) {
		int64_t weight = g->weight[g->order[i]], *total = &g->total[g->of->label[g->order[i]]];
		*squares += weight * (2 * *total + weight);
		*total += weight;
		n += weight;
	}
	return n;
}

/* The count of a label among the documents with a term. */
static int64_t *count_of(struct grower *g, uint32_t term, size_t document)
{
	return &g->count[(size_t)term * g->of->head.labels + g->of->label[document]];
}

static void count_terms(struct grower *g, const struct part *p)
{
	g->ntouched = 0;
	for (size_t i = p->from; i < p->to; i++) {
		size_t document = g->order[i];
		int64_t weight = g->weight[document], total = g->total[g->of->label[document]];
		for (size_t k = g->terms->first[document]; k < g->terms->first[document + 1]; k++) {
			uint32_t term = g->terms->term[k];
			struct seen *seen = &g->seen[term];
			int64_t *count = count_of(g, term, document);
			if (seen->with == 0)
				g->touched[g->ntouched++] = term;
			seen->with += weight;
			seen->squares += weight * (2 * *count + weight);
			seen->cross += weight * total;
			*count += weight;
		}
	}
}

static void forget_terms(struct grower *g, const struct part *p)
{
	for (size_t i = p->from; i < p->to; i++)
		for (size_t k = g->terms->first[g->order[i]]; k < g->terms->first[g->order[i] + 1]; k++)
			*count_of(g, g->terms->term[k], g->order[i]) = 0;
	for (size_t i = 0; i < g->ntouched; i++)
		g->seen[g->touched[i]] = (struct seen){ 0 };
}

/* --- the question --- */

/*
 * Gini's impurity of both sides together is 1 - (squares of the one side / its documents + those of the other) / n: the
 * higher this sum, the better. False where a side would be too small.
 */
static bool worth(double *out, const struct grower *g, uint32_t term, int64_t n, int64_t squares)
{
	const struct seen *seen = &g->seen[term];
	int64_t without = n - seen->with;

	if (seen->with < (int64_t)g->least || without < (int64_t)g->least)
		return false;
	*out = (double)seen->squares / (double)seen->with +
	       (double)(squares - 2 * seen->cross + seen->squares) / (double)without;
	return true;
}

/* The term to ask for, UINT32_MAX when none tells anything; of equals the strongest. */
static uint32_t choose(struct grower *g, int64_t n, int64_t squares)
{
	double best = (double)squares / (double)n * (1 + 1e-9), value;
	uint32_t chosen = UINT32_MAX;
	size_t looked = 0;

	for (size_t i = 0; i < g->ntouched && (!g->drawn || looked < g->drawn || chosen == UINT32_MAX); i++) {
		if (g->drawn) {
			size_t other = i + chance_below(&g->chance, g->ntouched - i);
			uint32_t term = g->touched[other];
			g->touched[other] = g->touched[i];
			g->touched[i] = term;
		}
		uint32_t term = g->touched[i];
		if (!worth(&value, g, term, n, squares))
			continue;
		looked++;
		if (value > best || (value == best && term < chosen)) {
			best = value;
			chosen = term;
		}
	}
	return chosen;
}

/* --- growing --- */

static size_t add_node(struct grower *g)
{
	g->nodes = need_room(g->nodes, g->nnodes, &g->nodes_cap, sizeof(*g->nodes));
	g->nodes[g->nnodes] = (crm_tree_node){ .feature = CRM_TREE_LEAF };
	return g->nnodes++;
}

static void add_part(struct grower *g, size_t from, size_t to, size_t depth, size_t node)
{
	g->parts = need_room(g->parts, g->nparts, &g->parts_cap, sizeof(*g->parts));
	g->parts[g->nparts++] = (struct part){ from, to, depth, node };
}

static int larger_share_first(const void *a, const void *b)
{
	const crm_tree_vote *x = a, *y = b;

	if (x->share != y->share)
		return x->share < y->share ? 1 : -1;
	return x->label < y->label ? -1 : 1;
}

static void make_leaf(struct grower *g, const struct part *p, int64_t n)
{
	size_t first = g->nvotes;

	for (uint32_t k = 0; k < g->of->head.labels; k++) {
		if (g->total[k] == 0)
			continue;
		g->votes = need_room(g->votes, g->nvotes, &g->votes_cap, sizeof(*g->votes));
		g->votes[g->nvotes++] = (crm_tree_vote){ k, (float)((double)g->total[k] / (double)n) };
	}
	qsort(g->votes + first, g->nvotes - first, sizeof(*g->votes), larger_share_first);
	g->nodes[p->node].absent = (uint32_t)first;
	g->nodes[p->node].present = (uint32_t)(g->nvotes - first);
}

/* Puts the documents with the term behind those without; returns where they begin. Equal on all machines, and stable. */
static size_t part_documents(struct grower *g, const struct part *p, uint32_t term)
{
	cleanup(freep) uint32_t *with = need_zeroed(p->to - p->from, sizeof(*with));
	size_t n = 0, at = p->from;

	for (size_t i = p->from; i < p->to; i++) {
		uint32_t document = g->order[i];
		size_t k = g->terms->first[document], end = g->terms->first[document + 1];
		while (k < end && g->terms->term[k] != term)
			k++;
		if (k < end)
			with[n++] = document;
		else
			g->order[at++] = document;
	}
	memcpy(g->order + at, with, n * sizeof(*with));
	return at;
}

static void grow_part(struct grower *g, const struct part *p)
{
	int64_t squares, n = count_labels(g, p, &squares);
	uint32_t term = UINT32_MAX;

	if (p->depth < DEPTH && n >= 2 * (int64_t)g->least && squares < n * n) {
		count_terms(g, p);
		term = choose(g, n, squares);
		forget_terms(g, p);
	}
	if (term == UINT32_MAX) {
		make_leaf(g, p, n);
		return;
	}
	size_t middle = part_documents(g, p, term), absent = add_node(g), present = add_node(g);
	g->nodes[p->node] = (crm_tree_node){ g->terms->feature[term], (uint32_t)absent, (uint32_t)present };
	add_part(g, p->from, middle, p->depth + 1, absent);
	add_part(g, middle, p->to, p->depth + 1, present);
}

/* --- one tree --- */

struct forest {
	const struct problem_in *of;
	struct terms terms;
};

/* Documents that count for nothing are left out. */
static size_t begin_order(struct grower *g)
{
	size_t n = 0;

	for (uint32_t i = 0; i < g->of->head.documents; i++)
		if (g->weight[i] > 0)
			g->order[n++] = i;
	return n;
}

static void draw_documents(struct grower *g, bool forest)
{
	size_t documents = g->of->head.documents;

	for (size_t i = 0; i < documents; i++) {
		if (forest)
			g->weight[chance_below(&g->chance, documents)]++;
		else
			g->weight[i] = 1;
	}
}

static void grower_begin(struct grower *g, size_t tree)
{
	const crm_problem_head *h = &g->of->head;
	size_t terms = g->terms->n + 1;
	bool forest = h->method == CRM_FOREST;

	g->chance = chance_of(h->seed, tree);
	g->drawn = forest ? (size_t)sqrt((double)g->terms->n) + 1 : 0;
	g->least = (forest ? FOREST_LEAST : TREE_LEAST) + h->documents / LEAST_MORE;
	g->weight = need_zeroed(h->documents, sizeof(*g->weight));
	g->order = need_zeroed(h->documents, sizeof(*g->order));
	g->total = need_zeroed(h->labels, sizeof(*g->total));
	g->count = need_zeroed(terms * h->labels, sizeof(*g->count));
	g->seen = need_zeroed(terms, sizeof(*g->seen));
	g->touched = need_zeroed(terms, sizeof(*g->touched));
	draw_documents(g, forest);
}

static void grower_end(struct grower *g)
{
	free(g->weight);
	free(g->order);
	free(g->total);
	free(g->count);
	free(g->seen);
	free(g->touched);
	free(g->parts);
	free(g->nodes);
	free(g->votes);
}

/* A tree as one result: how many nodes and votes, these. */
struct tree_size {
	uint32_t nodes, votes;
};

static void grow_tree(struct strbuf *result, size_t tree, void *payload)
{
	struct forest *f = payload;
	struct grower g = { .of = f->of, .terms = &f->terms };

	grower_begin(&g, tree);
	add_part(&g, 0, begin_order(&g), 0, add_node(&g));
	while (g.nparts > 0) {
		struct part p = g.parts[--g.nparts];
		grow_part(&g, &p);
	}
	struct tree_size size = { (uint32_t)g.nnodes, (uint32_t)g.nvotes };
	strbuf_add(result, (const char *)&size, sizeof(size));
	strbuf_add(result, (const char *)g.nodes, g.nnodes * sizeof(*g.nodes));
	strbuf_add(result, (const char *)g.votes, g.nvotes * sizeof(*g.votes));
	grower_end(&g);
}

/* --- all of them --- */

/* Puts the trees behind one another: their numbers of nodes and votes move on. */
static void join(struct strbuf *out, crm_solution_head *head, const struct strbuf *found, size_t trees)
{
	cleanup(strbuf_freep) struct strbuf roots = { 0 }, nodes = { 0 }, votes = { 0 };
	const char *at = found->s;

	for (size_t i = 0; i < trees; i++) {
		struct tree_size size;
		memcpy(&size, at, sizeof(size));
		at += sizeof(size);
		strbuf_add(&roots, (const char *)&head->nodes, sizeof(head->nodes));
		for (uint32_t k = 0; k < size.nodes; k++, at += sizeof(crm_tree_node)) {
			crm_tree_node node;
			memcpy(&node, at, sizeof(node));
			node.absent += node.feature == CRM_TREE_LEAF ? head->votes : head->nodes;
			node.present += node.feature == CRM_TREE_LEAF ? 0 : head->nodes;
			strbuf_add(&nodes, (const char *)&node, sizeof(node));
		}
		strbuf_add(&votes, at, size.votes * sizeof(crm_tree_vote));
		at += size.votes * sizeof(crm_tree_vote);
		head->nodes += size.nodes;
		head->votes += size.votes;
	}
	if (roots.failed || nodes.failed || votes.failed)
		need(NULL);
	strbuf_add(out, (const char *)head, sizeof(*head));
	strbuf_add(out, roots.s, roots.len);
	strbuf_add(out, nodes.s, nodes.len);
	strbuf_add(out, votes.s, votes.len);
}

bool trees_solve(struct strbuf *out, const struct problem_in *p)
{
	cleanup(strbuf_freep) struct strbuf found = { 0 };
	struct forest f = { .of = p };
	crm_solution_head head = {
		.method = p->head.method,
		.labels = p->head.labels,
		.features = p->head.features,
		.trees = p->head.method == CRM_FOREST ? TREES : 1,
	};

	memcpy(head.magic, CRM_SOLUTION_MAGIC, sizeof(head.magic));
	terms_choose(&f.terms, p, TERMS);
	bool good = work_all(&found, head.trees, grow_tree, &f);
	terms_free(&f.terms);
	if (good)
		join(out, &head, &found, head.trees);
	return good;
}
