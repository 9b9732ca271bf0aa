/* For code that reads what somebody else wrote: from here on this process reaches little else. */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct sandbox_path {
	const char *path; /* a file, or a directory with all below it; one that does not exist is left out */
	bool write;       /* else it can be read only */
};

/*
 * Until this process ends it opens only what `paths` say, runs no program, and connects to nobody as far as the kernel
 * can tell (TCP from Linux 6.7 on, abstract sockets and signals from 6.12 on). Descriptors that are open stay usable.
 * Threads that run already are not bound. False, and nothing has changed, where the kernel has no Landlock: to be passed
 * over in silence, as it is a second line.
 */
bool sandbox_enter(const struct sandbox_path *paths, size_t n);

#endif
