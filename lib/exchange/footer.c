#include "exchange/footer.h"

struct held {
	struct row row;
	struct cell *cells;
	size_t cap;
	struct buf text; /* of the cells and the fault, a NUL behind each */
};

struct footer {
	size_t rows;        /* to leave out */
	size_t first, n;    /* of the ring, which has one place more */
	struct held ring[]; /* the place of a row that was given out is the last to be filled again */
};

int footer_new(struct footer **out, size_t rows, struct err *err)
{
	struct footer *f;

	if (rows > READER_FOOTER_MAX)
		return err_set(err, CRM_INVALID, "a footer has at most %d rows", READER_FOOTER_MAX);
	f = calloc(1, sizeof(*f) + (rows + 1) * sizeof(f->ring[0]));
	if (!f)
		return err_nomem(err);
	f->rows = rows;
	*out = f;
	return 0;
}

void footer_free(struct footer *f)
{
	for (size_t i = 0; f && i <= f->rows; i++) {
		free(f->ring[i].cells);
		buf_free(&f->ring[i].text);
	}
	free(f);
}

static bool copy(struct held *h, const struct row *row)
{
	size_t at = 0;

	if (!grow_array((void **)&h->cells, &h->cap, row->n + 1, sizeof(*h->cells)))
		return false;
	buf_clear(&h->text);
	for (size_t i = 0; i < row->n; i++)
		buf_add(&h->text, row->cells[i].s - row->cells[i].before, row->cells[i].before + row->cells[i].len + 1);
	if (row->fault)
		buf_puts(&h->text, row->fault);
	if (!buf_str(&h->text))
		return false;
	for (size_t i = 0; i < row->n; i++) {
		h->cells[i] = row->cells[i];
		h->cells[i].s = h->text.s + at + row->cells[i].before;
		at += row->cells[i].before + row->cells[i].len + 1;
	}
	h->row = *row;
	h->row.cells = h->cells;
	h->row.fault = row->fault ? h->text.s + at : NULL;
	return true;
}

int footer_take(struct footer *f, const struct row *row, struct err *err)
{
	if (!copy(&f->ring[(f->first + f->n) % (f->rows + 1)], row))
		return err_nomem(err);
	f->n++;
	return 0;
}

bool footer_give(struct footer *f, struct row *row)
{
	if (f->n <= f->rows)
		return false;
	*row = f->ring[f->first].row;
	f->first = (f->first + 1) % (f->rows + 1);
	f->n--;
	return true;
}

size_t footer_rows(const struct footer *f)
{
	return f->n;
}
