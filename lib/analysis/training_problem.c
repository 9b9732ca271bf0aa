/* Training: problems out, solutions in, the record. */
#include "analysis/training.h"
#include "model/record.h"

#include <errno.h>

/* --- a problem --- */

static int learn(struct crm_training *t, struct matrix *rows)
{
	cleanup(learner_freep) struct learner *l = NULL;
	size_t most = WEIGHTS_MAX / linear_outputs(t->nlabels);
	int status = learner_new(&l);

	for (size_t i = 0; i < t->texts.n && status == CRM_OK; i++)
		if (training_learns_from(t, i))
			status = learner_add(l, t->texts.v[i].text, t->texts.v[i].len);
	vocabulary_free(&t->vocabulary);
	if (status == CRM_OK)
		status = learner_settle(&t->vocabulary, rows, l, most < FEATURES_USUAL ? most : 0);
	if (status < 0)
		return err_nomem(&t->s->err);
	return t->vocabulary.n > 0 ? CRM_OK
				   : err_set(&t->s->err, CRM_INVALID, "%s: no two texts have anything in common",
					     t->opt.text_fields);
}

static bool write_numbers(int fd, const void *v, size_t n, size_t size)
{
	return write_all(fd, v, n * size);
}

static bool write_firsts(int fd, const struct matrix *rows)
{
	cleanup(freep) uint64_t *first = calloc(rows->rows + 1, sizeof(*first));

	for (size_t i = 0; first && i <= rows->rows; i++)
		first[i] = rows->start[i];
	return first && write_numbers(fd, first, rows->rows + 1, sizeof(*first));
}

static bool write_labels(int fd, const struct crm_training *t)
{
	cleanup(freep) uint32_t *labels = calloc(t->texts.n, sizeof(*labels));
	size_t n = 0;

	for (size_t i = 0; labels && i < t->texts.n; i++)
		if (training_learns_from(t, i))
			labels[n++] = t->texts.v[i].known;
	return labels && write_numbers(fd, labels, n, sizeof(*labels));
}

static bool write_problem(int fd, const struct crm_training *t, const struct matrix *rows)
{
	crm_problem_head head = {
		.method = t->method,
		.labels = (uint32_t)t->nlabels,
		.documents = (uint32_t)rows->rows,
		.features = (uint32_t)t->vocabulary.n,
		.entries = rows->n,
		.seed = t->opt.seed,
	};

	memcpy(head.magic, CRM_PROBLEM_MAGIC, sizeof(head.magic));
	return write_numbers(fd, &head, 1, sizeof(head)) && write_firsts(fd, rows) && write_labels(fd, t) &&
	       write_numbers(fd, rows->index, rows->n, sizeof(*rows->index)) &&
	       write_numbers(fd, rows->value, rows->n, sizeof(*rows->value));
}

int crm_training_problem(crm_training *t, int fd)
{
	struct matrix rows = { 0 };

	if (t->round == ROUND_OVER)
		return CRM_END;
	store_event(
		t->s, CRM_EVENT_PROGRESS, 0, 0, t->round == ROUND_MEASURE ? crm_tr("measuring") : crm_tr("training"));
	int status = learn(t, &rows);
	if (status == CRM_OK && !write_problem(fd, t, &rows))
		status = err_set(&t->s->err, CRM_FAILED, "the problem to solve: %s", strerror(errno));
	matrix_free(&rows);
	t->asked = status == CRM_OK;
	return status;
}

/* --- its solution --- */

/* Takes n numbers of that size from the rest of it; NULL when it has not so many. */
static const void *take(const char **at, size_t *left, size_t n, size_t size)
{
	const char *taken = *at;

	if (n > *left / size)
		return NULL;
	*at += n * size;
	*left -= n * size;
	return taken;
}

static int take_planes(struct classifier *c, const crm_solution_head *head, const char *at, size_t left)
{
	size_t n = head->planes;
	const float *weights = take(&at, &left, n * head->features, sizeof(float));
	const float *bias = weights ? take(&at, &left, n, sizeof(float)) : NULL;

	return n == c->nlabels && bias && left == 0 ? classifier_linear(c, bias, weights) : CRM_INVALID;
}

/* The features that the trees ask for are all that need be known: `number` is what each is called then. */
static int keep_asked(struct classifier *c, const crm_tree_node *nodes, size_t n, uint32_t *number)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (nodes[i].feature < c->vocabulary.n)
			number[nodes[i].feature] = 1;
	cleanup(freep) uint32_t *numbers = calloc(c->vocabulary.n + 1, sizeof(*numbers));
	for (uint32_t f = 0; numbers && f < c->vocabulary.n; f++)
		if (number[f]) {
			number[f] = (uint32_t)kept;
			numbers[kept++] = f;
		}
	return numbers ? vocabulary_keep(&c->vocabulary, NULL, numbers, kept) : CRM_NOMEM;
}

static int take_trees(struct classifier *c, const crm_solution_head *head, const char *at, size_t left)
{
	const uint32_t *roots = take(&at, &left, head->trees, sizeof(*roots));
	const crm_tree_node *nodes = roots ? take(&at, &left, head->nodes, sizeof(*nodes)) : NULL;
	const crm_tree_vote *votes = nodes ? take(&at, &left, head->votes, sizeof(*votes)) : NULL;
	size_t features = c->vocabulary.n;
	cleanup(freep) uint32_t *number = calloc(features + 1, sizeof(*number));
	cleanup(freep) crm_tree_node *renamed = calloc(head->nodes + (size_t)1, sizeof(*renamed));

	if (!votes || left > 0)
		return CRM_INVALID;
	int status = number && renamed ? keep_asked(c, nodes, head->nodes, number) : CRM_NOMEM;
	if (status < 0)
		return status;
	for (size_t i = 0; i < head->nodes; i++) {
		renamed[i] = nodes[i];
		if (nodes[i].feature < features)
			renamed[i].feature = number[nodes[i].feature];
	}
	struct trees trees = { (uint32_t *)(uintptr_t)roots, renamed, (crm_tree_vote *)(uintptr_t)votes, head->trees,
		head->nodes, head->votes };
	return classifier_trees(c, &trees);
}

/* The classifier of the round; the vocabulary goes over to it. */
static int make(struct classifier *c, struct crm_training *t, const char *bytes, size_t len)
{
	crm_solution_head head;

	if (len < sizeof(head))
		return CRM_INVALID;
	memcpy(&head, bytes, sizeof(head));
	if (memcmp(head.magic, CRM_SOLUTION_MAGIC, sizeof(head.magic)) != 0 || head.method != t->method ||
		head.labels != t->nlabels || head.features != t->vocabulary.n)
		return CRM_INVALID;
	c->method = t->method;
	c->vocabulary = t->vocabulary;
	t->vocabulary = (struct vocabulary){ 0 };
	int status = classifier_labels(c, t->labels, t->nlabels);
	if (status < 0)
		return status;
	return (method_is_linear(t->method) ? take_planes : take_trees)(
		c, &head, bytes + sizeof(head), len - sizeof(head));
}

static void use_calibration(struct classifier *c, const struct calibration *from)
{
	size_t n = linear_outputs(c->nlabels) * sizeof(*from->slope);

	if (!from->slope)
		return;
	memcpy(c->calibration.slope, from->slope, n);
	memcpy(c->calibration.intercept, from->intercept, n);
}

int crm_training_solution(crm_training *t, const void *bytes, size_t len)
{
	struct classifier c = { 0 };
	int status = t->asked ? make(&c, t, bytes, len) : CRM_INVALID;

	t->asked = false;
	if (status == CRM_OK && t->round == ROUND_MEASURE)
		status = training_measure(t, &c);
	if (status == CRM_OK && t->round == ROUND_KEEP) {
		use_calibration(&c, &t->calibration);
		t->classifier = c;
		c = (struct classifier){ 0 };
		t->evaluation.seconds = evaluation_clock() - t->began;
	}
	classifier_free(&c);
	if (status == CRM_NOMEM)
		return err_nomem(&t->s->err);
	if (status < 0)
		return err_set(&t->s->err, CRM_FAILED, "what came back is no solution of the problem");
	t->round++;
	return CRM_OK;
}

/* --- the record --- */

static int next_version(int64_t *out, crm_store *s, const char *name)
{
	int status = db_get_int(
		out, s, "SELECT version FROM classifier WHERE name = $1 ORDER BY version DESC LIMIT 1", "s", name);

	*out = status == CRM_END ? 1 : *out + 1;
	return status < 0 ? status : CRM_OK;
}

static int set_number(crm_record *r, const char *field, int64_t v)
{
	cleanup(buf_free) struct buf b = BUF_INIT;

	buf_printf(&b, "%lld", (long long)v);
	return crm_record_set(r, field, buf_str(&b) ? b.s : "");
}

static int set_texts(crm_record *r, struct crm_training *t)
{
	const crm_training_options *o = &t->opt;
	const struct {
		const char *field, *value;
	} texts[] = {
		{ "name", o->name },
		{ "method", o->method },
		{ "learnt_from", o->learnt_from },
		{ "text_fields", o->text_fields },
		{ "label_field", o->label_field },
		{ "filter_terms", o->filter },
	};
	int status = CRM_OK;

	for (size_t i = 0; i < ARRAY_SIZE(texts) && status == CRM_OK; i++)
		if (texts[i].value)
			status = crm_record_set(r, texts[i].field, texts[i].value);
	return status;
}

static int set_numbers(crm_record *r, struct crm_training *t)
{
	int64_t version = 0;
	int status = next_version(&version, t->s, t->opt.name);
	const struct {
		const char *field;
		int64_t value;
	} numbers[] = {
		{ "version", version },
		{ "labels", (int64_t)t->nlabels },
		{ "documents", (int64_t)t->texts.n },
		{ "threshold", t->opt.threshold },
		{ "format", CLASSIFIER_FORMAT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(numbers) && status == CRM_OK; i++)
		status = set_number(r, numbers[i].field, numbers[i].value);
	return status;
}

static int set_learnt(crm_record *r, struct crm_training *t)
{
	cleanup(buf_free) struct buf weights = BUF_INIT, figures = BUF_INIT, accuracy = BUF_INIT;
	int status = classifier_pack(&weights, &t->classifier);

	if (status == CRM_OK && t->opt.test > 0)
		status = evaluation_json(&figures, &t->evaluation);
	if (status < 0)
		return err_nomem(&t->s->err);
	status = crm_record_set(r, "weights", buf_str(&weights));
	if (status == CRM_OK && figures.len > 0)
		status = crm_record_set(r, "evaluation", figures.s);
	if (figures.len > 0 && t->evaluation.n > 0)
		buf_printf(&accuracy, "%.4f", evaluation_accuracy(&t->evaluation));
	if (status == CRM_OK && accuracy.len > 0)
		status = crm_record_set(r, "accuracy", accuracy.s);
	return status;
}

int crm_training_save(int64_t *id, crm_training *t)
{
	crm_record *r;
	int status = crm_record_new(&r, t->s, &entity_classifier);

	if (status < 0)
		return status;
	status = set_texts(r, t);
	if (status == CRM_OK)
		status = set_numbers(r, t);
	if (status == CRM_OK)
		status = set_learnt(r, t);
	if (status == CRM_OK)
		status = crm_record_save(r);
	if (status == CRM_OK)
		*id = crm_record_id(r);
	crm_record_free(r);
	return status;
}
