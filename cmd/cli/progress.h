/*
 * What long work says on stderr: a bar on a terminal, who holds the store while waiting, warnings.
 *
 *     struct progress p;
 *     progress_init(&p, err_terminal, quiet);
 *     crm_store_on_event(store, progress_event, &p);
 *     …
 *     progress_clear(&p);   before any other line on stderr, and at the end
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/strbuf.h"

struct progress {
	int fd; /* stderr; another one for tests */
	bool terminal, quiet;
	bool shown;   /* a bar stands on the terminal */
	bool waited;  /* that it waits was said */
	double began; /* when the first event came, 0 before; seconds of a clock that only goes forward */
	double phase; /* when the present phase began: the rate is its own */
	uint64_t phase_done, last_done;
	struct strbuf text; /* of the present phase */
};

/* `quiet` keeps bar and waiting line away, not warnings. With a pager running, give no terminal: less has it. */
void progress_init(struct progress *p, bool terminal, bool quiet);

/* A crm_event_fn; `payload` is the struct progress. */
void progress_event(const crm_event *event, void *payload);

/* Takes the bar away; the next event may draw it again. */
void progress_clear(struct progress *p);

/* progress_clear(), and frees what it holds. */
void progress_end(struct progress *p);

/*
 * The line of the bar: what is done (escaped), how much of it, rate and time left, cut to `width` columns.
 * `done` - `from` were done in `seconds`; `total` 0 is unknown.
 */
void progress_line(struct strbuf *out, const crm_event *event, uint64_t from, double seconds, size_t width);

#endif
