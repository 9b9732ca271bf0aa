/*
 * Vocabulary and weights of the texts on stdin, for feature_oracle.py: a text a line, its fields separated by U+001F.
 * Answers with a line `kind TAB feature TAB df` for each feature (kind c: gram, w: word or pair), an empty line, and for
 * each text a line of `kind:feature=weight`, tab-separated; then the same once more of the texts asked for one by one.
 */
#include "analysis/features.h"

#include <stdio.h>

static int prepare(struct buf *out, char *line)
{
	int status = CRM_OK;

	buf_clear(out);
	line[strcspn(line, "\n")] = '\0';
	for (char *field; status == CRM_OK && (field = strsep(&line, "\x1f"));)
		status = text_prepare(out, field, strlen(field));
	return status;
}

static void print_feature(const struct vocabulary *v, size_t number, const char *between)
{
	struct buf text = BUF_INIT;

	feature_text(&text, v, number);
	printf("%c%s%s", number < v->grams ? 'c' : 'w', between, buf_str(&text));
	buf_free(&text);
}

static void print_row(const struct vocabulary *v, const uint32_t *index, const float *value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		print_feature(v, index[i], ":");
		printf("=%.9g\t", (double)value[i]);
	}
	puts("");
}

static int print_all(const struct vocabulary *v, const struct matrix *m, const struct buf *texts)
{
	struct vector x = { 0 };
	int status = CRM_OK;

	for (size_t i = 0; i < v->n; i++) {
		print_feature(v, i, "\t");
		printf("\t%u\n", v->df[i]);
	}
	puts("");
	for (size_t i = 0; i < m->rows; i++)
		print_row(v, m->index + m->start[i], m->value + m->start[i], m->start[i + 1] - m->start[i]);
	for (size_t i = 0; status == CRM_OK && i < m->rows; i++) {
		status = features_of(&x, v, texts[i].len ? texts[i].s : "", texts[i].len);
		print_row(v, x.index, x.value, x.n);
	}
	vector_free(&x);
	return status;
}

int main(void)
{
	char *line = NULL;
	size_t room = 0, n = 0, cap = 0;
	struct buf *texts = NULL;
	struct learner *l;
	struct vocabulary v = { 0 };
	struct matrix m = { 0 };
	int status = learner_new(&l);

	while (status == CRM_OK && getline(&line, &room, stdin) > 0) {
		if (!GROW(texts, n, cap))
			return 1;
		texts[n] = (struct buf){ 0 };
		status = prepare(&texts[n], line);
		if (status == CRM_OK)
			status = learner_add(l, texts[n].len ? texts[n].s : "", texts[n].len);
		n++;
	}
	if (status == CRM_OK)
		status = learner_settle(&v, &m, l, 0);
	if (status == CRM_OK)
		status = print_all(&v, &m, texts);
	for (size_t i = 0; i < n; i++)
		buf_free(&texts[i]);
	free(texts);
	free(line);
	learner_free(l);
	vocabulary_free(&v);
	matrix_free(&m);
	return status < 0;
}
