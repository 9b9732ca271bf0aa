/*
 * Runs a fuzz target over files and folders of files without libFuzzer, so that the seeds are part of every test run.
 * No input at all is a failure: a wrong path must not look like success.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static _Noreturn void fail(const char *path)
{
	fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
	exit(1);
}

static size_t run_file(const char *path, size_t size)
{
	FILE *f = fopen(path, "rb");
	/* Of the exact size, so that a read past the end is seen by the sanitizers. */
	uint8_t *data = malloc(size ? size : 1);

	if (!f || !data || fread(data, 1, size, f) != size)
		fail(path);
	fclose(f);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 1;
}

static size_t run_path(const char *path)
{
	struct stat st;
	struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	if (stat(path, &st) != 0)
		fail(path);
	if (!S_ISDIR(st.st_mode))
		return run_file(path, (size_t)st.st_size);
	dir = opendir(path);
	if (!dir)
		fail(path);
	while ((entry = readdir(dir))) {
		char *child;

		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&child, "%s/%s", path, entry->d_name) < 0)
			fail(path);
		count += run_path(child);
		free(child);
	}
	closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	size_t count = 0;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		count += run_path(argv[i]);
	printf("%zu inputs\n", count);
	return count ? 0 : 1;
}
