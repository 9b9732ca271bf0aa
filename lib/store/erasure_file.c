/*
 * FILE-erased: the ledger of what was erased, once more beside the store, so that it outlives a store that is lost. Lines
 * are only ever added.
 */
#include "store/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char head[] = "# crm: records that were erased for good; crm restore erases them again\n"
			   "# at, entity, record, made by operation, made at, agent, login\n";

/* A new file has our head, and is on disk under its name. */
static int begin_file(crm_store *s, int fd, const char *path)
{
	if (!write_all(fd, head, sizeof(head) - 1))
		return err_set(&s->err, CRM_FAILED, "%s: %s", path, strerror(errno));
	return place_sync_directory(s, path);
}

int erasure_file_add(crm_store *s, const char *lines, size_t len)
{
	struct buf path = BUF_INIT;
	struct stat st;
	int fd, status = CRM_OK;

	buf_printf(&path, "%s-erased", s->path);
	if (!buf_str(&path))
		return err_nomem(&s->err);
	fd = store_open_beside(s, "-erased", O_WRONLY | O_APPEND);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		status = err_set(
			&s->err, CRM_FAILED, "%s: %s", path.s, fd < 0 ? strerror(errno) : crm_tr("is no plain file"));
	if (status == CRM_OK && st.st_size == 0)
		status = begin_file(s, fd, path.s);
	if (status == CRM_OK && (!write_all(fd, lines, len) || fsync(fd) < 0))
		status = err_set(&s->err, CRM_FAILED, "%s: %s", path.s, strerror(errno));
	if (fd >= 0)
		close(fd);
	buf_free(&path);
	return status;
}
