/* vCards through the reader: cards by hand for each rule of RFC 2426, RFC 6350, vCard 2.1 and of those who write them. */
#include "reader_helper.h"

#include "exchange/vcard/date.h"

#include <stdio.h>
#include <sys/resource.h>

/*
 * Renders the rows of cards, leaving out what is empty: `LINE field=value|field=value`. Properties without a field come
 * as columns of their own.
 */
static char *cards(const char *data, size_t len, const struct reader_options *opt)
{
	struct buf out = BUF_INIT;
	struct err err = { 0 };
	struct reader *r = NULL;
	struct row row;
	int fd = file_of(data, len), rc = reader_open(&r, fd, opt, &err);

	while (rc == 0 && (rc = reader_next(r, &row, &err)) == 0) {
		bool first = true;

		buf_printf(&out, "%zu%c ", row.line, row.fault ? '!' : ':');
		if (row.fault)
			buf_puts(&out, row.fault);
		for (size_t i = 0; i < row.n && !row.fault; i++) {
			if (!row.cells[i].len)
				continue;
			buf_printf(&out, "%s%s=", first ? "" : "|", reader_column(r, i));
			render_cell(&out, &row.cells[i]);
			first = false;
		}
		if (row.id)
			buf_printf(&out, "|#%lld", (long long)row.id);
		buf_putc(&out, '\n');
	}
	if (rc < 0)
		buf_printf(&out, "error: %s\n", err.msg.s);
	else
		assert_string_equal(reader_form_name(r), "vcard");
	reader_close(r);
	err_free(&err);
	close(fd);
	return buf_take(&out);
}

static void check_cards(const char *data, size_t len, const char *expected)
{
	char *got = cards(data, len, &(struct reader_options){ 0 });

	assert_string_equal(got, expected);
	free(got);
}

#define CARDS(data, expected) check_cards(data, sizeof(data) - 1, expected)

/* One card of a version with these lines. */
#define CARD(version, lines)            "BEGIN:VCARD\r\nVERSION:" version "\r\n" lines "END:VCARD\r\n"
#define SAYS(version, lines, expected)  CARDS(CARD(version, lines), "1: " expected "\n")
#define FAULT(version, lines, expected) CARDS(CARD(version, lines), "1! " expected "\n")

/* --- what is a card --- */

static void forms(void **state)
{
	(void)state;
	CARDS("BEGIN:VCARD\nVERSION:3.0\nFN:A\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD", "1: name=A\n5: name=B\n");
	CARDS("\xef\xbb\xbf\r\n \r\nbegin:vcard\r\nversion:4.0\r\nfn:A\r\nend:vcard \r\n\r\n\r\nBegin:vCard\r\nFn:B\r\n"
	      "End:vCard\r\n",
		"3: name=A\n9: name=B\n");
	CARDS("BEGIN:VCARD\nFN:A\nEND:VCARD\n\xef\xbb\xbf"
	      "BEGIN:VCARD\nFN:B\nEND:VCARD\n",
		"1: name=A\n4: name=B\n");
}

static void form_by_name(void **state)
{
	char *got;

	(void)state;
	got = cards(" \n", 2, &(struct reader_options){ .form = READER_VCARD });
	assert_string_equal(got, "error: the file is empty\n");
	free(got);
	got = cards("a,b\n1,2\n", 8, &(struct reader_options){ .form = READER_VCARD });
	assert_string_equal(got, "1! text outside a card: BEGIN:VCARD is missing\n");
	free(got);
	CHECK("BEGIN:VCARDS,b\n1,2\n", "BEGIN:VCARDS|b\n2 1|2\n");
	CHECK_WITH("BEGIN:VCARD\n1\n", "BEGIN:VCARD\n2 1\n", .form = READER_CSV);
}

static void not_closed(void **state)
{
	(void)state;
	CARDS("BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\n",
		"1! the card is not closed: END:VCARD is missing before line 3\n3: name=B\n");
	CARDS("BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nFN:B\n",
		"1: name=A\n4! the card is not closed: END:VCARD is missing at the end of the file\n");
	CARDS("BEGIN:VCARD\nFN:A\nEND:VCARD\nstray\n\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n",
		"1: name=A\n4! text outside a card: BEGIN:VCARD is missing\n7: name=B\n");
	CARDS("BEGIN:VCARD\nFN:A\n END:VCARD\nEND:VCARD\n", "1: name=AEND:VCARD\n");
}

static void nested(void **state)
{
	(void)state;
	CARDS("BEGIN:VCARD\nVERSION:2.1\nFN:A\nAGENT:\nBEGIN:VCARD\nFN:C\nEND:VCARD\nNOTE:x\nEND:VCARD\nBEGIN:VCARD\n"
	      "FN:B\nEND:VCARD\n",
		"1! line 5: a card inside the card, which cannot be taken\n10: name=B\n");
	CARDS("BEGIN:VCARD\nFN:A\nitem1.AGENT;X=1:\nBEGIN:VCARD\nFN:C\nEND:VCARD\nEND:VCARD\n",
		"1! line 4: a card inside the card, which cannot be taken\n");
}

static void lines_that_are_none(void **state)
{
	(void)state;
	FAULT("3.0", "FN:A\r\nNOTE\r\n", "line 4: not a property: it should begin as NAME: or NAME;");
	FAULT("3.0", "FN:A\r\n\r\nA B:c\r\n", "line 5: not a property: it should begin as NAME: or NAME;");
	FAULT("3.0", "TEL;TYPE=home\r\n", "line 3: a colon before the value is missing");
	FAULT("3.0", "TEL;TYPE=\"home:1\r\n", "line 3: a quote among the parameters is not closed");
	FAULT("5.0", "FN:A\r\n", "line 2: VERSION: '5.0' is not 2.1, 3.0 or 4.0");
}

/* --- lines --- */

static void folding(void **state)
{
	(void)state;
	SAYS("3.0", "NOTE:one t\r\n wo\r\n\t three\r\nFN:A\r\n", "name=A|note=one two three");
	SAYS("3.0", "NO\r\n TE;X=\"a\r\n b\":c\r\n", "note=c");
	SAYS("4.0", "NOTE:\xe5\xbc\r\n \xa0\r\n", "note=\xe5\xbc\xa0");
	/* In 2.1 lines are folded where a blank is, and it stays. */
	SAYS("2.1", "NOTE:one\r\n two\r\n", "note=one two");
	SAYS("2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:one=\r\ntwo =\r\n three==\r\n=0D=0Afour\r\nFN:A\r\n",
		"name=A|note=onetwo  three=\\nfour");
	SAYS("2.1", "NOTE;QUOTED-PRINTABLE:a=\r\n\r\nFN:A\r\n", "name=A|note=a");
}

static void groups_and_parameters(void **state)
{
	(void)state;
	SAYS("3.0", "item1.FN:A\r\nx-1.note;language=\"a;b:c,d\";X=y:c\r\n", "name=A|note=c");
	/* RFC 6868, seen in a label. */
	SAYS("4.0", "TEL:1\r\nTEL;TYPE=\"a^^b^n^'c\":2\r\n", "phone=1|phones=a b  c:2");
}

static void escapes(void **state)
{
	(void)state;
	SAYS("4.0", "NOTE:a\\nb\\Nc\\,d\\;e\\\\n\\:f,g;h\\x\\\r\n", "note=a\\nb\\nc,d;e\\n:f,g;h\\x\\");
	SAYS("3.0", "N:a\\;b;c\\,d;;;\r\n", "given_name=c,d|family_name=a;b");
	SAYS("4.0", "NOTE:a\rb\r\n", "note=a\\rb");
	/* crm's own: where carriage returns were. */
	SAYS("4.0", "NOTE;X-CRM-CR=1,3,3:a\\nb\r\n", "note=a\\r\\nb\\r\\r");
	SAYS("4.0", "N;X-CRM-CR=0,2,3:a;b;;;\r\n", "given_name=\\rb\\r|family_name=\\ra");
	SAYS("4.0", "NOTE;X-CRM-CR=0:\r\n", "note=\\r");
	SAYS("4.0", "NOTE;X-CRM-CR=x,9:a\r\n", "note=a");
	SAYS("4.0", "NOTE;X-CRM-CR=1,3:\xe5\xbc\xa0\r\n", "note=\xe5\xbc\xa0\\r"); /* none inside a character */
}

/* --- bytes --- */

static void quoted_printable(void **state)
{
	(void)state;
	SAYS("2.1", "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0=e4=b8=89\r\n",
		"name=\xe5\xbc\xa0\xe4\xb8\x89");
	SAYS("2.1", "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=GB2312:=D5=C5=C8=FD\r\n", "name=\xe5\xbc\xa0\xe4\xb8\x89");
	SAYS("2.1", "N;CHARSET=gbk;QUOTED-PRINTABLE:=D5=C5;=C8=FD\r\n",
		"given_name=\xe4\xb8\x89|family_name=\xe5\xbc\xa0");
	/* U+20000 is in GB18030 alone. */
	SAYS("2.1", "FN;QUOTED-PRINTABLE;CHARSET=GB2312:=95=32=82=36\r\n", "name=\xf0\xa0\x80\x80");
	SAYS("2.1", "FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Jos=E9\r\n", "name=Jos\xc3\xa9");
	SAYS("2.1", "FN;QUOTED-PRINTABLE;CHARSET=BIG5:=B1=69\r\n", "name=\xe5\xbc\xb5");
	SAYS("2.1", "NOTE;QUOTED-PRINTABLE:1 = 1=2 =3D=\r\n", "note=1 = 1=2 =");
}

static void base64(void **state)
{
	(void)state;
	SAYS("3.0", "NOTE;ENCODING=b:5byg5L\r\n iJ\r\nFN:A\r\n", "name=A|note=\xe5\xbc\xa0\xe4\xb8\x89");
	SAYS("2.1", "NOTE;BASE64;CHARSET=GBK:\r\n 1cXI\r\n /Q==\r\n\r\nFN:A\r\n",
		"name=A|note=\xe5\xbc\xa0\xe4\xb8\x89");
	SAYS("2.1", "PHOTO;ENCODING=BASE64;JPEG:\r\n/9j/4AAQ\r\nSkZJRg==\r\n\r\nFN:A\r\n", "name=A");
	FAULT("3.0", "NOTE;ENCODING=B:a*b\r\n", "line 3: NOTE: not base64");
	SAYS("4.0", "PHOTO:data:image/jpeg;base64,/9j/4AAQ\r\nFN:A\r\n", "name=A");
}

static void bytes_that_do_not_decode(void **state)
{
	(void)state;
	FAULT("2.1", "FN:A\r\nNOTE;QUOTED-PRINTABLE:=FF=FE\r\n", "line 4: NOTE: bytes that are not UTF-8");
	FAULT("2.1", "NOTE;QUOTED-PRINTABLE;CHARSET=GB2312:=D5\r\n", "line 3: NOTE: bytes that are not GB18030");
	FAULT("2.1", "NOTE;QUOTED-PRINTABLE:a=00b\r\n", "line 3: NOTE: a NUL byte");
	FAULT("2.1", "NOTE;QUOTED-PRINTABLE;CHARSET=klingon:=E5\r\n", "line 3: NOTE: unknown encoding 'klingon'");
	FAULT("3.0", "TEL;TYPE=\xff:1\r\n", "line 3: TEL: a parameter has bytes that are not UTF-8");
	FAULT("3.0", "NOTE:a\0b\r\n", "line 3: NOTE: a NUL byte");
	CARDS(CARD("3.0", "FN:\xe5\xbc\xa0\r\n") CARD("3.0", "FN:B\r\nTITLE:\xff\r\n") CARD("3.0", "FN:C\r\n"),
		"1: name=\xe5\xbc\xa0\n5! line 8: TITLE: bytes that are not UTF-8\n10: name=C\n");
}

static void files_in_other_encodings(void **state)
{
	(void)state;
	/* The file as a whole, as for any other form. */
	CARDS(CARD("2.1", "FN;CHARSET=GB2312:\xd5\xc5\xc8\xfd\r\n"), "1: name=\xe5\xbc\xa0\xe4\xb8\x89\n");
	CARDS(CARD("3.0", "FN:\xd5\xc5\xc8\xfd\r\n"), "1: name=\xe5\xbc\xa0\xe4\xb8\x89\n");
	CARDS("\xff\xfe"
	      "B\0E\0G\0I\0N\0:\0V\0C\0A\0R\0D\0\n\0F\0N\0:\0\x20\x5f\n\0E\0N\0D\0:\0V\0C\0A\0R\0D\0",
		"1: name=\xe5\xbc\xa0\n");
}

/* --- what becomes of each property --- */

static void names(void **state)
{
	(void)state;
	SAYS("4.0", "FN:Dr. John Q. Public\r\nN:Public;John;Quinlan,Paul;Dr.;Jr.,M.D.\r\n",
		"name=Dr. John Q. Public|given_name=John Quinlan Paul|family_name=Public|N prefix=Dr.|N suffix=Jr. "
		"M.D.");
	SAYS("3.0", "N:;;;;\r\nFN:A\r\n", "name=A");
	SAYS("3.0", "N:Public\r\n", "family_name=Public");
	/* In 2.1 a comma is a comma. */
	SAYS("2.1", "N:a,b;c\r\n", "given_name=c|family_name=a,b");
	SAYS("4.0", "FN:A\r\nFN;PREF=1:B\r\nFN:C\r\n", "name=B|further FN=A\\nC");
}

static void companies(void **state)
{
	(void)state;
	SAYS("4.0", "ORG:ABC\\, Inc.;North;Sales\r\nTITLE:Chief\\; really\r\nROLE:x\r\n",
		"company=ABC, Inc.|title=Chief; really|ORG unit=North\\nSales|ROLE=x");
	SAYS("3.0", "ORG:Company, The;\r\n", "company=Company, The");
}

static void phones(void **state)
{
	(void)state;
	SAYS("3.0", "TEL;TYPE=HOME:1\r\nTEL;TYPE=cell,voice:2\r\nTEL;TYPE=\"fax,work\":3\r\nTEL:4\r\n",
		"phone=1|phones=mobile:2, work fax:3, 4");
	SAYS("3.0", "TEL;TYPE=WORK:1\r\nTEL;TYPE=CELL;TYPE=pref:2\r\n", "phone=2|phones=work:1");
	SAYS("2.1", "TEL;HOME;VOICE:1\r\nTEL;CELL;PREF:2\r\nTEL;PREF:3\r\n", "phone=2|phones=home:1, 3");
	SAYS("4.0", "TEL;PREF=50:1\r\nTEL;PREF=2;TYPE=pager:2\r\nTEL;PREF=1:3\r\n", "phone=3|phones=1, pager:2");
	SAYS("4.0", "TEL;VALUE=uri;TYPE=\"voice,home\":tel:+1-555-555-5555;ext=5555\r\nTEL;VALUE=uri:tel:+33\r\n",
		"phone=+1-555-555-5555;ext=5555|phones=+33");
	SAYS("4.0", "TEL;VALUE=text:tel:1\r\n", "phone=tel:1");
	SAYS("3.0", "TEL:\r\nTEL: \r\nTEL;TYPE=x-a.b:1\r\nTEL;TYPE=x-a.b:2\r\n", "phone=1|phones=x-a b:2");
	SAYS("4.0", "TEL;X-CRM-FURTHER=yes;TYPE=home:1\r\nTEL;X-CRM-FURTHER=yes:2\r\n", "phones=home:1, 2");
}

static void labels_of_ones_own(void **state)
{
	(void)state;
	SAYS("3.0", "TEL:1\r\nitem1.TEL:2\r\nitem1.X-ABLabel:\xe5\x89\x8d\xe5\x8f\xb0 (A)\r\n",
		"phone=1|phones=\xe5\x89\x8d\xe5\x8f\xb0  A :2");
	SAYS("3.0", "TEL:1\r\nitem1.TEL;type=home:2\r\nITEM1.X-ABLABEL:_$!<Mobile>!$_\r\n", "phone=1|phones=mobile:2");
	SAYS("3.0", "TEL:1\r\na.TEL;type=home:2\r\na.X-ABLABEL:tel\r\n", "phone=1|phones=home:2");
	SAYS("3.0", "item2.URL:http://x\r\nitem2.X-ABLabel:_$!<HomePage>!$_\r\n",
		"URL=http://x|X-ABLABEL=_$!<HomePage>!$_");
}

static void emails(void **state)
{
	(void)state;
	SAYS("3.0", "EMAIL;TYPE=INTERNET:a@b\r\nEMAIL;TYPE=INTERNET,WORK:c@d\r\nEMAIL;TYPE=PREF:e@f\r\n",
		"email=e@f|emails=a@b, work:c@d");
	SAYS("2.1", "EMAIL;INTERNET:\"a,b\"@c\r\nEMAIL;INTERNET:\"d,e\"@f\r\n", "email=\"a,b\"@c|emails=\"d\\,e\"@f");
}

static void addresses(void **state)
{
	(void)state;
	SAYS("3.0", "ADR;TYPE=home:;;123 Main St\\, A\\nB;Any Town;CA;91921-1234;U.S.A.\r\n",
		"address=123 Main St, A\\nB|city=Any Town|region=CA|postcode=91921-1234|country=U.S.A.");
	SAYS("3.0", "ADR:PO 1;Suite 2;Street 3;C\r\n", "address=Street 3, PO 1, Suite 2|city=C");
	SAYS("3.0", "ADR:PO 1\r\n", "address=PO 1");
	SAYS("3.0", "ADR;TYPE=home:;;a;b\r\nADR;TYPE=work,pref:;;c;d\r\nADR:;;;;;;\r\n",
		"address=c|city=d|further ADR=;;a;b");
}

static void birthdays(void **state)
{
	static const char *const pairs[][2] = { { "19900512", "1990-05-12" }, { "1990-05-12", "1990-05-12" },
		{ "1990-05-12T00:00:00Z", "1990-05-12" }, { "19900512T230000-0800", "1990-05-12" },
		{ "--0512", "--05-12" }, { "--05-12", "--05-12" }, { "1990-05", "1990-05" }, { "1990", "1990" },
		{ "--0229T1200", "--02-29" }, { "soon", "soon" }, { "1990-5-1", "1990-5-1" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct buf out = BUF_INIT;

		assert_true(vcard_date_read(&out, pairs[i][0], strlen(pairs[i][0]), NULL));
		assert_string_equal(buf_str(&out), pairs[i][1]);
		buf_free(&out);
	}
	SAYS("4.0", "BDAY:--0512\r\n", "birthday=--05-12");
	SAYS("3.0", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-12\r\n", "birthday=--05-12");
	SAYS("3.0", "BDAY;X-APPLE-OMIT-YEAR=1604:1990-05-12\r\n", "birthday=1990-05-12");
	/* What no field can hold. */
	SAYS("4.0", "BDAY:---12\r\n", "BDAY=---12");
	SAYS("4.0", "BDAY:--05\r\n", "BDAY=--05");
	SAYS("4.0", "BDAY;VALUE=text:circa 1800\r\n", "BDAY=circa 1800");
	SAYS("4.0", "BDAY;CALSCALE=chinese:19900512\r\n", "BDAY=19900512");
	SAYS("4.0", "BDAY;CALSCALE=gregorian:19900512\r\n", "birthday=1990-05-12");
}

static void genders(void **state)
{
	(void)state;
	SAYS("4.0", "GENDER:M\r\n", "gender=male");
	SAYS("4.0", "GENDER:f;\r\n", "gender=female");
	SAYS("4.0", "GENDER:O;intersex\r\n", "gender=other|GENDER=O;intersex");
	SAYS("4.0", "FN:A\r\nGENDER:U\r\n", "name=A");
	SAYS("4.0", "GENDER:N\r\n", "GENDER=N");
	SAYS("4.0", "GENDER:;x\r\n", "GENDER=;x");
	SAYS("3.0", "X-GENDER:Female\r\n", "gender=Female");
	SAYS("3.0", "X-GENDER:Female\r\nGENDER:M\r\n", "gender=male|X-GENDER=Female");
}

static void language_zone_note_tags(void **state)
{
	(void)state;
	SAYS("4.0", "LANG;PREF=2:en\r\nLANG;PREF=1:zh\r\n", "language=zh|further LANG=en");
	SAYS("4.0", "TZ:Asia/Shanghai\r\n", "timezone=Asia/Shanghai");
	SAYS("4.0", "TZ:-0500\r\n", "TZ=-0500");
	SAYS("4.0", "TZ:Raleigh/North America\r\n", "TZ=Raleigh/North America");
	SAYS("4.0", "NOTE:a\r\nNOTE:b\\nc\r\n", "note=a\\nb\\nc");
	SAYS("4.0", "CATEGORIES:vip, old\\,er,a;b\r\nCATEGORIES:,new\r\n", "tags=vip, \\ old\\,er, a;b, new");
	SAYS("2.1", "CATEGORIES:a;b,c\r\n", "tags=a, b, c");
}

static void keys(void **state)
{
	(void)state;
	SAYS("4.0", "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\r\n",
		"key=urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1");
	SAYS("4.0", "UID: a\\,b \r\nX-CRM-SOURCE:erp\r\n", "key= a,b |source=erp");
	SAYS("4.0", "FN:A\r\nUID;VALUE=text:crm-customer-17\r\n", "name=A|#17");
	SAYS("4.0", "UID:crm-customer-017\r\n", "key=crm-customer-017");
	SAYS("4.0", "UID:crm-customer-1x\r\n", "key=crm-customer-1x");
	SAYS("4.0", "UID:crm-customer-\r\n", "key=crm-customer-");
}

/* Names that fields have too are properties all the same; what is about the card is passed over. */
static void other_properties(void **state)
{
	(void)state;
	SAYS("3.0",
		"PROFILE:VCARD\r\nPRODID:x\r\nREV:20260101T000000Z\r\nFN:A\r\nKEY:k\r\nSOURCE:s\r\nLABEL:l\\,m\r\n"
		"URL:u\r\nurl:v\r\nX-QQ;TYPE=home:123\r\nNICKNAME:\r\n",
		"name=A|KEY=k|SOURCE=s|LABEL=l,m|URL=u\\nv|X-QQ=123");
}

/* --- many, long --- */

static void columns(void **state)
{
	struct reader *r = NULL;
	struct buf data = BUF_INIT;
	struct row row;
	int fd;

	(void)state;
	buf_puts(&data, CARD("3.0", "FN:A\r\nURL:u\r\nPHOTO;ENCODING=B:AAAA\r\n"));
	for (int i = 0; i < 1200; i++)
		buf_printf(&data, CARD("3.0", "FN:%d\r\n%s"), i, i == 1100 ? "X-LATE:1\r\nURL:w\r\n" : "");
	fd = file_of(data.s, data.len);
	assert_int_equal(reader_open(&r, fd, &(struct reader_options){ 0 }, NULL), 0);
	assert_int_equal(reader_columns(r), 24);
	assert_string_equal(reader_column(r, 22), "URL");
	assert_string_equal(reader_column(r, 23), "PHOTO");
	assert_false(reader_column_is_property(r, 21));
	assert_true(reader_column_is_property(r, 22));
	for (int i = 0; i <= 1200; i++) {
		assert_int_equal(reader_next(r, &row, NULL), 0);
		assert_null(row.fault);
		assert_string_equal(row.cells[22].s, i == 0 ? "u" : i == 1101 ? "w" : "");
	}
	assert_int_equal(reader_next(r, &row, NULL), CRM_END);
	assert_string_equal(reader_late_property(r, 0), "X-LATE");
	assert_null(reader_late_property(r, 1));
	reader_close(r);
	close(fd);
	buf_free(&data);
}

static void add_times(struct buf *out, const char *s, size_t n)
{
	while (n-- > 0)
		buf_puts(out, s);
}

static void limits(void **state)
{
	struct buf data = BUF_INIT;
	char *got;

	(void)state;
	buf_puts(&data, "BEGIN:VCARD\nNOTE:");
	add_times(&data, "x", READER_FIELD_MAX + 1);
	buf_puts(&data, "\nEND:VCARD\nBEGIN:VCARD\n");
	add_times(&data, "NOTE:0123456789\n", READER_ROW_MAX / 16 + 1);
	buf_puts(&data, "END:VCARD\nBEGIN:VCARD\n");
	add_times(&data, "X:1\n", 10001);
	buf_puts(&data, "END:VCARD\nBEGIN:VCARD\nX-OWN:");
	add_times(&data, "x", READER_FIELD_MAX + 1);
	buf_puts(&data, "\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n");
	got = cards(data.s, data.len, &(struct reader_options){ 0 });
	assert_string_equal(got, "1! note: more than 1 MiB\n4! longer than 8 MiB\n524295! line 534296: more properties "
				 "than a card may have, 10000\n534298! X-OWN: more than 1 MiB\n534301: name=B\n");
	free(got);
	buf_clear(&data);
	buf_puts(&data, "BEGIN:VCARD\n");
	for (int i = 0; i < 1000; i++)
		buf_printf(&data, "X-%d:1\n", i);
	buf_puts(&data, "END:VCARD\n");
	got = cards(data.s, data.len, &(struct reader_options){ 0 });
	assert_string_equal(got, "error: line 1: more than 1000 different properties\n");
	free(got);
	buf_free(&data);
}

static int64_t peak_kib(void)
{
	struct rusage u;

	assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
	return u.ru_maxrss;
}

/* A line of 256 MB, and then 64 MB of cards: memory is that of what is held at a time. */
static void memory_does_not_grow(void **state)
{
	static const char begin[] = "BEGIN:VCARD\nNOTE:", end[] = "\nEND:VCARD\n";
	struct reader *r = NULL;
	struct buf cards_text = BUF_INIT;
	struct row row;
	size_t n = 0;
	int64_t before;
	int fd = file_of(begin, sizeof(begin) - 1);

	(void)state;
	assert_int_equal(ftruncate(fd, 256 << 20), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), 256 << 20);
	assert_int_equal(write(fd, end, sizeof(end) - 1), sizeof(end) - 1);
	for (int i = 0; i < 512; i++)
		buf_printf(&cards_text, "BEGIN:VCARD\nFN:%d\nNOTE:%0*d\nEND:VCARD\n", i, 2000, 0);
	for (int i = 0; i < 64; i++)
		assert_int_equal(write(fd, cards_text.s, cards_text.len), cards_text.len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	before = peak_kib();
	assert_int_equal(reader_open(&r, fd, &(struct reader_options){ 0 }, NULL), 0);
	assert_int_equal(reader_next(r, &row, NULL), 0);
	assert_string_equal(row.fault, "longer than 8 MiB");
	for (; reader_next(r, &row, NULL) == 0; n++)
		assert_null(row.fault);
	assert_int_equal(n, 64 * 512);
	assert_true(peak_kib() - before < 64 << 10);
	reader_close(r);
	buf_free(&cards_text);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(form_by_name),
		cmocka_unit_test(not_closed),
		cmocka_unit_test(nested),
		cmocka_unit_test(lines_that_are_none),
		cmocka_unit_test(folding),
		cmocka_unit_test(groups_and_parameters),
		cmocka_unit_test(escapes),
		cmocka_unit_test(quoted_printable),
		cmocka_unit_test(base64),
		cmocka_unit_test(bytes_that_do_not_decode),
		cmocka_unit_test(files_in_other_encodings),
		cmocka_unit_test(names),
		cmocka_unit_test(companies),
		cmocka_unit_test(phones),
		cmocka_unit_test(labels_of_ones_own),
		cmocka_unit_test(emails),
		cmocka_unit_test(addresses),
		cmocka_unit_test(birthdays),
		cmocka_unit_test(genders),
		cmocka_unit_test(language_zone_note_tags),
		cmocka_unit_test(keys),
		cmocka_unit_test(other_properties),
		cmocka_unit_test(columns),
		cmocka_unit_test(limits),
		cmocka_unit_test(memory_does_not_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
