#include "cli/cli.h"
#include "helpers/say.h"
#include "helpers/train.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- processors --- */

struct worker {
	pid_t pid;
	int fd; /* its results come from here */
};

static size_t processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

static void work_some(struct strbuf *out, size_t from, size_t to, work_fn *fn, void *payload)
{
	for (size_t i = from; i < to; i++)
		fn(out, i, payload);
	if (out->failed)
		need(NULL);
}

/* The child's whole life. */
static void work_and_exit(int fd, size_t from, size_t to, work_fn *fn, void *payload)
{
	struct strbuf results = { 0 };
	struct out *o = need(out_open(fd));

	work_some(&results, from, to, fn, payload);
	out_write(o, results.s, results.len);
	_exit(out_close(o) == 0 ? 0 : 1);
}

/* 0 or errno. */
static int start(struct worker *w, size_t from, size_t to, work_fn *fn, void *payload)
{
	int ends[2];

	if (pipe(ends) < 0)
		return errno;
	w->pid = fork();
	if (w->pid == 0) {
		close(ends[0]);
		work_and_exit(ends[1], from, to, fn, payload);
	}
	int error = w->pid < 0 ? errno : 0;
	close(ends[1]);
	w->fd = ends[0];
	if (error)
		close(ends[0]);
	return error;
}

/* Reads to the end in any case, so that the others are not held up. */
static bool finish(struct strbuf *out, struct worker *w)
{
	int error = read_all(out, w->fd), status = 0;

	close(w->fd);
	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (error)
		say("cannot read from a part of its own: %s", strerror(error));
	else if (WIFSIGNALED(status))
		say("a part of it was ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	return !error && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool work_all(struct strbuf *out, size_t n, work_fn *fn, void *payload)
{
	size_t count = processors() < n ? processors() : n, started = 0;
	cleanup(freep) struct worker *workers = need_zeroed(count + 1, sizeof(*workers));
	int error = 0;
	bool good = true;

	if (count <= 1) {
		work_some(out, 0, n, fn, payload);
		return true;
	}
	while (started < count && !error) {
		error = start(&workers[started], n * started / count, n * (started + 1) / count, fn, payload);
		started += !error;
	}
	for (size_t i = 0; i < started; i++)
		good = finish(out, &workers[i]) && good;
	if (error)
		say("cannot start a part of its own: %s", strerror(error));
	return good && !error;
}

/* --- chance --- */

static uint64_t chance_next(struct chance *c)
{
	uint64_t z = c->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct chance chance_of(uint64_t seed, uint64_t stream)
{
	struct chance c = { .state = seed };

	c.state = chance_next(&c) + stream * UINT64_C(0xd1342543de82ef95);
	return c;
}

/* So even that it does not matter: n is far below 2^32. */
size_t chance_below(struct chance *c, size_t n)
{
	return (size_t)(chance_next(c) >> 11) % n;
}
