/* Hooks of rules: programs of the user's or the administrator's own directory, and of no other place. */
#ifndef CLI_HOOK_H
#define CLI_HOOK_H

#include <crm/rule.h>

/* A crm_hook_fn; `payload` is the struct cli. */
const char *hook_run(const crm_hook *hook, void *payload);

void hook_end(void); /* frees what the last call returned */

#endif
