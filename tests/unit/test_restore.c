/* Restoring with handles that are open meanwhile, and backups through filters; what users see is in restore.bats. */
#include "store_helper.h"

#include <errno.h>
#include <fcntl.h>

static void backup_to(crm_store *s, const char *path)
{
	crm_backup_info info;

	assert_ok(s, crm_backup(&info, s, path, false, NULL, NULL));
}

static crm_restore *restore_begun(crm_store *s, const char *path, const char *copy)
{
	crm_restore *r;
	int fd = open(copy, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_ok(s, crm_restore_open(&r, s, path, fd, copy, NULL, NULL));
	close(fd);
	return r;
}

static void restore_from(const char *path, const char *copy)
{
	crm_store *s = new_handle();
	crm_restore *r = restore_begun(s, path, copy);
	crm_restored done;

	assert_ok(s, crm_restore_swap(&done, r, NULL));
	assert_int_equal(done.erased, 0);
	crm_restore_close(r);
	/* the handle can be used again, also for the new store */
	assert_ok(s, crm_store_open(s, path, CRM_OPEN_WRITE));
	crm_store_close(s);
}

/* Where a store is not kept in WAL mode (network file systems) nobody has it locked between two operations. */
static void who_had_the_previous_store_open_is_refused(void **state)
{
	struct sandbox *sb = *state;
	scoped_text copy = path_in(sb->dir, "copy.db"), message = NULL;

	add_customer(sb->s, "Li");
	backup_to(sb->s, copy);
	add_customer(sb->s, "Wang");
	crm_store_close(sb->s);
	check_raw(sb->path, "PRAGMA journal_mode = DELETE", "delete\n");
	sb->s = open_handle(sb->path, CRM_OPEN_WRITE);
	if (crm_store_open(sb->s, sb->path, CRM_OPEN_WRITE) != CRM_CONFLICT)
		fail();
	restore_from(sb->path, copy);
	assert_true(asprintf(&message,
			    "%s: another store was put in its place meanwhile (crm restore): nothing was changed, try "
			    "again",
			    sb->path) > 0);
	assert_refused(sb->s, CRM_CONFLICT, message, crm_begin(sb->s, "test"));
	crm_store_close(sb->s);
	sb->s = open_handle(sb->path, CRM_OPEN_WRITE);
	check_field(sb->s, "customer", 1, "name", "Li");
	add_customer(sb->s, "Chen");
}

static void who_has_it_open_is_waited_for(void **state)
{
	struct sandbox *sb = *state;
	scoped_text copy = path_in(sb->dir, "copy.db"), kept = NULL;
	crm_store *s = new_handle();
	crm_backup_info present;
	crm_restored done;
	crm_restore *r;

	add_customer(sb->s, "Li");
	backup_to(sb->s, copy);
	add_customer(sb->s, "Wang");
	r = restore_begun(s, sb->path, copy);
	assert_int_equal(crm_restore_present(&present, r), CRM_RESTORE_STORE);
	assert_int_equal(present.customers, 2);
	assert_int_equal(present.operation, 2);
	assert_int_equal(crm_restore_copy(r)->customers, 1);
	assert_int_equal(crm_restore_copy(r)->operation, 1);
	kept = strdup(crm_restore_kept(r));
	assert_status(s, CRM_BUSY, (crm_store_set_wait(s, 0), crm_restore_swap(&done, r, NULL)));
	crm_restore_close(r);
	assert_int_equal(access(kept, F_OK), -1);
	add_customer(sb->s, "Chen"); /* as before */
	check_field(sb->s, "customer", 3, "name", "Chen");
	crm_store_close(s);
	crm_store_close(sb->s);
	restore_from(sb->path, copy);
	sb->s = open_handle(kept, CRM_OPEN_READ);
	check_field(sb->s, "customer", 3, "name", "Chen");
}

/* --- filters --- */

static int fail_half_way(int from, int to, void *payload)
{
	char bytes[1000];

	*(bool *)payload = true;
	assert_int_equal(read(from, bytes, sizeof(bytes)), sizeof(bytes));
	assert_memory_equal(bytes, "SQLite format 3", 16);
	assert_int_equal(write(to, bytes, sizeof(bytes)), sizeof(bytes));
	return CRM_FAILED;
}

static void a_filter_that_fails_leaves_nothing(void **state)
{
	struct sandbox *sb = *state;
	scoped_text copy = path_in(sb->dir, "copy.db"), temp = NULL, other = path_in(sb->dir, "other.db");
	crm_store *s = new_handle();
	crm_backup_info info = { .customers = 42 };
	crm_restore *r;
	bool called = false;

	assert_true(asprintf(&temp, "%s/.crm-new-%ld", sb->dir, (long)getpid()) > 0);
	assert_status(sb->s, CRM_FAILED, crm_backup(&info, sb->s, copy, false, fail_half_way, &called));
	assert_true(called);
	assert_int_equal(info.customers, 42);
	assert_int_equal(access(copy, F_OK), -1);
	assert_int_equal(access(temp, F_OK), -1);
	backup_to(sb->s, copy);
	int fd = open(copy, O_RDONLY | O_CLOEXEC);
	assert_status(s, CRM_FAILED, crm_restore_open(&r, s, other, fd, copy, fail_half_way, &called));
	close(fd);
	assert_int_equal(access(other, F_OK), -1);
	assert_int_equal(access(temp, F_OK), -1);
	crm_store_close(s);
}

static void what_the_killed_left_is_removed(void **state)
{
	struct sandbox *sb = *state;
	scoped_text copy = path_in(sb->dir, "copy.db"), own = NULL, alive = NULL;
	static const char *const names[] = { ".crm-new-999999999", ".crm-new-999999999-journal", ".crm-new-",
		".crm-new-1x", ".crm-newer-999999999" };

	assert_true(asprintf(&alive, "%s/.crm-new-%ld-wal", sb->dir, (long)getppid()) > 0);
	assert_true(asprintf(&own, "%s/.crm-new-%ld", sb->dir, (long)getpid()) > 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		scoped_text path = path_in(sb->dir, names[i]);
		close(open(path, O_CREAT | O_WRONLY, 0600));
	}
	close(open(alive, O_CREAT | O_WRONLY, 0600));
	close(open(own, O_CREAT | O_WRONLY, 0600));
	backup_to(sb->s, copy);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		scoped_text path = path_in(sb->dir, names[i]);
		assert_int_equal(access(path, F_OK), i < 2 ? -1 : 0);
	}
	assert_int_equal(access(alive, F_OK), 0);
	assert_int_equal(access(own, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(who_had_the_previous_store_open_is_refused),
		sandbox_test(who_has_it_open_is_waited_for),
		sandbox_test(a_filter_that_fails_leaves_nothing),
		sandbox_test(what_the_killed_left_is_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
