#include "backup_keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *keep_path(struct cli *cli, const char *dir, bool encrypted)
{
	struct strbuf path = { 0 };
	char name[32];

	crm_backup_name(name, cli->store);
	strbuf_printf(&path, "%s%s%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/", name, encrypted ? ".enc" : "");
	return need_text(&path);
}

struct copies {
	char **names;
	int64_t *times;
	bool *keep;
	size_t n, names_cap, times_cap;
};

static void copies_freep(struct copies *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->names[i]);
	free(c->names);
	free(c->times);
	free(c->keep);
}

/* Plain files whose names we gave. */
static void read_copies(struct copies *c, DIR *d)
{
	struct dirent *e;
	struct stat st;
	int64_t time;

	while ((e = readdir(d))) {
		if (!crm_backup_name_time(&time, e->d_name) ||
			fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
			continue;
		c->names = need_room(c->names, c->n, &c->names_cap, sizeof(*c->names));
		c->times = need_room(c->times, c->n, &c->times_cap, sizeof(*c->times));
		c->times[c->n] = time;
		c->names[c->n++] = need_copy(e->d_name);
	}
}

static int remove_others(struct cli *cli, const struct copies *c, DIR *d, const char *dir, const char *made)
{
	int exit_status = EXIT_DONE;

	for (size_t i = 0; i < c->n; i++) {
		if (c->keep[i] || strcmp(c->names[i], made) == 0)
			continue;
		if (unlinkat(dirfd(d), c->names[i], 0) == 0)
			cli_note(cli, "removed %s", c->names[i]);
		else if (errno != ENOENT) /* another run was first */
			exit_status = cli_fail(
				cli, EXIT_FAILED, "%s: %s was not removed: %s", dir, c->names[i], strerror(errno));
	}
	return exit_status;
}

int keep_thin_out(struct cli *cli, const char *dir, const crm_keep *rules, const char *made)
{
	cleanup(copies_freep) struct copies c = { 0 };
	DIR *d = opendir(dir);
	const char *slash = strrchr(made, '/');

	if (!d)
		return cli_fail(cli, EXIT_FAILED, "%s: %s", dir, strerror(errno));
	read_copies(&c, d);
	c.keep = need_zeroed(c.n + 1, sizeof(*c.keep));
	int status = crm_keep_choose(c.keep, cli->store, rules, c.times, c.n, crm_store_now(cli->store));
	int exit_status =
		status < 0 ? cli_store_fail(cli, status) : remove_others(cli, &c, d, dir, slash ? slash + 1 : made);
	closedir(d);
	return exit_status;
}
