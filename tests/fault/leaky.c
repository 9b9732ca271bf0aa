/* The control of V1: loses memory, or lets what was never written decide. Says nothing of it and ends with 0. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

int main(int argc, char **argv)
{
	volatile int *p = malloc(sizeof(*p) * 4);

	if (!p || argc < 2)
		return 1;
	if (strcmp(argv[1], "uninitialised") == 0) {
		if (p[2] > 7)
			puts("");
		free((void *)p);
		return 0;
	}
	p = NULL;
	return 0;
}
