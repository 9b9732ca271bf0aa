#include "text/money_mark.h"
#include "text/text.h"

/* As text_fold() leaves them: full-width signs are the usual ones, letters small. */
static const struct mark {
	const char *text, *codes;
} marks[] = {
	/* signs and words that several currencies have */
	{ "$", "ARS|AUD|BBD|BMD|BND|BSD|BZD|CAD|CLP|COP|CUP|CVE|DOP|FJD|GYD|HKD|JMD|KYD|LRD|MXN|NAD|NZD|SBD|SGD|SRD|"
	       "TTD|TWD|USD|UYU|XCD" },
	{ "£", "EGP|FKP|GBP|GIP|LBP|SDG|SHP|SSP|SYP" },
	{ "¥", "CNY|JPY" },
	{ "kr", "DKK|ISK|NOK|SEK" },
	{ "元", "CNY|HKD|MOP|TWD" },
	{ "圆", "CNY|HKD|MOP|TWD" },
	{ "圓", "CNY|HKD|MOP|TWD" },
	/* those of one */
	{ "€", "EUR" },
	{ "₩", "KRW" },
	{ "₹", "INR" },
	{ "₫", "VND" },
	{ "₽", "RUB" },
	{ "₪", "ILS" },
	{ "₱", "PHP" },
	{ "₴", "UAH" },
	{ "₺", "TRY" },
	{ "₸", "KZT" },
	{ "₦", "NGN" },
	{ "₮", "MNT" },
	{ "₭", "LAK" },
	{ "₲", "PYG" },
	{ "₡", "CRC" },
	{ "₼", "AZN" },
	{ "₾", "GEL" },
	{ "฿", "THB" },
	{ "zł", "PLN" },
	{ "us$", "USD" },
	{ "a$", "AUD" },
	{ "c$", "CAD" },
	{ "r$", "BRL" },
	{ "s$", "SGD" },
	{ "hk$", "HKD" },
	{ "nt$", "TWD" },
	{ "nz$", "NZD" },
	{ "cn¥", "CNY" },
	{ "jp¥", "JPY" },
	{ "rmb", "CNY" },
	{ "人民币", "CNY" },
	{ "人民幣", "CNY" },
	{ "美元", "USD" },
	{ "美金", "USD" },
	{ "欧元", "EUR" },
	{ "歐元", "EUR" },
	{ "英镑", "GBP" },
	{ "英鎊", "GBP" },
	{ "円", "JPY" },
	{ "日元", "JPY" },
	{ "日圆", "JPY" },
	{ "日圓", "JPY" },
	{ "韩元", "KRW" },
	{ "韓元", "KRW" },
	{ "港元", "HKD" },
	{ "港币", "HKD" },
	{ "港幣", "HKD" },
	{ "新台币", "TWD" },
	{ "新台幣", "TWD" },
	{ "澳元", "AUD" },
	{ "加元", "CAD" },
	{ "新加坡元", "SGD" },
	{ "卢布", "RUB" },
	{ "泰铢", "THB" },
	{ "越南盾", "VND" },
};

const char *currency_mark(char code[4], const char *folded, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (strlen(marks[i].text) == len && memcmp(marks[i].text, folded, len) == 0)
			return marks[i].codes;
	if (len != 3)
		return NULL;
	for (size_t i = 0; i < 3; i++)
		code[i] = folded[i] >= 'a' && folded[i] <= 'z' ? (char)(folded[i] & ~0x20) : folded[i];
	code[3] = '\0';
	return currency_find(code, 3) ? code : NULL;
}

bool currency_among(const char *codes, const struct currency *currency)
{
	for (; currency && *codes; codes += codes[3] ? 4 : 3)
		if (memcmp(codes, currency->code, 3) == 0)
			return true;
	return false;
}

/* --- a currency by itself --- */

static int unknown(const char *s, size_t len, struct err *err)
{
	const char **codes = calloc(currency_count(), sizeof(*codes));
	cleanup(freep) char *text = strndup(s, crm_text_fit(s, len, 40));
	cleanup(buf_free) struct buf hint = BUF_INIT;
	const char *nearest = NULL;

	for (size_t i = 0; codes && i < currency_count(); i++)
		codes[i] = currency_at(i)->code;
	if (codes && text)
		nearest = crm_text_nearest(text, codes, currency_count());
	if (nearest)
		err_set(err, CRM_INVALID, "'%s' is not a currency%s", text, buf_nearest(&hint, nearest));
	else
		err_set(err, CRM_INVALID, "'%s' is not a currency: use a code of ISO 4217 such as CNY or USD",
			text ? text : "");
	free(codes);
	return CRM_INVALID;
}

int currency_parse(const struct currency **out, const char *s, size_t len, struct err *err)
{
	const struct currency *exact = currency_find(s, len);
	struct buf folded = BUF_INIT;
	const char *codes = NULL;
	char code[4];
	int status = CRM_OK;

	if (!exact && text_fold(&folded, s, len) == CRM_OK && buf_str(&folded))
		codes = currency_mark(code, buf_str(&folded), folded.len);
	if (folded.failed)
		status = err_nomem(err);
	else if (!exact && !codes)
		status = unknown(s, len, err);
	else if (!exact && codes[3])
		status = err_set(err, CRM_INVALID, "'%.*s' is the sign of several currencies: use a code such as %.3s",
			(int)len, s, codes);
	else
		*out = exact ? exact : currency_find(codes, 3);
	buf_free(&folded);
	return status;
}
