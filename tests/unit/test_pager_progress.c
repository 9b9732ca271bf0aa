/* The pager behind stdout, and what long work says on stderr. */
#include "cli/pager.h"
#include "cli/progress.h"
#include "out_fixture.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

/* --- pager --- */

/* Runs `body` in a child whose stdout is a pipe; returns what came through. */
static char *in_child(void (*body)(void))
{
	int ends[2], status = -1;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		signal(SIGPIPE, SIG_IGN);
		unsetenv("CRM_PAGER");
		unsetenv("PAGER");
		unsetenv("SUDO_UID");
		unsetenv("LESS");
		setenv("TERM", "xterm", 1);
		body();
		_exit(0);
	}
	close(ends[1]);
	char *text = slurp(ends[0], NULL);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return text;
}

static void page(int expected)
{
	if (pager_start(true) != expected)
		_exit(1);
	struct out *o = out_open(STDOUT_FILENO);
	out_puts(o, "some text\n");
	int error = out_close(o);
	if (error != 0 && error != EPIPE) /* some of these pagers do not read */
		_exit(2);
	pager_wait();
	/* nothing is left that a later line could go to */
	if (expected == 1 && write(STDOUT_FILENO, "late", 4) != 4)
		_exit(3);
}

static void check_pager(void (*body)(void), const char *expected)
{
	char *text = in_child(body);
	assert_string_equal(text, expected);
	free(text);
}

static void page_with_arguments(void)
{
	setenv("PAGER", "false", 1);
	setenv("CRM_PAGER", "  tr a-z\tA-Z ", 1); /* words, and the first variable wins */
	page(1);
}

static void page_without_shell(void)
{
	setenv("PAGER", "echo $HOME;echo", 1);
	page(1);
}

static void page_to_cat(void)
{
	setenv("PAGER", "cat -n", 1);
	page(0);
}

static void page_to_nothing(void)
{
	setenv("CRM_PAGER", "", 1);
	setenv("PAGER", "tr a-z A-Z", 1);
	page(0);
}

static void page_to_missing(void)
{
	setenv("CRM_PAGER", "/no/such/pager -x", 1);
	page(-1);
}

static void page_not_allowed(void)
{
	setenv("CRM_PAGER", "tr a-z A-Z", 1);
	if (pager_start(false) != 0)
		_exit(1);
	pager_wait();
	if (write(STDOUT_FILENO, "direct", 6) != 6)
		_exit(2);
}

static void page_environment(void)
{
	setenv("CRM_PAGER", "printenv LESS", 1);
	page(1);
}

static void page_own_environment(void)
{
	setenv("CRM_PAGER", "printenv LESS", 1);
	setenv("LESS", "-i", 1);
	page(1);
}

static void page_under_sudo(void)
{
	setenv("CRM_PAGER", "tr a-z A-Z", 1);
	setenv("SUDO_UID", "1000", 1);
	if (strcmp(pager_name(), "/usr/bin/less") != 0)
		_exit(1);
}

static void page_on_dumb_terminal(void)
{
	static const char *const dumb[] = { "dumb", "" };

	for (size_t i = 0; i < COUNT(dumb); i++) {
		setenv("TERM", dumb[i], 1);
		page(0);
	}
	unsetenv("TERM");
	setenv("SUDO_UID", "1000", 1); /* there too less would wait */
	page(0);
	unsetenv("SUDO_UID");
	setenv("PAGER", "tr a-z A-Z", 1); /* who asks for one gets it */
	page(1);
}

static void test_pager(void **state)
{
	(void)state;
	check_pager(page_with_arguments, "SOME TEXT\n");
	check_pager(page_without_shell, "$HOME;echo\n");
	check_pager(page_to_cat, "some text\n");
	check_pager(page_to_nothing, "some text\n");
	check_pager(page_to_missing, "some text\n");
	check_pager(page_not_allowed, "direct");
	check_pager(page_environment, "FRX\n");
	check_pager(page_own_environment, "-i\n");
	check_pager(page_on_dumb_terminal, "some text\nsome text\nsome text\nSOME TEXT\n");
	check_pager(page_under_sudo, "");
}

/* --- progress --- */

static void check_bar(crm_event event, uint64_t from, double seconds, size_t width, const char *expected)
{
	struct strbuf line = { 0 };

	event.kind = CRM_EVENT_PROGRESS;
	progress_line(&line, &event, from, seconds, width);
	assert_string_equal(line.s, expected);
	strbuf_free(&line);
}

static void test_progress_line(void **state)
{
	(void)state;
	/* 412,345 in 1.963548 s are 210,000 a second; 587,655 left take 2.8 s */
	check_bar((crm_event){ .done = 412345, .total = 1000000, .text = "importing" }, 0, 1.963547619, 80,
		"importing  412,345 of 1,000,000  41 %  210,000/s  3 s left");
	check_bar((crm_event){ .done = 999999, .total = 1000000, .text = "x" }, 999999, 1, 80,
		"x  999,999 of 1,000,000  99 %");
	check_bar((crm_event){ .done = 1000, .total = 1000, .text = "x" }, 0, 2, 80, "x  1,000 of 1,000  100 %  500/s");
	check_bar((crm_event){ .done = 1234567, .text = "reading" }, 0, 1, 80, "reading  1,234,567  1,234,567/s");
	check_bar((crm_event){ .done = 7, .text = NULL }, 7, 0, 80, "7");
	/* 10 a second: 1000 left are 100 s; 50,000 are 5000 s */
	check_bar((crm_event){ .done = 20, .total = 1020, .text = "x" }, 10, 1, 80,
		"x  20 of 1,020  1 %  10/s  1 min 40 s left");
	check_bar((crm_event){ .done = 10, .total = 50010, .text = "x" }, 0, 1, 80,
		"x  10 of 50,010  0 %  10/s  1 h 23 min left");
	check_bar((crm_event){ .done = 412345, .total = 1000000, .text = "导入" }, 0, 2, 12, "导入  412,34");
	check_bar((crm_event){ .done = 1, .text = "a\033[2Jb\n" }, 1, 1, 80, "a\\x1b[2Jb\\n  1");
}

static char *said(const struct crm_event *events, size_t n, bool terminal, bool quiet, unsigned wait_ms)
{
	int fd = scratch_file();
	struct progress p;

	progress_init(&p, terminal, quiet);
	p.fd = fd;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && wait_ms > 0)
			usleep(wait_ms * 1000);
		progress_event(&events[i], &p);
	}
	progress_end(&p);
	lseek(fd, 0, SEEK_SET);
	char *text = slurp(fd, NULL);
	close(fd);
	return text;
}

static void check_said(const struct crm_event *events, size_t n, bool terminal, bool quiet, const char *expected)
{
	char *text = said(events, n, terminal, quiet, 0);
	assert_string_equal(text, expected);
	free(text);
}

static void test_events(void **state)
{
	(void)state;
	static const crm_event events[] = { { CRM_EVENT_WAITING, 0, 0, "li has it\033[2J" },
		{ CRM_EVENT_WAITING, 0, 0, "li has it" }, { CRM_EVENT_WARNING, 0, 0, "odd\nfile" },
		{ CRM_EVENT_PROGRESS, 10, 20, "importing" }, { CRM_EVENT_PROGRESS, 20, 20, "importing" } };
	const char *all = "crm: waiting for the store: li has it\\x1b[2J\ncrm: warning: odd\\nfile\n";

	check_said(events, COUNT(events), false, false, all);
	check_said(events, COUNT(events), true, false, all); /* less than a second: no bar */
	check_said(events, COUNT(events), false, true, "crm: warning: odd\\nfile\n");
	check_said(&(crm_event){ .kind = CRM_EVENT_WAITING }, 1, false, false, "crm: waiting for the store\n");
}

static void test_bar_comes_late_and_goes(void **state)
{
	(void)state;
	static const crm_event events[] = { { CRM_EVENT_PROGRESS, 100, 1000, "importing" },
		{ CRM_EVENT_PROGRESS, 200, 1000, "importing" }, { CRM_EVENT_PROGRESS, 300, 1000, "importing" },
		{ CRM_EVENT_WARNING, 0, 0, "w" } };
	char *text = said(events, 4, true, false, 550);

	/* the second event comes after 0.55 s, the third after 1.1: 200 more in 1.1 s, a warning in its place */
	assert_null(strstr(text, "200 of 1,000"));
	assert_memory_equal(text, "\rimporting  300 of 1,000  30 %  1", 32);
	assert_non_null(strstr(text, "/s  "));
	assert_non_null(strstr(text, " s left\033[K\r\033[Kcrm: warning: w\n"));
	assert_string_equal(text + strlen(text) - strlen("warning: w\n"), "warning: w\n");
	free(text);
	text = said(events, 3, true, true, 400);
	assert_string_equal(text, "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pager),
		cmocka_unit_test(test_progress_line),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_bar_comes_late_and_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
