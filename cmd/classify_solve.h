#ifndef CLASSIFY_SOLVE_H
#define CLASSIFY_SOLVE_H

#include "cli/cli.h"

/* The program that solves, owned by the caller. FAILED after a message when there is none. */
int classify_find_solver(struct cli *cli, char **program);

/* Runs it for each problem of the training. Returns an exit status. */
int classify_solve(struct cli *cli, crm_training *t, const char *program);

#endif
