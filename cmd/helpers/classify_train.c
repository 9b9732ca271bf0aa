/* crm-classify-train: solves the problem on stdin, as <crm/training.h> has it, for `crm classify train`. */
#include "cli/cli.h"
#include "cli/sandbox.h"
#include "helpers/say.h"
#include "helpers/train.h"

#include <config.h>
#include <string.h>
#include <unistd.h>

#define HELPER_NAME PROGRAM_NAME "-classify-train"

static int write_out(const struct strbuf *solution)
{
	struct out *o = need(out_open(STDOUT_FILENO));

	out_write(o, solution->s, solution->len);
	int error = out_close(o);
	return error ? say_failed("cannot write: %s", strerror(error)) : 0;
}

int main(int argc, char **argv)
{
	cleanup(strbuf_freep) struct strbuf bytes = { 0 }, solution = { 0 };
	struct problem_in problem;

	say_safety();
	say_about(HELPER_NAME, NULL);
	if (argc > 1)
		return say_usage("unexpected '%s' (%s)", argv[1], HELPER_NAME " < PROBLEM > SOLUTION");
	sandbox_enter(NULL, 0);
	int error = read_all(&bytes, STDIN_FILENO);
	if (error)
		return say_failed("cannot read: %s", strerror(error));
	if (!problem_read(&problem, bytes.s, bytes.len))
		return 1;
	bool linear = problem.head.method <= CRM_LOGISTIC;
	if (!(linear ? planes_solve : trees_solve)(&solution, &problem))
		return 1;
	if (solution.failed)
		need(NULL);
	return write_out(&solution);
}
