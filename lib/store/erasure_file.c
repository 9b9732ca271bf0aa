/*
 * FILE-erased: the ledger of what was erased, once more beside the store, so that it outlives a store that is lost. Lines
 * are only ever added.
 */
#include "store/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>
#include <unistd.h>

static const char head[] = "# crm: records that were erased for good; crm restore erases them again\n"
			   "# at, entity, record, made by operation, made at, agent, login\n";

/* A new file belongs to whom the store does, and is on disk under its name. */
static int begin_file(crm_store *s, int fd, const char *path)
{
	cleanup(freep) char *copy = strdup(path);
	struct stat store;
	int dir, synced;

	if (!copy)
		return err_nomem(&s->err);
	if (stat(s->path, &store) < 0 || fchmod(fd, store.st_mode & 0660) < 0 ||
		(fchown(fd, (uid_t)-1, store.st_gid) < 0 && store.st_mode & 060) ||
		!write_all(fd, head, sizeof(head) - 1))
		return err_set(&s->err, CRM_FAILED, "%s: %s", path, strerror(errno));
	dir = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	synced = dir < 0 ? -1 : fsync(dir);
	if (dir >= 0)
		close(dir);
	return synced < 0 ? err_set(&s->err, CRM_FAILED, "%s: %s", path, strerror(errno)) : CRM_OK;
}

int erasure_file_add(crm_store *s, const char *lines, size_t len)
{
	struct buf path = BUF_INIT;
	struct stat st;
	int fd, status = CRM_OK;

	buf_printf(&path, "%s-erased", s->path);
	if (!buf_str(&path))
		return err_nomem(&s->err);
	fd = open(path.s, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		status = err_set(&s->err, CRM_FAILED, "%s: %s", path.s, fd < 0 ? strerror(errno) : "is no plain file");
	if (status == CRM_OK && st.st_size == 0)
		status = begin_file(s, fd, path.s);
	if (status == CRM_OK && (!write_all(fd, lines, len) || fsync(fd) < 0))
		status = err_set(&s->err, CRM_FAILED, "%s: %s", path.s, strerror(errno));
	if (fd >= 0)
		close(fd);
	buf_free(&path);
	return status;
}
