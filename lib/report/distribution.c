/* Order statistics by selection: a few passes over the values instead of a sort. */
#include "report/distribution.h"

bool distribution_add(struct distribution *d, int64_t value)
{
	if (!GROW(d->v, d->n, d->cap))
		return false;
	d->v[d->n++] = value;
	return true;
}

void distribution_free(struct distribution *d)
{
	free(d->v);
	*d = (struct distribution){ 0 };
}

static void swap(int64_t *a, int64_t *b)
{
	int64_t t = *a;

	*a = *b;
	*b = t;
}

/* The middle one of three that lie far apart: also values in order, as they often are, are cut in halves. */
static int64_t pivot_of(const int64_t *v, size_t low, size_t high)
{
	int64_t a = v[low], b = v[low + (high - low) / 2], c = v[high];

	if (a > b)
		swap(&a, &b);
	return c < a ? a : c > b ? b : c;
}

static void sift(int64_t *v, size_t root, size_t n)
{
	for (size_t child; (child = 2 * root + 1) < n; root = child) {
		if (child + 1 < n && v[child] < v[child + 1])
			child++;
		if (v[root] >= v[child])
			return;
		swap(&v[root], &v[child]);
	}
}

static void heap_sort(int64_t *v, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(v, i, n);
	for (size_t end = n; end-- > 1;) {
		swap(&v[0], &v[end]);
		sift(v, 0, end);
	}
}

/*
 * Moves the value of rank k (from 0) to v[k], none larger before it and none smaller after it. Values on which the
 * pivots are of no use, which somebody may have chosen, are sorted instead.
 */
static int64_t select_rank(int64_t *v, size_t n, size_t k)
{
	size_t low = 0, high = n - 1;

	for (size_t budget = 8 * n; low < high;) {
		int64_t pivot = pivot_of(v, low, high);
		size_t i = low, j = high;

		if (budget < high - low) {
			heap_sort(v + low, high - low + 1);
			break;
		}
		budget -= high - low;
		for (;;) {
			while (v[i] < pivot)
				i++;
			while (v[j] > pivot)
				j--;
			if (i >= j)
				break;
			swap(&v[i++], &v[j--]);
		}
		/* Everything up to j is at most the pivot, everything from j + 1 on at least. */
		if (k <= j)
			high = j;
		else
			low = j + 1;
	}
	return v[k];
}

double distribution_mean(const struct distribution *d)
{
	double sum = 0;

	for (size_t i = 0; i < d->n; i++)
		sum += (double)d->v[i];
	return sum / (double)d->n;
}

double distribution_median(struct distribution *d)
{
	int64_t upper = select_rank(d->v, d->n, d->n / 2), lower = d->v[0];

	if (d->n % 2)
		return (double)upper;
	for (size_t i = 1; i < d->n / 2; i++)
		lower = d->v[i] > lower ? d->v[i] : lower;
	return ((double)lower + (double)upper) / 2;
}

int64_t distribution_rank(struct distribution *d, size_t k)
{
	return select_rank(d->v, d->n, k);
}

int64_t distribution_percentile(struct distribution *d, int percent)
{
	size_t rank = (d->n * (size_t)percent + 99) / 100;

	return select_rank(d->v, d->n, rank ? rank - 1 : 0);
}

void distribution_put_median(struct rowset *rows, size_t column, struct distribution *d)
{
	if (d->n > 0)
		rowset_real(rows, column, distribution_median(d));
}

void distribution_put(struct rowset *rows, size_t column, struct distribution *d)
{
	if (d->n == 0)
		return;
	rowset_real(rows, column, distribution_mean(d));
	distribution_put_median(rows, column + 1, d);
	rowset_int(rows, column + 2, distribution_percentile(d, 90));
}
