/* Results as a spreadsheet, written by the program crm-export-xlsx. */
#ifndef CLI_XLSX_H
#define CLI_XLSX_H

#include "cli/cli.h"

/* The rows into a file that appears whole or not at all; `path` NULL is refused. Closes the cursor. Returns an exit status. */
int xlsx_print(struct cli *cli, crm_cursor *cursor, const char *path);

#endif
