/* Making and opening the file: modes, everything that must be refused, and several processes at once. */
#include "store_helper.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return (unsigned)st.st_mode & 07777;
}

static void write_file(const char *path, const char *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}

/* The status of opening, with its message in *message (owned by the caller). */
static int open_status(const char *path, crm_open_mode mode, char **message)
{
	crm_store *s = new_handle();
	int status = crm_store_open(s, path, mode);

	*message = strdup(crm_errmsg(s));
	crm_store_close(s);
	return status;
}

static void check_open(const char *path, crm_open_mode mode, int expected, const char *part)
{
	scoped_text message = NULL;
	int status = open_status(path, mode, &message);

	if (status != expected || !strstr(message, part))
		fail_msg("%s: status %d, '%s'; expected %d, '…%s…'", path, status, message, expected, part);
}

/* --- making --- */

static void init_makes_a_private_file(void **state)
{
	scoped_text dir = new_directory(), path = path_in(dir, "a/b/crm.db"), a = path_in(dir, "a"),
		    b = path_in(dir, "a/b"), wal = path_in(dir, "a/b/crm.db-wal"), shm = path_in(dir, "a/b/crm.db-shm");
	mode_t before = umask(0);
	crm_store *s = new_handle();

	(void)state;
	assert_ok(s, crm_store_init(s, path, NULL));
	add_customer(s, "Li");
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(mode_of(a), 0700);
	assert_int_equal(mode_of(b), 0700);
	assert_int_equal(mode_of(wal), 0600);
	assert_int_equal(mode_of(shm), 0600);
	assert_string_equal(crm_store_path(s), path);
	assert_int_equal(crm_store_schema(s), crm_schema_version());
	crm_store_close(s);
	check_raw(path, "PRAGMA journal_mode", "wal\n");
	umask(before);
	remove_directory(TAKE_PTR(dir));
}

static void a_strict_umask_changes_nothing(void **state)
{
	scoped_text dir = new_directory(), path = path_in(dir, "crm.db");
	mode_t before = umask(0277);
	crm_store *s = new_handle();

	(void)state;
	assert_ok(s, crm_store_init(s, path, NULL));
	umask(before);
	assert_int_equal(mode_of(path), 0600);
	crm_store_close(s);
	remove_directory(TAKE_PTR(dir));
}

static void shared_stores_belong_to_a_group(void **state)
{
	const struct group *group = getgrgid(getegid());
	scoped_text dir = new_directory(), sub = path_in(dir, "team"), path = path_in(dir, "team/crm.db");
	crm_store *s = new_handle();
	struct stat st;

	(void)state;
	if (!group)
		skip();
	assert_ok(s, crm_store_init(s, path, group->gr_name));
	assert_int_equal(mode_of(path), 0660);
	assert_int_equal(mode_of(sub), 02770);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_gid, group->gr_gid);
	check_sound(s);
	crm_store_close(s);
	s = new_handle();
	assert_refused(s, CRM_INVALID, "there is no group 'no-such-group'",
		crm_store_init(s, "/nowhere/crm.db", "no-such-group"));
	crm_store_close(s);
	remove_directory(TAKE_PTR(dir));
}

static void init_never_replaces_a_file(void **state)
{
	struct sandbox *sb = *state;
	scoped_text link = path_in(sb->dir, "link.db"), target = path_in(sb->dir, "target"), expected = NULL;
	crm_store *s = new_handle();

	assert_true(asprintf(&expected, "%s: there is a file already", sb->path) > 0);
	assert_refused(s, CRM_EXISTS, expected, crm_store_init(s, sb->path, NULL));
	/* The handle can be used again; a symbolic link that leads nowhere is a file too. */
	assert_int_equal(symlink(target, link), 0);
	assert_status(s, CRM_EXISTS, crm_store_init(s, link, NULL));
	assert_int_equal(access(target, F_OK), -1);
	crm_store_close(s);
	check_sound(sb->s);
}

static void paths_that_are_none_are_refused(void **state)
{
	static const char *const paths[] = { "", ":memory:", "file:x.db", "file:/tmp/x?mode=memory" };
	crm_store *s = new_handle();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		scoped_text expected = NULL;

		assert_true(asprintf(&expected, "'%s' is not the path of a store", paths[i]) > 0);
		assert_refused(s, CRM_INVALID, expected, crm_store_init(s, paths[i], NULL));
		assert_refused(s, CRM_INVALID, expected, crm_store_open(s, paths[i], CRM_OPEN_WRITE));
		assert_null(crm_store_path(s));
	}
	crm_store_close(s);
}

/* --- open modes --- */

static void missing_stores_are_told_apart_from_empty_ones(void **state)
{
	struct sandbox *sb = *state;
	scoped_text path = path_in(sb->dir, "none.db"), deeper = path_in(sb->dir, "no/such/crm.db");
	crm_store *s;

	check_open(path, CRM_OPEN_READ, CRM_NOSTORE, "there is no store");
	check_open(path, CRM_OPEN_WRITE, CRM_NOSTORE, "there is no store");
	check_open(deeper, CRM_OPEN_READ, CRM_NOSTORE, "No such file or directory");
	assert_int_equal(access(path, F_OK), -1);
	s = open_handle(deeper, CRM_OPEN_CREATE);
	assert_int_equal(add_customer(s, "Li"), 1);
	crm_store_close(s);
	s = open_handle(deeper, CRM_OPEN_CREATE); /* and is there the next time */
	check_field(s, "customer", 1, "name", "Li");
	crm_store_close(s);
}

static void a_reader_cannot_write(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = open_handle(sb->path, CRM_OPEN_READ);
	crm_record *r;

	assert_ok(s, crm_record_new(&r, s, entity("customer")));
	assert_ok(s, crm_record_set(r, "name", "Li"));
	assert_refused(s, CRM_READONLY, "the store was opened to read", crm_record_save(r));
	assert_refused(s, CRM_READONLY, "the store was opened to read", crm_begin(s, "test"));
	crm_record_free(r);
	crm_store_close(s);
	assert_int_equal(raw_int(sb->path, "SELECT count(*) FROM customer"), 0);
}

static void a_handle_holds_one_store(void **state)
{
	struct sandbox *sb = *state;
	scoped_text expected = NULL;
	crm_store *s = new_handle();
	crm_cursor *c;

	assert_true(asprintf(&expected, "a store is open already: %s", sb->path) > 0);
	assert_refused(sb->s, CRM_CONFLICT, expected, crm_store_open(sb->s, sb->path, CRM_OPEN_READ));
	assert_refused(sb->s, CRM_CONFLICT, expected, crm_store_init(sb->s, sb->path, NULL));
	assert_null(crm_store_path(s));
	assert_refused(s, CRM_NOSTORE, "no store is open", crm_begin(s, "test"));
	assert_refused(s, CRM_NOSTORE, "no store is open", crm_history(&c, s, -1));
	assert_refused(s, CRM_NOSTORE, "no store is open", crm_sql(&c, s, "SELECT 1"));
	crm_store_close(s);
	crm_store_close(NULL);
}

/* --- files that are no store, or not one that crm made --- */

static void files_that_are_no_store(void **state)
{
	struct sandbox *sb = *state;
	scoped_text text = path_in(sb->dir, "text"), empty = path_in(sb->dir, "empty"),
		    other = path_in(sb->dir, "other"), link = path_in(sb->dir, "link"), fifo = path_in(sb->dir, "fifo"),
		    cut = path_in(sb->dir, "cut");
	char head[5000];
	int fd = open(sb->path, O_RDONLY);

	for (crm_open_mode mode = CRM_OPEN_READ; mode <= CRM_OPEN_CREATE; mode++) {
		check_open(sb->dir, mode, CRM_SCHEMA, "is a directory, not a store");
		write_file(empty, "", 0);
		check_open(empty, mode, CRM_SCHEMA, "is empty, not a crm store");
		write_file(text, "name,phone\nLi,1\n", 16);
		check_open(text, mode, CRM_SCHEMA, "text: not a crm store");
	}
	raw_exec(other, "CREATE TABLE t (x)");
	check_open(other, CRM_OPEN_WRITE, CRM_SCHEMA, "not a crm store (a database of another program)");
	check_raw(other, "SELECT name FROM sqlite_schema", "t\n");
	assert_int_equal(symlink(sb->path, link), 0);
	check_open(link, CRM_OPEN_READ, CRM_SCHEMA, "is not a plain file (a symbolic link is not followed)");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	check_open(fifo, CRM_OPEN_READ, CRM_SCHEMA, "is not a plain file");
	assert_int_equal(read(fd, head, sizeof(head)), sizeof(head));
	close(fd);
	write_file(cut, head, sizeof(head));
	check_open(cut, CRM_OPEN_READ, CRM_SCHEMA, "the store is damaged: ");
}

/* A symbolic link in the directory part is an ordinary thing (/home may be one). */
static void links_to_directories_are_followed(void **state)
{
	struct sandbox *sb = *state;
	scoped_text link = path_in("/tmp", "crm-test-link"), path = path_in(link, "crm.db");
	crm_store *s;

	unlink(link);
	assert_int_equal(symlink(sb->dir, link), 0);
	s = open_handle(path, CRM_OPEN_READ);
	assert_string_equal(crm_store_path(s), sb->path);
	crm_store_close(s);
	unlink(link);
}

static void altered_stores_are_refused(void **state)
{
	static const struct {
		const char *sql, *message;
	} cases[] = {
		{ "PRAGMA user_version = 99", "written by a newer crm (schema 99, this one knows 4): update crm" },
		{ "ALTER TABLE customer ADD COLUMN spy TEXT", "table 'customer' was changed" },
		{ "DROP VIEW v_tag; CREATE VIEW v_tag AS SELECT 1 AS entity", "view 'v_tag' was changed" },
		{ "DROP VIEW v_tag; CREATE TABLE v_tag (entity)", "table 'v_tag' was changed" },
		{ "DROP INDEX customer_name; CREATE INDEX customer_name ON customer (city)",
			"index 'customer_name' was changed" },
		{ "CREATE TRIGGER t AFTER INSERT ON customer BEGIN DELETE FROM log; END",
			"refused: it holds a trigger 't', which crm never makes" },
		{ "CREATE VIRTUAL TABLE v USING fts5(x)", "refused: it holds a virtual table 'v'" },
		{ "DROP INDEX log_at", "tables, views and indexes are missing" },
		{ "DROP TABLE saved_view", "tables, views and indexes are missing" },
		{ "PRAGMA application_id = 1", "not a crm store (a database of another program)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		void *sandbox;
		struct sandbox *sb;

		sandbox_setup(&sandbox);
		sb = sandbox;
		raw_exec(sb->path, cases[i].sql);
		check_open(sb->path, CRM_OPEN_READ, CRM_SCHEMA, cases[i].message);
		check_open(sb->path, CRM_OPEN_WRITE, CRM_SCHEMA, cases[i].message);
		sandbox_teardown(&sandbox);
	}
}

static void foreign_objects_that_do_no_harm_are_accepted_and_named(void **state)
{
	struct sandbox *sb = *state;
	scoped_text rows = NULL;
	size_t problems = 1;
	crm_store *s;
	crm_cursor *c;

	raw_exec(sb->path, "CREATE TABLE mine (x); CREATE VIEW my_view AS SELECT * FROM customer;"
			   "CREATE INDEX my_index ON customer (city); ANALYZE");
	s = open_handle(sb->path, CRM_OPEN_WRITE);
	assert_int_equal(add_customer(s, "Li"), 1);
	assert_ok(s, crm_check(&c, s, false, &problems));
	rows = rows_text(s, c);
	assert_int_equal(problems, 0);
	assert_non_null(strstr(rows, "schema|ok|table 'mine' is not ours: accepted\n"));
	assert_non_null(strstr(rows, "schema|ok|view 'my_view' is not ours: accepted\n"));
	assert_non_null(strstr(rows, "schema|ok|index 'my_index' is not ours: accepted\n"));
	crm_store_close(s);
}

/* --- users who may not --- */

enum {
	NOBODY = 65534
};

/* Runs as a user without rights; the child's exit status is what `run` returns. */
static int as_nobody(int (*run)(const char *), const char *path)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 && (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
			_exit(100);
		_exit(run(path));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int try_write(const char *path)
{
	crm_store *s = NULL;
	int status = crm_store_new(&s) < 0 ? 99 : -crm_store_open(s, path, CRM_OPEN_WRITE);

	if (status == -CRM_READONLY && !strstr(crm_errmsg(s), path))
		status = 98;
	crm_store_close(s);
	return status;
}

static int try_read(const char *path)
{
	crm_store *s = NULL;
	crm_cursor *c;
	int status = crm_store_new(&s) < 0 ? 99 : -crm_store_open(s, path, CRM_OPEN_READ);

	if (status == 0) {
		status = -crm_sql(&c, s, "SELECT name FROM customer");
		if (status == 0) {
			status = crm_cursor_next(c) == CRM_OK && strcmp(crm_cursor_value(c, 0)->s, "Li") == 0 ? 0 : 97;
			crm_cursor_close(c);
		}
	}
	crm_store_close(s);
	return status;
}

static void files_of_others(void **state)
{
	struct sandbox *sb = *state;

	add_customer(sb->s, "Li");
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(sb->dir, 0755), 0);
	assert_int_equal(as_nobody(try_read, sb->path), -CRM_READONLY); /* 0600 of another user */
	assert_int_equal(chmod(sb->path, 0644), 0);
	assert_int_equal(as_nobody(try_write, sb->path), -CRM_READONLY);
	assert_int_equal(chmod(sb->dir, 0700), 0);
	assert_int_equal(as_nobody(try_write, sb->path), -CRM_READONLY);
}

/* A copy on a medium that cannot be written: nothing but the one file, in a directory without rights to write. */
static void a_lone_file_that_cannot_be_written_is_read(void **state)
{
	struct sandbox *sb = *state;

	add_customer(sb->s, "Li");
	crm_store_close(sb->s);
	sb->s = new_handle();
	raw_exec(sb->path, "PRAGMA journal_mode = DELETE");
	assert_int_equal(chmod(sb->path, 0444), 0);
	assert_int_equal(chmod(sb->dir, 0555), 0);
	assert_int_equal(as_nobody(try_read, sb->path), 0);
	assert_int_equal(as_nobody(try_write, sb->path), -CRM_READONLY);
	assert_int_equal(chmod(sb->dir, 0700), 0);
}

/* --- other processes --- */

struct holder {
	pid_t pid;
	int stop; /* closing it lets the holder end */
};

static void hold(const char *path, int ready, int stop)
{
	crm_store *s;
	char c;

	if (crm_store_new(&s) < 0 || crm_store_set_agent(s, "wang", "wang") < 0)
		_exit(1);
	crm_store_set_clock(s, NOW, false);
	if (crm_store_open(s, path, CRM_OPEN_WRITE) < 0 || crm_begin(s, "import log") < 0 || write(ready, "", 1) != 1)
		_exit(1);
	if (read(stop, &c, 1) < 0)
		_exit(1);
	crm_rollback(s);
	crm_store_close(s);
	_exit(0);
}

static struct holder holder_start(const char *path)
{
	struct holder h;
	int ready[2], stop[2];
	char c;

	assert_int_equal(pipe(ready) | pipe(stop), 0);
	h.pid = fork();
	assert_true(h.pid >= 0);
	if (h.pid == 0) {
		close(stop[1]);
		hold(path, ready[1], stop[0]);
	}
	close(ready[1]);
	close(stop[0]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	h.stop = stop[1];
	return h;
}

static void holder_end(const struct holder *h)
{
	int status;

	close(h->stop);
	assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
	assert_int_equal(status, 0);
}

struct waited {
	int events;
	char text[256];
	const struct holder *release; /* on the first event the holder is let go */
};

static void on_event(const crm_event *event, void *payload)
{
	struct waited *w = payload;

	if (event->kind != CRM_EVENT_WAITING)
		return;
	snprintf(w->text, sizeof(w->text), "%s", event->text);
	if (w->events++ == 0 && w->release)
		close(w->release->stop);
}

static double clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void a_locked_store_is_waited_for(void **state)
{
	struct sandbox *sb = *state;
	struct holder h;
	struct waited w = { 0 };
	scoped_text who = NULL, message = NULL;
	double began;

	add_customer(sb->s, "Li");
	h = holder_start(sb->path);
	assert_true(asprintf(&who, "wang (import log) since 2026-03-10 04:00, process %ld", (long)h.pid) > 0);
	assert_true(asprintf(&message, "the store is locked by another process: %s: waited 0 s (--wait)", who) > 0);
	crm_store_on_event(sb->s, on_event, &w);
	crm_store_set_wait(sb->s, 0);
	began = clock_now();
	assert_refused(sb->s, CRM_BUSY, message, crm_begin(sb->s, "test"));
	assert_true(clock_now() - began < 0.5);
	assert_int_equal(w.events, 0);
	check_field(sb->s, "customer", 1, "name", "Li"); /* readers are not kept out */
	crm_store_set_wait(sb->s, 2);
	began = clock_now();
	assert_status(sb->s, CRM_BUSY, crm_begin(sb->s, "test"));
	assert_true(clock_now() - began >= 1.99); /* it counts in whole milliseconds */
	assert_int_equal(w.events, 1);
	assert_string_equal(w.text, who);
	holder_end(&h);
	assert_ok(sb->s, crm_begin(sb->s, "test"));
	crm_rollback(sb->s);
}

static void a_waiter_goes_on_when_the_holder_ends(void **state)
{
	struct sandbox *sb = *state;
	struct holder h = holder_start(sb->path);
	struct waited w = { .release = &h };
	int status;

	crm_store_on_event(sb->s, on_event, &w);
	assert_int_equal(add_customer(sb->s, "Li"), 1);
	assert_int_equal(w.events, 1);
	assert_int_equal(waitpid(h.pid, &status, 0), h.pid);
	assert_int_equal(status, 0);
}

/* A killed writer leaves its line and its half transaction: neither is believed. */
static void a_killed_writer_leaves_nothing(void **state)
{
	struct sandbox *sb = *state;
	scoped_text line = path_in(sb->dir, "crm.db-holder");
	int status;
	pid_t pid;

	crm_store_close(sb->s);
	sb->s = NULL;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		crm_store *s = open_handle(sb->path, CRM_OPEN_WRITE);

		if (crm_begin(s, "half") == CRM_OK && add_customer(s, "Half") == 1)
			_exit(7);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_int_equal(access(line, F_OK), 0);
	sb->s = open_handle(sb->path, CRM_OPEN_WRITE);
	assert_int_equal(add_customer(sb->s, "Li"), 1);
	check_raw(sb->path, "SELECT id, name FROM customer", "1|Li\n");
	assert_int_equal(access(line, F_OK), -1);
	check_sound(sb->s);
}

static void the_holder_line_follows_no_link(void **state)
{
	struct sandbox *sb = *state;
	scoped_text line = path_in(sb->dir, "crm.db-holder"), victim = path_in(sb->dir, "victim");
	char data[8] = "";
	int fd;

	write_file(victim, "secret", 6);
	assert_int_equal(symlink(victim, line), 0);
	assert_int_equal(add_customer(sb->s, "Li"), 1);
	fd = open(victim, O_RDONLY);
	assert_int_equal(read(fd, data, sizeof(data)), 6);
	close(fd);
	assert_string_equal(data, "secret");
}

enum {
	CREATORS = 8,
	RECORDS = 20
};

static void many_processes_make_and_write_one_store(void **state)
{
	scoped_text dir = new_directory(), path = path_in(dir, "new/crm.db"), files = NULL;
	pid_t pids[CREATORS];
	crm_store *s;
	int status;

	(void)state;
	for (int i = 0; i < CREATORS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			s = new_handle();
			if (crm_store_open(s, path, CRM_OPEN_CREATE) < 0)
				_exit(1);
			for (int k = 0; k < RECORDS; k++)
				if (try_add(NULL, s, "customer", "name", "Li", NULL) < 0)
					_exit(2);
			crm_store_close(s);
			_exit(0);
		}
	}
	for (int i = 0; i < CREATORS; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(raw_int(path, "SELECT count(*) FROM customer"), CREATORS * RECORDS);
	assert_int_equal(raw_int(path, "SELECT count(*) FROM operation"), CREATORS * RECORDS);
	s = open_handle(path, CRM_OPEN_WRITE);
	check_sound(s);
	crm_store_close(s);
	files = path_in(dir, "new/crm.db.new-");
	for (int i = 0; i < CREATORS; i++) {
		scoped_text temporary = NULL;

		assert_true(asprintf(&temporary, "%s%ld", files, (long)pids[i]) > 0);
		assert_int_equal(access(temporary, F_OK), -1);
	}
	remove_directory(TAKE_PTR(dir));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(init_makes_a_private_file),
		cmocka_unit_test(a_strict_umask_changes_nothing),
		cmocka_unit_test(shared_stores_belong_to_a_group),
		sandbox_test(init_never_replaces_a_file),
		cmocka_unit_test(paths_that_are_none_are_refused),
		sandbox_test(missing_stores_are_told_apart_from_empty_ones),
		sandbox_test(a_reader_cannot_write),
		sandbox_test(a_handle_holds_one_store),
		sandbox_test(files_that_are_no_store),
		sandbox_test(links_to_directories_are_followed),
		cmocka_unit_test(altered_stores_are_refused),
		sandbox_test(foreign_objects_that_do_no_harm_are_accepted_and_named),
		sandbox_test(files_of_others),
		sandbox_test(a_lone_file_that_cannot_be_written_is_read),
		sandbox_test(a_locked_store_is_waited_for),
		sandbox_test(a_waiter_goes_on_when_the_holder_ends),
		sandbox_test(a_killed_writer_leaves_nothing),
		sandbox_test(the_holder_line_follows_no_link),
		cmocka_unit_test(many_processes_make_and_write_one_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
