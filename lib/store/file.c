/*
 * The bytes of the store's files. The file itself is read through SQLite's own handle: closing another descriptor of it
 * would give up all locks that this process has on it (POSIX).
 */
#include "store/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	PIECE = 1 << 20
};

/* Bytes from `offset` on into a piece: how many, or negative. */
typedef ssize_t (*read_fn)(void *from, char *piece, size_t n, int64_t offset);

static ssize_t read_store(void *from, char *piece, size_t n, int64_t offset)
{
	sqlite3_file *file = from;
	int rc = file->pMethods->xRead(file, piece, (int)n, offset);

	return rc == SQLITE_OK || rc == SQLITE_IOERR_SHORT_READ ? (ssize_t)n : -1; /* what is beyond the end is zero */
}

static ssize_t read_fd(void *from, char *piece, size_t n, int64_t offset)
{
	return pread(*(int *)from, piece, n, offset);
}

/* Pieces overlap, so that no text of that length is cut by all of them. */
static int read_pieces(
	crm_store *s, read_fn read, void *from, int64_t size, size_t overlap, file_piece_fn fn, void *payload)
{
	cleanup(freep) char *piece = malloc(PIECE);

	if (!piece)
		return err_nomem(&s->err);
	for (int64_t at = 0; at < size; at += PIECE - (int64_t)overlap) {
		size_t n = size - at < PIECE ? (size_t)(size - at) : PIECE;
		ssize_t got = read(from, piece, n, at);

		if (got < 0)
			return err_set(&s->err, CRM_FAILED, "%s: cannot be read: %s", s->path, strerror(errno));
		fn(piece, (size_t)got, payload);
		store_event(s, CRM_EVENT_PROGRESS, (uint64_t)at, (uint64_t)size, crm_tr("looking for traces"));
		if (s->interrupted)
			return err_set(&s->err, CRM_INTERRUPTED, "interrupted while looking for traces");
	}
	return CRM_OK;
}

static int read_main(crm_store *s, int64_t *bytes, size_t overlap, file_piece_fn fn, void *payload)
{
	sqlite3_file *file = NULL;
	sqlite3_int64 size = 0;

	if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
		file->pMethods->xFileSize(file, &size) != SQLITE_OK)
		return db_error(s, "store");
	*bytes += size;
	return read_pieces(s, read_store, file, size, overlap, fn, payload);
}

static int read_beside(
	crm_store *s, const char *suffix, int64_t *bytes, size_t overlap, file_piece_fn fn, void *payload)
{
	struct buf path = BUF_INIT;
	off_t size;
	int fd, status = CRM_OK;

	buf_printf(&path, "%s%s", s->path, suffix);
	fd = buf_str(&path) ? open(path.s, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (fd < 0 && errno != ENOENT)
		status = err_set(&s->err, CRM_FAILED, "%s: %s", path.s, strerror(errno));
	buf_free(&path);
	if (fd < 0)
		return status;
	size = lseek(fd, 0, SEEK_END);
	*bytes += size;
	status = read_pieces(s, read_fd, &fd, size, overlap, fn, payload);
	close(fd);
	return status;
}

int file_read(int64_t *bytes, crm_store *s, size_t overlap, file_piece_fn fn, void *payload)
{
	static const char *const beside[] = { "-wal", "-journal", "-erased" };
	int status;

	*bytes = 0;
	status = read_main(s, bytes, overlap, fn, payload);
	for (size_t i = 0; status == CRM_OK && i < ARRAY_SIZE(beside); i++)
		status = read_beside(s, beside[i], bytes, overlap, fn, payload);
	return status;
}
