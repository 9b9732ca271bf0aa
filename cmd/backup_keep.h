/* Copies in a folder, of which old ones go (crm backup --keep). */
#ifndef BACKUP_KEEP_H
#define BACKUP_KEEP_H

#include "cli/cli.h"

/* The path in `dir` of a copy made now. Owned by the caller. */
char *keep_path(struct cli *cli, const char *dir, bool encrypted);

/* Removes the copies of `dir` that no rule keeps, and says so. `made` is never one of them. Returns an exit status. */
int keep_thin_out(struct cli *cli, const char *dir, const crm_keep *rules, const char *made);

#endif
