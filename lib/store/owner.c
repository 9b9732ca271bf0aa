/*
 * Whose file a store is. Whoever can write a store, or put files beside it, decides what crm shows and does; so one is used
 * only if that is its user, or the members of its group where it is shared on purpose.
 */
#include "store/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* What SQLite and we put beside the store while it is used; others could have put them there before. */
static const char *const side_files[] = { "-wal", "-shm", "-journal", "-holder" };

/* The store at hand, as it is judged. */
struct claim {
	crm_store *s;
	const char *path;
	struct stat dir;
	gid_t group; /* whose members may write it, or -1 */
	struct buf why;
};

static bool is_user(const crm_store *s, uid_t uid)
{
	return uid == geteuid() || (geteuid() == 0 && s->user >= 0 && uid == (uid_t)s->user);
}

static bool is_member(gid_t gid)
{
	gid_t *groups;
	int n = getgroups(0, NULL);
	bool found = gid == getegid();

	groups = n > 0 && !found ? calloc((size_t)n, sizeof(*groups)) : NULL;
	n = groups ? getgroups(n, groups) : 0;
	for (int i = 0; i < n; i++)
		found = found || groups[i] == gid;
	free(groups);
	return found;
}

/* Shared: its group may write it, and we belong to it; whether others may, too, is asked apart. */
static bool is_shared(const struct stat *st)
{
	return (st->st_mode & 0060) == 0060 && is_member(st->st_gid);
}

/* One file of the store: true when nobody can have written it but us, root, or the members of its group. */
static bool own_file(struct claim *c, const struct stat *st, const char *suffix)
{
	bool grouped = c->group != (gid_t)-1 && st->st_gid == c->group;

	if (is_user(c->s, st->st_uid))
		return true;
	if (st->st_mode & 0002)
		buf_say(&c->why, "%s%s: everybody may write it", c->path, suffix);
	else if (!grouped && st->st_uid != 0)
		buf_say(&c->why, "%s%s: belongs to user %lu", c->path, suffix, (unsigned long)st->st_uid);
	else if (!grouped && st->st_mode & 0020)
		buf_say(&c->why, "%s%s: group %lu may write it", c->path, suffix, (unsigned long)st->st_gid);
	return c->why.len == 0;
}

static bool own_directory(struct claim *c)
{
	if (is_user(c->s, c->dir.st_uid))
		return true;
	if (c->dir.st_mode & 0002)
		buf_say(&c->why, "%s: everybody may write in its directory", c->path);
	else if (c->dir.st_uid != 0 && c->dir.st_gid != c->group)
		buf_say(&c->why, "%s: its directory belongs to user %lu", c->path, (unsigned long)c->dir.st_uid);
	return c->why.len == 0;
}

static int look_at_directory(struct claim *c)
{
	cleanup(freep) char *copy = strdup(c->path);

	if (!copy)
		return err_nomem(&c->s->err);
	return stat(dirname(copy), &c->dir) < 0 ? err_set(&c->s->err, CRM_READONLY, "%s: %s", c->path, strerror(errno))
						: CRM_OK;
}

/* What is no plain file was planted: nobody's trust makes it one. */
static int look_beside(struct claim *c, bool *own)
{
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(side_files); i++) {
		struct buf path = BUF_INIT;
		int found;

		buf_printf(&path, "%s%s", c->path, side_files[i]);
		if (!buf_str(&path))
			return err_nomem(&c->s->err);
		found = lstat(path.s, &st);
		buf_free(&path);
		if (found < 0)
			continue;
		if (!S_ISREG(st.st_mode))
			return err_set(&c->s->err, CRM_READONLY,
				"%s%s: is not a plain file, as this part of a store must be", c->path, side_files[i]);
		if (*own)
			*own = own_file(c, &st, side_files[i]);
		if (i == 0)
			c->s->wal_waits = st.st_size > 0;
	}
	return CRM_OK;
}

/* The store, or a directory above it, is on the user's own list. */
static bool is_trusted(const crm_store *s, const char *path)
{
	for (const char *p = s->trust; p && *p; p += *p == ':') {
		size_t n = strcspn(p, ":");
		cleanup(freep) char *entry = strndup(p, n), *real = entry ? realpath(entry, NULL) : NULL;
		size_t len = real ? strlen(real) : 0;

		if (len > 0 && strncmp(path, real, len) == 0 && (!path[len] || path[len] == '/' || len == 1))
			return true;
		p += n;
	}
	return false;
}

static int decide(struct claim *c, bool own)
{
	int r = CRM_OK;

	if (!own && !is_trusted(c->s, c->path))
		r = err_set(&c->s->err, CRM_READONLY,
			"%s, who could make this store do harm: it is not used (name it in store.trust, crm-config(1), "
			"if you trust them)",
			buf_str(&c->why) ? c->why.s : c->path);
	buf_free(&c->why);
	return r;
}

/* As `crm init --shared` makes it: what belongs to the store then belongs to its group. */
static bool has_shared_form(const struct stat *st, const struct stat *dir)
{
	return (st->st_mode & 0060) == 0060 && dir->st_mode & S_ISGID && dir->st_gid == st->st_gid;
}

int owner_check(crm_store *s, const char *path, const struct stat *st)
{
	struct claim c = { .s = s, .path = path, .group = is_shared(st) ? st->st_gid : (gid_t)-1 };
	int r = look_at_directory(&c);
	bool own;

	if (r < 0)
		return r;
	s->file.mode = has_shared_form(st, &c.dir) ? 0660 : 0600;
	s->file.uid = st->st_uid;
	s->file.gid = st->st_gid;
	own = own_file(&c, st, "") && own_directory(&c);
	r = look_beside(&c, &own);
	if (r == CRM_OK)
		return decide(&c, own);
	buf_free(&c.why);
	return r;
}

int owner_check_place(crm_store *s, const char *path, gid_t group)
{
	struct claim c = { .s = s, .path = path, .group = group };
	int r = look_at_directory(&c);

	return r < 0 ? r : decide(&c, own_directory(&c));
}

int crm_store_trust(crm_store *s, const char *paths)
{
	char *copy;

	for (const char *p = paths ? paths : ""; *p; p += *p == ':') {
		size_t n = strcspn(p, ":");

		if (*p != '/')
			return err_set(&s->err, CRM_INVALID, "'%.*s' does not begin with /", (int)n, p);
		p += n;
	}
	copy = paths ? strdup(paths) : NULL;
	if (paths && !copy)
		return err_nomem(&s->err);
	free(s->trust);
	s->trust = copy;
	return CRM_OK;
}

void crm_store_set_user(crm_store *s, int64_t uid)
{
	s->user = uid;
}

int store_give(const crm_store *s, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (geteuid() == 0 && (st.st_uid != s->file.uid || st.st_gid != s->file.gid) &&
		fchown(fd, s->file.uid, s->file.gid) < 0)
		return -1;
	return (st.st_mode & 0777) == s->file.mode ? 0 : fchmod(fd, s->file.mode);
}

int store_open_beside(const crm_store *s, const char *suffix, int flags)
{
	struct buf path = BUF_INIT;
	struct stat st;
	int fd;

	buf_printf(&path, "%s%s", s->path, suffix);
	fd = buf_str(&path) ? open(path.s, flags | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	buf_free(&path);
	/* an empty one is new, unless a member of the group has just made it */
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size == 0 && st.st_uid == geteuid() && store_give(s, fd) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* --- for crm check --- */

int store_loose(crm_store *s, store_loose_fn fn, void *payload)
{
	static const char *const all[] = { "", "-wal", "-shm", "-journal", "-holder", "-erased" };
	const char *path = crm_store_path(s);
	cleanup(freep) char *copy = strdup(path);
	struct stat st;
	char *dir;

	if (!copy)
		return err_nomem(&s->err);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct buf name = BUF_INIT;

		buf_printf(&name, "%s%s", path, all[i]);
		if (!buf_str(&name))
			return err_nomem(&s->err);
		if (lstat(name.s, &st) == 0 && S_ISREG(st.st_mode) && st.st_mode & 0777 & ~s->file.mode)
			fn(name.s, st.st_mode & 0777, s->file.mode, payload);
		buf_free(&name);
	}
	dir = dirname(copy);
	if (stat(dir, &st) == 0 && st.st_mode & 0002)
		fn(dir, st.st_mode & 0777, st.st_mode & 0775, payload);
	return CRM_OK;
}
