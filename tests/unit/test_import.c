/* Imports of customers: columns, modes, matching, blanks, rejects, and that a dry run is the real one thrown away. */
#include "import_helper.h"

static void check_customers(struct sandbox *sb, const char *columns, const char *expected)
{
	scoped_text sql = NULL;

	assert_true(asprintf(&sql, "SELECT %s FROM customer ORDER BY id", columns) > 0);
	check_raw(sb->path, sql, expected);
}

/* --- columns --- */

static void headers_are_known_in_two_languages(void **state)
{
	struct sandbox *sb = *state;

	IMPORTS(sb->s, "1 1 0 0 0 0", "customer",
		"Full Name,Phone Number,E-Mail Address,Sex,DOB,City,Zip Code,Job Title,Lifecycle Stage,Notes,Labels\n"
		"Li Ming,138 0013 8000,li@b.cn,F,1990-05-12,北京,010,Boss,Client,\"a, b\",\"x, y\"\n",
		.file = "a.csv");
	IMPORTS(sb->s, "1 1 0 0 0 0", "customer",
		"客户编号,姓名,手机,邮箱,性别,年龄,地址,城市,邮编,标签,备注,请勿致电\n"
		"K1,张三,13900139000,zs@b.cn,男,36,\"长安街 1 号\",北京,100000,老客户,好,是\n",
		.file = "b.csv");
	check_customers(sb,
		"external_key, name, phone_norm, email, gender, birthday, city, postcode, stage, do_not_call",
		"-|Li Ming|+8613800138000|li@b.cn|female|1990-05-12|北京|010|customer|0\n"
		"K1|张三|+8613900139000|zs@b.cn|male|1990|北京|100000|-|1\n");
	check_raw(sb->path, "SELECT record, tag FROM record_tag ORDER BY 1, 2", "1|x\n1|y\n2|老客户\n");
	check_field(sb->s, "customer", 1, "note", "a, b");
	check_field(sb->s, "customer", 2, "address", "长安街 1 号");
	check_raw(sb->path,
		"SELECT entity, file, encoding, rows_read, created, updated, unchanged, rejected, op, length(digest) "
		"FROM import",
		"customer|a.csv|UTF-8|1|1|0|0|0|1|64\ncustomer|b.csv|UTF-8|1|1|0|0|0|2|64\n");
	check_sound(sb->s);
}

static void further_values_and_contacts(void **state)
{
	struct sandbox *sb = *state;

	IMPORTS(sb->s, "1 1 0 0 0 0", "customer",
		"name,phones,emails,family_name,given_name\n"
		"Li,\"home:010-65529988, 13900139000\",\"work:a@b.cn, b@b.cn\",,\n",
		0);
	check_field(sb->s, "customer", 1, "phones", "home:010-65529988, 13900139000");
	check_field(sb->s, "customer", 1, "emails", "work:a@b.cn, b@b.cn");
	IMPORTS(sb->s, "2 2 0 0 0 0", "customer", "first name,last name\n明,李\nMing,Li\n", 0);
	check_customers(sb, "name", "Li\n李明\nMing Li\n");
}

static void unknown_columns_are_named(void **state)
{
	struct sandbox *sb = *state;
	scoped_outcome o = IMPORT(sb->s, "customer", "name,Shoe Size,x\nLi,43,\n", 0);

	check_outcome(sb->s, &o, CRM_OK, "1 1 0 0 0 0",
		"0 unknown columns: not imported: Shoe Size, x (--map, --keep-unknown)\n");
	assert_null(crm_field_find(sb->s, entity("customer"), "Shoe_Size"));
}

static void unknown_columns_are_kept_when_asked(void **state)
{
	struct sandbox *sb = *state;
	static const char file[] = "name,Shoe Size,2nd,部门\nLi,43,x,销售\nWang,,y,\n";

	IMPORTS(sb->s, "2 2 0 0 0 0", "customer", file, .keep_unknown = true, .dry_run = true);
	assert_null(crm_field_find(sb->s, entity("customer"), "Shoe_Size")); /* a dry run leaves no field */
	IMPORTS(sb->s, "2 2 0 0 0 0", "customer", file, .keep_unknown = true);
	check_raw(sb->path, "SELECT name, label, type FROM field ORDER BY name",
		"Shoe_Size|Shoe Size|text\n_2nd|2nd|text\n部门|部门|text\n");
	check_raw(sb->path,
		"SELECT v.record, f.name, v.value FROM field_value v JOIN field f ON f.id = v.field ORDER BY 1, 2",
		"1|Shoe_Size|43\n1|_2nd|x\n1|部门|销售\n2|_2nd|y\n");
	/* The next file finds the fields by their labels. */
	IMPORTS(sb->s, "1 1 0 0 0 0", "customer", "name,Shoe Size\nZhao,44\n", 0);
	check_field(sb->s, "customer", 3, "Shoe_Size", "44");
}

static void columns_are_mapped_by_hand(void **state)
{
	struct sandbox *sb = *state;
	scoped_outcome o = IMPORT(
		sb->s, "customer", "Name,a=b,Phone,City\nLi,li@b.cn,1,x\n", MAP("a=b=email", "Phone=", "City=region"));

	check_outcome(sb->s, &o, CRM_OK, "1 1 0 0 0 0", "");
	check_customers(sb, "name, email, phone, city, region", "Li|li@b.cn|-|-|x\n");
	REFUSES(sb->s, CRM_INVALID, "--map 'Nme=name': the file has no column 'Nme'", "customer", "Name\nLi\n",
		MAP("Nme=name"));
	REFUSES(sb->s, CRM_INVALID,
		"--map 'Name=nmae': customer has no field 'nmae' to import (crm customer list --fields help)",
		"customer", "Name\nLi\n", MAP("Name=nmae"));
	REFUSES(sb->s, CRM_INVALID,
		"--map 'Name=contacts': customer has no field 'contacts' to import (crm customer list --fields help)",
		"customer", "Name\nLi\n", MAP("Name=contacts"));
	REFUSES(sb->s, CRM_INVALID, "--map 'Name': is not COLUMN=FIELD", "customer", "Name\nLi\n", MAP("Name"));
	assert_int_equal(raw_int(sb->path, "SELECT count(*) FROM operation"), 1);
}

static void two_columns_for_one_field_are_refused(void **state)
{
	crm_store *s = store_of(state);

	REFUSES(s, CRM_INVALID, "column 'City': another column is the city already: say which by --map 'City='",
		"customer", "name,town,City\nLi,a,b\n", MAP("town=city"));
	REFUSES(s, CRM_INVALID,
		"x.csv: no column is a field of customer: name them by --map COLUMN=FIELD (crm customer list --fields "
		"help)",
		"customer", "foo,bar\n1,2\n", .file = "x.csv");
}

static void options_are_checked_before_the_file(void **state)
{
	crm_store *s = store_of(state);

	REFUSES(s, CRM_INVALID, "--mode 'replace': is not upsert, insert or update", "customer", "", .mode = "replace");
	REFUSES(s, CRM_INVALID, "--blank 'drop': is not keep or clear", "customer", "", .blank = "drop");
	REFUSES(s, CRM_INVALID, "--match 'name': is not key, email or phone", "customer", "name\nLi\n",
		.match = "name");
	REFUSES(s, CRM_INVALID, "--country 'XX': is not a two-letter country code such as CN", "customer", "",
		.country = "XX");
	REFUSES(s, CRM_INVALID, "--default 'city': is not FIELD=VALUE", "customer", "", DEFAULT("city"));
	REFUSES(s, CRM_INVALID, "--default 'ctiy=x': customer has no field 'ctiy' to import", "customer", "",
		DEFAULT("ctiy=x"));
	REFUSES(s, CRM_INVALID, "--read 'xml': is not csv, tsv, jsonl or vcard", "customer", "", .read = "xml");
	REFUSES(s, CRM_INVALID, "--delimiter 'ab': is not one ASCII character, or tab", "customer", "",
		.delimiter = "ab");
	REFUSES(s, CRM_INVALID, "import cannot be imported", "import", "", 0);
}

/* --- forms and encodings, once through the whole --- */

static void forms_and_encodings(void **state)
{
	struct sandbox *sb = *state;
	static const char gbk[] =
		"\xD0\xD5\xC3\xFB,\xB3\xC7\xCA\xD0\n\xD5\xC5\xC8\xFD,\xB1\xB1\xBE\xA9\n"; /* 姓名,城市 张三,北京 */
	static const char utf16[] = "\xFF\xFEn\0a\0m\0e\0\n\0N\x67\n\0";                  /* U+674E */
	scoped_outcome gb = import_bytes(sb->s, "customer", gbk, sizeof(gbk) - 1, (crm_import_options){ 0 });
	scoped_outcome wide = import_bytes(sb->s, "customer", utf16, sizeof(utf16) - 1, (crm_import_options){ 0 });

	check_outcome(sb->s, &gb, CRM_OK, "1 1 0 0 0 0", "");
	assert_string_equal(gb.result.encoding, "GB18030");
	assert_string_equal(gb.result.form, "csv");
	assert_int_equal(gb.result.delimiter, ',');
	check_outcome(sb->s, &wide, CRM_OK, "1 1 0 0 0 0", "");
	assert_string_equal(wide.result.encoding, "UTF-16LE");
	IMPORTS(sb->s, "1 1 0 0 0 0", "customer", "name;city\nA;b\n", .delimiter = ";");
	IMPORTS(sb->s, "1 1 0 0 0 0", "customer", "name\tcity\nB\tb\n", .read = "tsv");
	IMPORTS(sb->s, "2 2 0 0 0 0", "customer",
		"{\"name\":\"C\",\"tags\":[\"x\",\"y,z\"],\"do_not_call\":true,\"age\":36}\n"
		"{\"name\":\"D\",\"phones\":[{\"label\":\"home\",\"value\":\"010-65529988\"}],\"city\":null}\n",
		0);
	check_customers(sb, "name, city, do_not_call, birthday",
		"张三|北京|0|-\n李|-|0|-\nA|b|0|-\nB|b|0|-\nC|-|1|1990\nD|-|0|-\n");
	check_field(sb->s, "customer", 5, "tags", "x, y\\,z");
	check_field(sb->s, "customer", 6, "phones", "home:010-65529988");
}

static void damaged_files_change_nothing(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = dump(sb->path, true), after = NULL;
	scoped_outcome quote = IMPORT(s, "customer", "name,city\nLi,x\nWang,\"y\nZhao,z\n", .file = "f.csv");
	scoped_outcome empty = IMPORT(s, "customer", "", .file = "f.csv");
	scoped_outcome header = IMPORT(s, "customer", "name,name\nLi,x\n", .file = "f.csv");
	scoped_outcome json = IMPORT(s, "customer", "[{\"name\":\"Li\"},", .file = "f.json");

	assert_int_equal(quote.status, CRM_FAILED);
	assert_int_equal(empty.status, CRM_FAILED);
	assert_int_equal(header.status, CRM_FAILED);
	assert_int_equal(json.status, CRM_FAILED);
	assert_memory_equal(crm_errmsg(s), "f.json: ", 8);
	REJECTS(s, "3 0 0 0 0 1", NULL, "customer", "name,city\nA,b\nLi\xff,x\nB,c\n", .encoding = "UTF-8");
	REJECTS(s, "2 0 0 0 0 1", NULL, "customer", "name,city\nA,b\nLi,x,y\n", 0);
	after = dump(sb->path, true);
	assert_string_equal(after, before);
}

/* --- modes --- */

static void modes(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	static const char file[] = "key,name,city\nK1,Li,北京\nK2,Wang,上海\n";

	REJECTS(s, "2 0 0 0 0 2",
		"2 -: there is no such customer to update\n3 -: there is no such customer to update\n", "customer",
		file, .mode = "update");
	IMPORTS(s, "2 2 0 0 0 0", "customer", file, .mode = "insert");
	REJECTS(s, "2 0 0 0 2 2", "2 -: customer 1 is this one already\n3 -: customer 2 is this one already\n",
		"customer", file, .mode = "insert");
	IMPORTS(s, "2 0 0 2 0 0", "customer", file, .mode = "update");
	IMPORTS(s, "3 1 1 1 0 0", "customer", "key,name,city\nK1,Li,天津\nK2,Wang,上海\nK3,Zhao,x\n", 0);
	IMPORTS(s, "1 0 1 0 0 0", "customer", "key,city\nK2,广州\n", .mode = "update"); /* no name needed */
	check_customers(sb, "external_key, name, city", "K1|Li|天津\nK2|Wang|广州\nK3|Zhao|x\n");
}

static void the_same_file_again_changes_nothing(void **state)
{
	struct sandbox *sb = *state;
	static const char file[] =
		"key,name,phone,phones,email,tags,birthday,age,owner,do_not_call,size,note\n"
		"K1,Li,138 0013 8000,home:010-65529988,li@b.cn,\"b, a\",1990-05-12,35,wang,yes,9,\" x \"\n"
		",Wang,,,wang@b.cn,,,,WANG,,,\n"
		",,,,,,,20,,no,7,\n"
		"K4,Zhao,,,,c,--05-12,,,,,\n";
	scoped_text before = NULL, after = NULL;

	add(sb->s, "agent", "name", "wang");
	add(sb->s, "field", "entity", "customer", "name", "size", "type", "integer");
	REJECTS_SOME(sb->s, "4 3 0 0 0 1", NULL, "customer", file);
	before = dump(sb->path, true);
	crm_store_set_clock(sb->s, NOW + DAY, false);
	REJECTS_SOME(sb->s, "4 0 0 3 0 1", NULL, "customer", file);
	after = dump(sb->path, true);
	assert_string_equal(after, before);
	check_field(sb->s, "customer", 1, "birthday", "1990-05-12");
	check_sound(sb->s);
}

/* Nothing but names: the same row is the same person, also twice in a file; any difference is somebody else. */
static void people_without_key_address_and_number(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	static const char file[] =
		"姓名,年龄,性别,地址\n张三,30,男,解放路1号\n张三,30,男,解放路2号\n李四,,女,\n张三,30,男,解放路1号\n";

	IMPORTS(s, "4 3 0 1 0 0", "customer", file, 0);
	IMPORTS(s, "4 0 0 4 0 0", "customer", file, 0);
	IMPORTS(s, "1 1 0 0 0 0", "customer", "姓名,年龄,性别,地址\n李四,,男,\n", 0);
	IMPORTS(s, "2 2 0 0 0 0", "org", "name,industry\nAcme,tools\nAcme,toys\n", 0);
	IMPORTS(s, "2 0 0 2 0 0", "org", "name,industry\nAcme,tools\nAcme,toys\n", 0);
	check_customers(
		sb, "name, gender, address", "张三|male|解放路1号\n张三|male|解放路2号\n李四|female|-\n李四|male|-\n");
	check_sound(s);
}

/* --- matching --- */

static void key_then_email_then_phone(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	add(s, "customer", "name", "A", "key", "K1", "email", "a@b.cn", "phone", "13800138001");
	add(s, "customer", "name", "B", "email", "b@b.cn", "phone", "13800138002");
	add(s, "customer", "name", "C", "phones", "home:13800138004");
	add(s, "customer", "name", "D", "emails", "work:d@b.cn");
	IMPORTS(s, "6 1 4 1 0 0", "customer",
		"key,name,email,phone,city\n"
		"K1,A,,13800138002,by key\n"         /* the key decides */
		"K2,B,B@B.CN,13800138003,by email\n" /* before the phone; the key is new to him */
		",D,d@b.cn,,by further email\n"
		",New,x@b.cn,13800138009,new\n"
		",C,,+86 138 0013 8004,by phone\n"
		"K1,,,,by key\n",
		0);
	check_customers(sb, "external_key, name, email, phone_norm, city",
		"K1|A|a@b.cn|+8613800138002|by key\n"
		"K2|B|B@B.CN|+8613800138003|by email\n"
		"-|C|-|+8613800138004|by phone\n"
		"-|D|d@b.cn|-|by further email\n"
		"-|New|x@b.cn|+8613800138009|new\n");
}

static void families_share_a_line(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	IMPORTS(s, "3 3 0 0 0 0", "customer",
		"key,name,phone,email\nK1,Father,13800138000,f@b.cn\nK2,Mother,13800138000,f@b.cn\nK3,Son,138 0013 "
		"8000,\n",
		0);
	REJECTS(s, "1 0 0 0 1 1", "2 phone: several customers have this phone: 1, 2 …\n", "customer",
		"name,phone\nWho,13800138000\n", 0);
	REJECTS(s, "1 0 0 0 1 1", "2 email: several customers have this email: 1, 2\n", "customer",
		"name,email\nWho,F@b.cn\n", 0);
	IMPORTS(s, "1 1 0 0 0 0", "customer", "name,phone\nWho,13800138000\n", .match = "key,email");
	IMPORTS(s, "1 0 1 0 0 0", "customer", "key,name,phone\nK2,Mama,13800138000\n", 0);
	check_customers(sb, "external_key, name", "K1|Father\nK2|Mama\nK3|Son\n-|Who\n");
}

static void keys_belong_to_their_source(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	IMPORTS(s, "1 1 0 0 0 0", "customer", "key,name\nK1,Erp\n", .source = "erp");
	IMPORTS(s, "1 1 0 0 0 0", "customer", "key,name\nK1,Shop\n", .source = "shop");
	IMPORTS(s, "1 1 0 0 0 0", "customer", "key,name\nK1,None\n", 0);
	IMPORTS(s, "2 1 1 0 0 0", "customer", "key,name,source\nK1,Shop 2,shop\nK1,Web,web\n", .source = "erp");
	check_customers(sb, "source, name", "erp|Erp\nshop|Shop 2\n-|None\nweb|Web\n");
	check_raw(sb->path, "SELECT source FROM import ORDER BY id", "erp\nshop\n-\nerp\n");
}

static void the_same_one_twice_in_a_file(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	IMPORTS(s, "4 1 0 3 0 0", "customer",
		"key,name,email,city\nK1,Li,li@b.cn,x\nK1,Li,li@b.cn,x\n,Li,li@b.cn,\nK1,,,\n", 0);
	check_customers(sb, "external_key, name, email, city", "K1|Li|li@b.cn|x\n");
}

static void the_same_one_with_other_values_is_a_conflict(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	REJECTS_SOME(s, "4 2 0 1 1 1", "4 -: the same customer as line 2, with other values\n", "customer",
		"key,name,city\nK1,Li,a\nK2,Wang,b\nK1,Li,c\nK2,Wang,b\n");
	REJECTS_SOME(s, "2 0 1 0 1 1", "3 -: the same customer as line 2, with other values\n", "customer",
		"key,city\nK1,d\nK1,e\n");
	check_customers(sb, "external_key, city", "K1|d\nK2|b\n");
}

/* --- blanks and defaults --- */

static void blank_cells_keep_or_clear(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	static const char file[] = "key,name,city,phone,tags,do_not_call,owner,birthday\nK1,,,,,,,\n";

	add(s, "agent", "name", "wang");
	add(s, "customer", "key", "K1", "name", "Li", "city", "x", "phone", "13800138000", "tags", "a", "do_not_call",
		"yes", "owner", "wang", "birthday", "1990");
	IMPORTS(s, "1 0 0 1 0 0", "customer", file, 0);
	REJECTS(s, "1 0 0 0 0 1", "2 -: customer: name is required\n", "customer", file, .blank = "clear");
	IMPORTS(s, "1 0 1 0 0 0", "customer", file, .blank = "clear", MAP("name="));
	check_customers(sb, "name, city, phone, phone_norm, do_not_call, owner, birthday", "Li|-|-|-|0|-|-\n");
	check_field(s, "customer", 1, "tags", "-");
	IMPORTS(s, "1 0 0 1 0 0", "customer", file, .blank = "clear", MAP("name="));
	/* In JSON an empty text is said, null is not. */
	edit(s, "customer", 1, "city", "y", "note", "n", "do_not_call", "yes");
	IMPORTS(s, "1 0 1 0 0 0", "customer", "{\"key\":\"K1\",\"city\":\"\",\"note\":null,\"do_not_call\":\"\"}\n", 0);
	check_customers(sb, "city, note, do_not_call", "-|n|0\n");
	check_sound(s);
}

static void defaults_fill_blanks(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	add(s, "agent", "name", "wang");
	add(s, "customer", "key", "K0", "name", "Old", "stage", "customer");
	IMPORTS(s, "3 2 1 0 0 0", "customer", "key,name,stage,city\nK1,A,,x\nK2,B,lead,\nK0,Old,,\n",
		DEFAULT("stage=opportunity", "owner=wang", "tags=new", "city=nowhere"));
	check_customers(sb, "name, stage, owner, city",
		"Old|customer|wang|nowhere\nA|opportunity|wang|x\nB|lead|wang|nowhere\n");
	check_raw(sb->path, "SELECT record, tag FROM record_tag", "1|new\n2|new\n3|new\n");
}

static void zone_and_country_are_those_of_the_file(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;

	add_customer(s, "Li");
	IMPORTS(s, "1 1 0 0 0 0", "log", "customer,channel,at\n1,chat,2026-03-01 12:00\n", .zone = "America/New_York");
	check_raw(sb->path, "SELECT at FROM log", "1772384400\n"); /* 17:00 UTC */
	IMPORTS(s, "1 1 0 0 0 0", "customer", "name,phone\nJim,(212) 555-0100\n", .country = "US");
	check_customers(sb, "phone_norm", "-\n+12125550100\n");
	assert_string_equal(crm_store_zone(s), ZONE);
}

static void unknown_agents_are_made_inactive(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_outcome o = { 0 };

	add(s, "agent", "name", "wang");
	o = IMPORT(s, "customer", "name,owner\nA,Wang\nB,Zhao\nC,zhao\n", 0);
	check_outcome(s, &o, CRM_OK, "3 3 0 0 0 0", "0 agent: 'Zhao' is not an agent of this store: made inactive\n");
	check_customers(sb, "name, owner", "A|wang\nB|Zhao\nC|Zhao\n");
	check_raw(sb->path, "SELECT name, active FROM agent ORDER BY id", "wang|1\nZhao|0\n");
	assert_ok(s, crm_undo(&(int64_t){ 0 }, s, 0));
	check_raw(sb->path, "SELECT name FROM agent", "wang\n");
}

/* --- rejects --- */

static char *read_all(int fd)
{
	struct buf b = BUF_INIT;
	char piece[512];
	ssize_t n;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		buf_add(&b, piece, (size_t)n);
	return b.s ? buf_take(&b) : strdup("");
}

static const char faulty[] = "key,name,email,birthday,note\n"
			     "K1,Li,li@b.cn,1990-05-12,fine\n"
			     "K2,Wang,no address,,\"two\nlines, and \"\"quotes\"\"\"\n"
			     "K3,,,,\n"
			     "K4,Zhao,z@b.cn,1990-02-30, x \n"
			     "K5,Qian\n";

static void rejected_rows_are_written_as_they_came(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	int fd = memfd_create("rejects", 0);
	scoped_text rejects = NULL;

	REJECTS_SOME(s, "5 1 0 0 0 4", NULL, "customer", faulty, .rejects = fd);
	rejects = read_all(fd);
	close(fd);
	assert_non_null(strstr(rejects, "key,name,email,birthday,note,reject_line,reject_field,reject_reason\n"
					"K2,Wang,no address,,\"two\nlines, and \"\"quotes\"\"\",3,email,"));
	assert_non_null(strstr(rejects, "\nK3,,,,,5,"));
	assert_non_null(strstr(rejects, "\nK4,Zhao,z@b.cn,1990-02-30,\" x \",6,birthday,"));
	assert_non_null(strstr(rejects, "\nK5,Qian,,,,7,,"));
	check_customers(sb, "external_key, name", "K1|Li\n");
	check_sound(s);
}

/* Corrected and imported again: its three columns are no news. */
static void rejects_are_imported_once_corrected(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	int fd = memfd_create("rejects", 0), again = memfd_create("again", 0);
	scoped_text rejects = NULL, second = NULL;
	char *bad;

	REJECTS_SOME(s, "2 1 0 0 0 1", NULL, "customer", "name,birthday\nLi,1990\nWang,1990-02-30\n", .rejects = fd);
	rejects = read_all(fd);
	{
		scoped_outcome o = IMPORT(s, "customer", rejects, .partial = true, .rejects = again);

		assert_int_equal(o.status, CRM_REJECTED);
		second = read_all(again);
		assert_string_equal(strchr(second, '\n'), strstr(second, "\nWang,1990-02-30,2,birthday,"));
		assert_memory_equal(second, "name,birthday,reject_line,reject_field,reject_reason\n", 53);
	}
	bad = strstr(rejects, "1990-02-30");
	memcpy(bad, "1990-02-28", 10);
	IMPORTS(s, "1 1 0 0 0 0", "customer", rejects, 0);
	check_customers(sb, "name, birthday", "Li|1990\nWang|1990-02-28\n");
	close(fd);
	close(again);
}

static void without_partial_nothing_is_kept(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = dump(sb->path, true), after = NULL;
	scoped_outcome o = IMPORT(s, "customer", faulty, .file = "f.csv");

	assert_int_equal(o.status, CRM_FAILED);
	assert_string_equal(
		crm_errmsg(s), "f.csv: 4 of 5 rows rejected: nothing was imported (--partial keeps the others)");
	assert_int_equal(o.result.operation, 0);
	assert_int_equal(o.result.import, 0);
	after = dump(sb->path, true);
	assert_string_equal(after, before);
}

/* --- dry runs, undo, interruption --- */

static void a_dry_run_counts_the_same_and_keeps_nothing(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	static const char file[] =
		"key,name,email,tags,owner,extra\nK1,Li,li@b.cn,b,zhao,1\nK2,Wang,w@b.cn,,,2\nK2,Wang,w@b.cn,,,"
		"2\n,,,,,\nK9,X,no,,,\nK0,Same,,,,\n";
	cleanup(buf_free) struct buf dry_counts = BUF_INIT, counts = BUF_INIT;
	scoped_outcome dry = { 0 }, real = { 0 };
	scoped_text before = NULL, after = NULL;

	add(s, "customer", "key", "K0", "name", "Same");
	add(s, "customer", "key", "K1", "name", "Old", "tags", "a");
	before = dump(sb->path, true);
	dry = IMPORT(s, "customer", file, .dry_run = true, .partial = true, .keep_unknown = true);
	after = dump(sb->path, true);
	assert_string_equal(after, before);
	assert_int_equal(dry.result.operation, 0);
	real = IMPORT(s, "customer", file, .partial = true, .keep_unknown = true);
	assert_int_equal(dry.status, real.status);
	counts_text(&dry_counts, &dry.result);
	counts_text(&counts, &real.result);
	assert_string_equal(buf_str(&dry_counts), buf_str(&counts));
	assert_string_equal(buf_str(&counts), "6 1 1 2 0 2");
	assert_string_equal(buf_str(&dry.notes), buf_str(&real.notes));
	assert_int_equal(real.result.operation, 3);
	check_sound(s);
}

static void an_import_is_undone_as_one(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = sb->s;
	scoped_text before = NULL, after = NULL, again = NULL, middle = NULL;

	add(s, "customer", "key", "K1", "name", "Old", "tags", "a", "phones", "w:13800138000");
	before = dump(sb->path, false);
	IMPORTS(s, "3 2 1 0 0 0", "customer", "key,name,tags,extra\nK1,Li,b,1\nK2,Wang,c,2\nK3,Zhao,,\n",
		.keep_unknown = true);
	middle = dump(sb->path, false);
	assert_ok(s, crm_undo(&(int64_t){ 0 }, s, 0));
	after = dump(sb->path, false);
	assert_string_equal(after, before);
	assert_ok(s, crm_redo(&(int64_t){ 0 }, s));
	again = dump(sb->path, false);
	assert_string_equal(again, middle);
	check_sound(s);
}

static void interrupt(const crm_event *event, void *s)
{
	if (event->kind == CRM_EVENT_PROGRESS)
		crm_store_interrupt(s);
}

static void an_interrupted_import_changes_nothing(void **state)
{
	struct sandbox *sb = *state;
	cleanup(buf_free) struct buf file = BUF_INIT;
	scoped_text before = dump(sb->path, true), after = NULL;
	scoped_outcome o = { 0 };

	buf_puts(&file, "key,name\n");
	for (int i = 0; i < 3000; i++)
		buf_printf(&file, "K%d,x\n", i);
	crm_store_on_event(sb->s, interrupt, sb->s);
	o = IMPORT(sb->s, "customer", buf_str(&file), 0);
	assert_int_equal(o.status, CRM_INTERRUPTED);
	after = dump(sb->path, true);
	assert_string_equal(after, before);
}

/* A program that writes the input, and what it was asked. */
struct writer {
	const char *why;
	int asked;
	bool all;
};

static const char *writer_ended(void *input, bool all)
{
	struct writer *w = input;

	w->asked++;
	w->all = all;
	return w->why;
}

static void input_of_a_program_that_fails_changes_nothing(void **state)
{
	static const struct {
		const char *file;
		bool all;
	} cases[] = { { "name\nLi\n", true }, { "name,email\nLi,no address\nWang,\n", true }, { "", false },
		{ "name\nLi\n\"Wa", false }, { "name\nLi\na\"b\"\n", false }, { ",\n", false } };
	struct sandbox *sb = *state;
	scoped_text before = dump(sb->path, true);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct writer w = { .why = "it burnt" };
		scoped_outcome o = IMPORT(sb->s, "customer", cases[i].file, .partial = true, .file = "f",
			.input_ended = writer_ended, .input = &w);
		scoped_text after = dump(sb->path, true);

		assert_int_equal(o.status, CRM_FAILED);
		assert_string_equal(crm_errmsg(sb->s), "f: it burnt: nothing was imported");
		assert_int_equal(w.asked, 1);
		assert_int_equal(w.all, cases[i].all);
		assert_int_equal(o.result.created, 0);
		assert_int_equal(o.result.import, 0);
		assert_string_equal(after, before);
	}
}

static void input_of_a_program_that_succeeds_is_kept(void **state)
{
	struct sandbox *sb = *state;
	struct writer w = { 0 };
	scoped_outcome o = IMPORT(sb->s, "customer", "name\nLi\n", .input_ended = writer_ended, .input = &w);

	check_outcome(sb->s, &o, CRM_OK, "1 1 0 0 0 0", "");
	assert_int_equal(w.asked, 1);
	assert_true(w.all);
}

static void readers_do_not_import(void **state)
{
	struct sandbox *sb = *state;
	crm_store *s = open_handle(sb->path, CRM_OPEN_READ);
	scoped_outcome o = IMPORT(s, "customer", "name\nLi\n", 0);

	assert_int_equal(o.status, CRM_READONLY);
	crm_store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sandbox_test(headers_are_known_in_two_languages),
		sandbox_test(further_values_and_contacts),
		sandbox_test(unknown_columns_are_named),
		sandbox_test(unknown_columns_are_kept_when_asked),
		sandbox_test(columns_are_mapped_by_hand),
		sandbox_test(two_columns_for_one_field_are_refused),
		sandbox_test(options_are_checked_before_the_file),
		sandbox_test(forms_and_encodings),
		sandbox_test(damaged_files_change_nothing),
		sandbox_test(modes),
		sandbox_test(the_same_file_again_changes_nothing),
		sandbox_test(people_without_key_address_and_number),
		sandbox_test(key_then_email_then_phone),
		sandbox_test(families_share_a_line),
		sandbox_test(keys_belong_to_their_source),
		sandbox_test(the_same_one_twice_in_a_file),
		sandbox_test(the_same_one_with_other_values_is_a_conflict),
		sandbox_test(blank_cells_keep_or_clear),
		sandbox_test(defaults_fill_blanks),
		sandbox_test(zone_and_country_are_those_of_the_file),
		sandbox_test(unknown_agents_are_made_inactive),
		sandbox_test(rejected_rows_are_written_as_they_came),
		sandbox_test(rejects_are_imported_once_corrected),
		sandbox_test(without_partial_nothing_is_kept),
		sandbox_test(a_dry_run_counts_the_same_and_keeps_nothing),
		sandbox_test(an_import_is_undone_as_one),
		sandbox_test(an_interrupted_import_changes_nothing),
		sandbox_test(input_of_a_program_that_fails_changes_nothing),
		sandbox_test(input_of_a_program_that_succeeds_is_kept),
		sandbox_test(readers_do_not_import),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
