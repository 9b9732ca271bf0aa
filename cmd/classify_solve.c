/* The problems of a training are solved by a program of its own, which has liblinear at hand. */
#include "classify_solve.h"
#include "cli/helper.h"

#include <config.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HELPER_NAME PROGRAM_NAME "-classify-train"

int classify_find_solver(struct cli *cli, char **program)
{
	*program = helper_path(HELPER_NAME);
	if (*program)
		return EXIT_DONE;
	return cli_fail(cli, EXIT_FAILED,
		"there is no program %s, which trains classifiers: install liblinear-dev and build %s with "
		"-Dclassify=enabled",
		HELPER_NAME, PROGRAM_NAME);
}

/* What the program says to the problem in `fd`. */
static int solve(struct cli *cli, crm_training *t, const char *program, int fd)
{
	cleanup(strings_freep) struct strings argv = { 0 };
	cleanup(strbuf_freep) struct strbuf solution = { 0 };
	struct helper h;

	strings_add(&argv, HELPER_NAME);
	strings_add(&argv, NULL);
	int error = helper_start(&h, HELPER_READ, program, &argv, fd);
	if (error)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", HELPER_NAME, strerror(error));
	error = read_all(&solution, h.fd);
	const char *why = helper_end(cli, &h, crm_tr("training"), error == 0);
	int exit_status = EXIT_DONE;
	if (why || error)
		exit_status = cli_fail(cli, EXIT_FAILED, "training: %s", why ? why : strerror(error));
	helper_release(&h);
	if (exit_status)
		return exit_status;
	int status = crm_training_solution(t, solution.s, solution.len);
	return status < 0 ? cli_store_fail(cli, status) : EXIT_DONE;
}

/* True when there was a problem, and it is solved. */
static bool solve_next(struct cli *cli, crm_training *t, const char *program, int *exit_status)
{
	int fd = memfd_create("problem", MFD_CLOEXEC);

	if (fd < 0) {
		*exit_status = cli_fail(cli, EXIT_FAILED, "training: %s", strerror(errno));
		return false;
	}
	int status = crm_training_problem(t, fd);
	if (status < 0)
		*exit_status = cli_store_fail(cli, status);
	else if (status == CRM_OK && lseek(fd, 0, SEEK_SET) < 0)
		*exit_status = cli_fail(cli, EXIT_FAILED, "training: %s", strerror(errno));
	else if (status == CRM_OK)
		*exit_status = solve(cli, t, program, fd);
	close(fd);
	return status == CRM_OK && *exit_status == EXIT_DONE;
}

int classify_solve(struct cli *cli, crm_training *t, const char *program)
{
	int exit_status = EXIT_DONE;

	while (solve_next(cli, t, program, &exit_status))
		;
	return exit_status;
}
