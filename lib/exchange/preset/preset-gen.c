/* Runs at build time: writes the files named as C strings, one for each. */
#include <stdio.h>

static int put_file(const char *name)
{
	FILE *f = fopen(name, "rb");
	int c, last = 0;

	if (!f) {
		perror(name);
		return 1;
	}
	printf("\t\"");
	while ((c = getc(f)) != EOF) {
		if (c == '\n')
			printf("\\n\"\n\t\"");
		else if (c == '"' || c == '\\')
			printf("\\%c", c);
		else
			putchar(c);
		last = c;
	}
	printf("\",\n");
	if (ferror(f) || fclose(f) != 0 || last != '\n') {
		fprintf(stderr, "%s: cannot be read, or does not end with a line feed\n", name);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (put_file(argv[i]) != 0)
			return 1;
	return ferror(stdout) || fflush(stdout) != 0;
}
