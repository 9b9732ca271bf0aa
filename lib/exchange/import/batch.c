/* The reading thread: rows of the file become batches of converted values. It never touches the store. */
#include "base/foreign_time.h"
#include "exchange/import/import.h"

/* What stands for no date is blank; the file of rejected rows has it as it came. */
static void pass_over_no_dates(struct cell *cells, const struct mapping *m, bool made)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct column *col = &m->columns[i];
		struct cell *c = &cells[col->at];

		if (!col->field || col->made != made || (col->field->type != CRM_DATE && col->field->type != CRM_TIME))
			continue;
		if (!foreign_date_is_blank(c->s, c->len))
			continue;
		c->s += c->len;
		c->before = (unsigned char)(c->before + c->len);
		c->len = 0;
		c->quoted = false;
	}
}

/* Cells are borrowed from the reader until its next row: a draft keeps its own. */
static bool copy_cells(struct batch *b, struct draft *d, const struct row *row, const struct mapping *m)
{
	struct cell *cells = arena_alloc(&b->mem, (row->n + 1) * sizeof(*cells));

	for (size_t i = 0; cells && i < row->n; i++) {
		const struct cell *c = &row->cells[i];
		char *text = arena_copy(&b->mem, c->s - c->before, c->before + c->len);

		cells[i] = *c;
		cells[i].s = text ? text + c->before : NULL;
	}
	d->cells = cells;
	d->ncells = row->n;
	if (!b->mem.failed && !row->fault)
		pass_over_no_dates(cells, m, false);
	return !b->mem.failed;
}

static void keep_fault(struct batch *b, struct draft *d, const char *field, const char *fault)
{
	d->field = field;
	d->fault = arena_copy(&b->mem, fault, strlen(fault));
}

/* Fields that several columns make up, by the preset. */
static bool make_fields(const struct feed *f, struct batch *b, struct draft *d)
{
	struct cell *made;

	if (f->mapping->recipes.n == 0)
		return true;
	made = arena_alloc(&b->mem, f->mapping->recipes.n * sizeof(*made));
	if (made)
		recipes_make(&f->mapping->recipes, &b->mem, d->cells, made);
	if (!b->mem.failed)
		pass_over_no_dates(made, f->mapping, true);
	d->made = made;
	return !b->mem.failed;
}

static void convert_row(struct feed *f, struct batch *b, struct draft *d)
{
	struct convert c = f->convert;

	c.mem = &b->mem;
	c.err = &b->err;
	d->values = arena_alloc(&b->mem, f->mapping->n * sizeof(*d->values));
	d->norms = arena_alloc(&b->mem, f->mapping->n * sizeof(*d->norms));
	if (!d->values || !d->norms || !make_fields(f, b, d))
		return;
	for (size_t i = 0; i < f->mapping->n; i++) {
		const struct column *col = &f->mapping->columns[i];

		const struct cell *cell = draft_cell(d, col);

		if (col->how == COLUMN_VALUE &&
			convert_field(&c, col->field, cell->s, cell->len, &d->values[i], &d->norms[i]) < 0) {
			keep_fault(b, d, col->field->name,
				convert_without_name(b->err.msg.s ? b->err.msg.s : "", col->field->name));
			return;
		}
	}
}

static void fill(struct feed *f, struct batch *b)
{
	struct row row;

	b->n = 0;
	b->status = CRM_OK;
	arena_reset(&b->mem);
	while (b->n < BATCH_ROWS && !f->stop) {
		struct draft *d = &b->rows[b->n];

		b->status = reader_next(f->reader, &row, &b->err);
		if (b->status != CRM_OK)
			break;
		*d = (struct draft){ .line = row.line, .id = row.id };
		if (copy_cells(b, d, &row, f->mapping)) {
			if (row.fault)
				keep_fault(b, d, NULL, row.fault);
			else
				convert_row(f, b, d);
		}
		if (b->mem.failed || b->err.nomem) { /* this row is not whole: it is not counted */
			b->status = err_nomem(&b->err);
			break;
		}
		b->n++;
	}
	b->bytes = reader_bytes(f->reader);
}

static void *run(void *feed)
{
	struct feed *f = feed;
	bool last = false;

	while (!last) {
		struct batch *b;

		pthread_mutex_lock(&f->lock);
		while (f->filled - f->taken >= BATCH_COUNT && !f->stop)
			pthread_cond_wait(&f->changed, &f->lock);
		b = f->stop ? NULL : &f->batches[f->filled % BATCH_COUNT];
		pthread_mutex_unlock(&f->lock);
		if (!b)
			break;
		fill(f, b);
		last = b->status != CRM_OK;
		pthread_mutex_lock(&f->lock);
		f->filled++;
		pthread_cond_broadcast(&f->changed);
		pthread_mutex_unlock(&f->lock);
	}
	return NULL;
}

int feed_start(struct feed *f, struct reader *reader, const struct mapping *mapping, const struct convert *convert,
	struct err *err)
{
	*f = (struct feed){ .reader = reader, .mapping = mapping, .convert = *convert };
	f->batches = calloc(BATCH_COUNT, sizeof(*f->batches));
	if (!f->batches)
		return err_nomem(err);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	f->started = pthread_create(&f->thread, NULL, run, f) == 0;
	if (f->started)
		return CRM_OK;
	feed_stop(f);
	return err_set(
		err, CRM_FAILED, "no thread to read the file could be made: too little memory, or too many threads");
}

struct batch *feed_take(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	while (f->filled == f->taken)
		pthread_cond_wait(&f->changed, &f->lock);
	pthread_mutex_unlock(&f->lock);
	return &f->batches[f->taken % BATCH_COUNT];
}

void feed_return(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->taken++;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

void feed_stop(struct feed *f)
{
	if (!f->batches)
		return;
	pthread_mutex_lock(&f->lock);
	f->stop = true;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	if (f->started)
		pthread_join(f->thread, NULL);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->changed);
	for (size_t i = 0; i < BATCH_COUNT; i++) {
		arena_free(&f->batches[i].mem);
		err_free(&f->batches[i].err);
	}
	free(f->batches);
	f->batches = NULL;
}
