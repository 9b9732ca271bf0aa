#!/usr/bin/env bats
# shellcheck disable=SC2154 # out and err are of helper.bash
# Exports of other systems. The columns are those that the systems document, the people are made up.

bats_require_minimum_version 1.5.0
load helper
load exports

# Imports, and again: nothing changes. The preset is named on stderr.
imports() { # PRESET COLUMNS TYPE FILE
	run_ok import "$3" "$4" --country US
	assert_err_has "preset: $1: $2 columns"
	run_ok import "$3" "$4" --country US
	assert_err_has '0 created, 0 updated'
}

google='First Name,Middle Name,Last Name,Phonetic First Name,Nickname,Organization Name,Organization Title,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Address 2 - Street,Address 2 - City'

@test "Google Contacts: names joined, several addresses in a cell, the default first, labels as tags" {
	new_store
	export_of g.csv "$google" \
		'First Name=Ada;;Middle Name=King;;Last Name=Lovelace;;Labels=* myContacts ::: vip;;E-mail 1 - Label=Work;;E-mail 1 - Value=ada@x.org ::: countess@x.org;;E-mail 2 - Label=* Home;;E-mail 2 - Value=ada@home.org;;Phone 1 - Label=Mobile;;Phone 1 - Value=+44 20 7946 0958;;Birthday=1815-12-10;;Notes=First;;Nickname=Enchantress' \
		'E-mail 1 - Value=only@mail.org'
	imports google '22 of 23' customer g.csv
	fields customer 1 'name=Ada King Lovelace' 'given_name=Ada King' email=ada@home.org \
		'emails=Work:ada@x.org, countess@x.org' 'phone=+44 20 7946 0958' 'tags=myContacts, vip' birthday=1815-12-10 \
		$'note=Nickname: Enchantress\nFirst' source=google
	fields customer 2 name=only@mail.org
	assert_err
}

@test "a second postal address becomes a line of the note; the only one fills the fields" {
	new_store
	export_of g.csv "$google,E-mail 3 - Value" \
		'First Name=A;;Address 1 - Street=1 Main St;;Address 1 - City=Rome;;Address 1 - Postal Code=00100;;Address 2 - Street=2 Side St;;Address 2 - City=Pisa' \
		'First Name=B;;Address 2 - Street=3 Back St;;Address 2 - City=Bari'
	imports google '23 of 24' customer g.csv
	fields customer 1 'address=1 Main St' city=Rome postcode=00100 'note=Address 2: 2 Side St, Pisa'
	fields customer 2 'address=3 Back St' city=Bari postcode= note=
}

@test "Google Contacts before 2024" {
	new_store
	export_of g.csv 'Name,Given Name,Additional Name,Family Name,Yomi Name,Birthday,Gender,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name,Organization 1 - Title' \
		'Name=张三;;Given Name=三;;Family Name=张;;Group Membership=* myContacts ::: 客户;;E-mail 1 - Type=* Work;;E-mail 1 - Value=zs@b.cn;;Phone 1 - Type=Mobile;;Phone 1 - Value=+8613800138000;;Organization 1 - Name=云科;;Organization 1 - Title=经理'
	imports google-old '14 of 15' customer g.csv
	fields customer 1 name=张三 given_name=三 family_name=张 email=zs@b.cn 'tags=myContacts, 客户' company=云科 title=经理
}

outlook='Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Business Fax,Business Phone,Home Phone,Mobile Phone,Birthday,Categories,E-mail Address,E-mail Display Name,E-mail 2 Address,Gender,Government ID Number,Notes,Organizational ID Number,Web Page'

@test "Outlook: numbers with labels, an empty date, categories, two addresses; in the Chinese code page" {
	new_store
	export_of o.csv "$outlook" \
		'First Name=小明;;Last Name=王;;Company=云科;;Job Title=经理;;Business Street=解放路1号;;Business City=杭州;;Home Street=文一路2号;;Home City=杭州;;Business Phone=0571-88886666;;Mobile Phone=13800138000;;Birthday=0/0/00;;Categories=VIP;老客户;;E-mail Address=wxm@b.cn;;E-mail 2 Address=x@c.cn;;Gender=Unspecified;;Web Page=http://b.cn'
	iconv -f UTF-8 -t GB18030 o.csv >gb.csv
	run_ok import customer gb.csv --country CN
	assert_err_has 'preset: outlook: 25 of 29 columns'
	assert_err_has GB18030
	fields customer 1 name=王小明 company=云科 address=解放路1号 city=杭州 phone=0571-88886666 'phones=mobile:13800138000' \
		email=wxm@b.cn emails=other:x@c.cn 'tags=VIP, 老客户' birthday= gender= \
		$'note=Website: http://b.cn\nHome: 文一路2号, 杭州'
}

@test "Outlook.com" {
	new_store
	export_of o.csv 'First Name,Middle Name,Last Name,Title,Internet Free Busy,Notes,E-mail Address,E-mail 2 Address,E-mail 3 Address,Primary Phone,Home Phone,Home Address,Home Street,Home City,Home Country,Company,Job Title' \
		'First Name=Bo;;Last Name=Ek;;E-mail Address=bo@x.se;;Primary Phone=+46 8 123 456 78;;Home Street=Storgatan 1;;Home City=Lund;;Home Country=Sweden'
	imports outlook-com '14 of 17' customer o.csv
	fields customer 1 'name=Bo Ek' address='Storgatan 1' city=Lund country=Sweden email=bo@x.se
}

@test "HubSpot contacts, in the order of the user, and companies" {
	new_store
	run_ok agent add --name kim
	export_of h.csv 'Email,Record ID,First Name,Last Name,Lifecycle Stage,Contact owner,Phone Number,Country/Region' \
		'Record ID=51;;Email=a@b.c;;First Name=An;;Last Name=Ber;;Lifecycle Stage=Marketing Qualified Lead;;Contact owner=kim;;Country/Region=Norway'
	imports hubspot-contacts '8 of 8' customer h.csv
	fields customer 1 key=51 source=hubspot 'name=An Ber' stage=mql owner=kim country=Norway
	export_of c.csv 'Record ID,Company name,Website URL,Company owner,Create Date' 'Record ID=7;;Company name=Acme;;Website URL=acme.example'
	imports hubspot-companies '4 of 5' org c.csv
	fields org 1 key=7 source=hubspot name=Acme domain=acme.example
}

@test "Salesforce: reports and the names of the API; contacts and accounts" {
	new_store
	export_of r.csv 'Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Other Street,Other City,Phone,Mobile,Asst. Phone,Email,Email Opt Out,Do Not Call,Birthdate,Description,Contact ID' \
		'First Name=Jo;;Last Name=Ray;;Mailing Street=1 Market St;;Mailing City=SF;;Mailing State/Province=CA;;Mailing Zip/Postal Code=94105;;Other City=LA;;Phone=(415) 555-0100;;Mobile=(415) 555-0101;;Email=jo@x.com;;Email Opt Out=1;;Do Not Call=0;;Contact ID=003A'
	imports salesforce-contacts '20 of 21' customer r.csv
	fields customer 1 key=003A source=salesforce region=CA postcode=94105 'phones=mobile:(415) 555-0101' no_email=True \
		do_not_call=False 'note=Other: LA'
	export_of a.csv 'Id,IsDeleted,MasterRecordId,AccountId,LastName,FirstName,MailingStreet,MailingCity,Phone,MobilePhone,Email' \
		'Id=003B;;LastName=Roe;;FirstName=Al;;MailingCity=Reno;;MobilePhone=+1 775 555 0100'
	imports salesforce-contacts-api '9 of 11' customer a.csv
	fields customer 2 key=003B 'name=Al Roe' city=Reno 'phone=+1 775 555 0100'
	export_of acc.csv 'Account Name,Industry,Type,Billing Street,Billing City,Billing Zip/Postal Code,Billing Country,Phone,Website' \
		'Account Name=Acme;;Type=Customer;;Billing Street=1 Main St;;Billing City=Reno;;Billing Zip/Postal Code=89501;;Website=acme.example'
	imports salesforce-accounts '9 of 9' org acc.csv
	fields org 1 name=Acme 'address=1 Main St, Reno, 89501' tags=Customer domain=acme.example
}

@test "Zoho, ACT!, LinkedIn's columns" {
	new_store
	export_of z.csv 'Record Id,Contact Owner,First Name,Last Name,Account Name,Vendor Name,Email,Secondary Email,Mobile,Mailing City,Mailing Zip,Email Opt Out' \
		'Record Id=z1;;First Name=Ro;;Last Name=Sen;;Email=r@x.in;;Secondary Email=s@x.in;;Mailing City=Pune;;Mailing Zip=411001;;Email Opt Out=false'
	imports zoho '11 of 12' customer z.csv
	fields customer 1 key=z1 'name=Ro Sen' emails=other:s@x.in city=Pune postcode=411001
	export_of act.csv 'Company,Name Suffix,Address 1,Address 2,City,State,Zip,Country,Phone,Phone Ext-,Mobile Phone,Alt Phone,Fax,E-mail Login,E-mail,Web Site' \
		'Company=Acme;;Address 1=1 Main St;;Address 2=Suite 4;;City=Reno;;State=NV;;Phone=(775) 555-0100;;Phone Ext-=12;;E-mail=info@acme.example'
	imports act '16 of 16' customer act.csv
	fields customer 2 name=Acme 'address=1 Main St Suite 4' region=NV note='Extension: 12'
	export_of l.csv 'First Name,Last Name,URL,Email Address,Company,Position,Connected On' \
		'First Name=Li;;Last Name=Na;;URL=https://www.linkedin.com/in/lina;;Email Address=li@na.cn;;Position=CTO;;Connected On=01 Jan 2024'
	imports linkedin '7 of 7' customer l.csv
	fields customer 3 title=CTO $'note=LinkedIn: https://www.linkedin.com/in/lina\nConnected on: 01 Jan 2024'
}

@test "Zendesk, Freshdesk, Zammad, Chatwoot, osTicket: users and companies" {
	new_store
	export_of zd.csv 'name,email,external_id,details,notes,phone,role,restriction,organization,tags' \
		'name=Ann;;email=ann@x.org;;external_id=e1;;details=tall;;notes=kind;;organization=Acme;;tags=vip new'
	imports zendesk-users '8 of 10' customer zd.csv
	fields customer 1 key=e1 source=zendesk company=Acme 'tags=new, vip' $'note=tall\nkind'
	export_of fd.csv 'Full name,Email,Work phone,Mobile phone,Contact ID,Unique External ID,Other phone numbers,Tags,Title' \
		'Full name=Bob;;Email=bob@x.org;;Work phone=+1 212 555 0100;;Mobile phone=+1 212 555 0101;;Other phone numbers=+1 212 555 0102,+1 212 555 0103;;Contact ID=77;;Tags=a,b'
	imports freshdesk-contacts '9 of 9' customer fd.csv
	fields customer 2 key=77 'phone=+1 212 555 0100' \
		'phones=mobile:+1 212 555 0101, other:+1 212 555 0102, other:+1 212 555 0103' 'tags=a, b'
	export_of fc.csv 'Company Name,Company Domains,Health score,Account tier,Industry,Renewal date' 'Company Name=Acme;;Company Domains=acme.example;;Industry=Tools'
	imports freshdesk-companies '3 of 6' org fc.csv
	export_of za.csv 'id,login,firstname,lastname,email,web,phone,mobile,organization,vip,active' \
		'id=5;;login=cy;;firstname=Cy;;lastname=Poe;;email=cy@x.org;;vip=true'
	imports zammad-users '10 of 11' customer za.csv
	fields customer 3 key=5 source=zammad 'name=Cy Poe' tags=vip note='Login: cy'
	export_of cw.csv 'id,name,identifier,email,phone_number,company_name,city' 'id=9;;name=Di;;phone_number=+12125550199;;company_name=Acme'
	imports chatwoot '7 of 7' customer cw.csv
	fields customer 4 key=9 source=chatwoot company=Acme phone=+12125550199
	export_of os.csv 'Name,Organization,Email' 'Name=Ed;;Organization=Acme;;Email=ed@x.org'
	run_ok import customer os.csv --preset osticket-users
	fields customer 5 name=Ed company=Acme
}

@test "an unknown word rejects the row and says which are known" {
	new_store
	export_of h.csv 'Record ID,First Name,Lifecycle Stage' 'Record ID=1;;First Name=A;;Lifecycle Stage=Nirvana'
	run_fail 1 import customer h.csv
	assert_err_has "h.csv:2: stage: '…' is not known"
	assert_err_has evangelist
}

@test "a preset of one's own; --map and --preset none go before; --source too" {
	new_store
	cat >own.json <<'EOF'
{ "name": "shop", "entity": "customer", "source": "shop", "fingerprint": [],
  "columns": { "Nr*": "key", "Vor-Name": "given_name", "Nach-Name": "family_name",
	"Tel #": { "to": "phone", "label": "work" },
	"Stufe": { "to": "stage", "words": { "A": "customer", "-": "" } } } }
EOF
	printf 'Nr,Vor-Name,Nach-Name,Tel 1,Tel 2,Stufe,Rest\n4,Uwe,Ohm,+49 30 1234567,+49 30 7654321,a,x\n5,Eva,Ohm,,,-,y\n' >own.csv
	run_ok import customer own.csv --preset ./own.json
	assert_err_has 'preset: shop: 6 of 7 columns'
	assert_err_has 'unknown columns: not imported: Rest'
	fields customer 1 key=4 source=shop 'name=Uwe Ohm' 'phones=work:+49 30 7654321' stage=customer
	fields customer 2 stage=
	run_ok import customer own.csv --preset ./own.json --map Rest=city --map Stufe= --source other
	fields customer 1 source=shop city=x # found by the number: the key is of another system
	fields customer 3 source=other city=y stage=
	run_fail 2 import customer own.csv --preset none
}

@test "faults of a preset are named" {
	new_store
	echo name >x.csv
	echo '{ "name": "x",' >bad.json
	run_fail 2 import customer x.csv --preset ./bad.json
	assert_err_has './bad.json:'
	echo '{ "name": "x", "entity": "customer", "fingerprint": [], "columns": { "A": "nosuch" } }' >bad.json
	run_fail 2 import customer x.csv --preset ./bad.json
	assert_err_has "./bad.json: A: customer has no field 'nosuch' to import"
	echo '{ "name": "x", "entity": "customer", "fingerprint": [], "columns": { "A": { "to": "name", "as": 1 } } }' >bad.json
	run_fail 2 import customer x.csv --preset ./bad.json
	assert_err_has './bad.json: A: "as" is not known here, or is no text'
	echo '{ "name": "x", "entity": "org", "fingerprint": [], "columns": { "A": "name" } }' >bad.json
	run_fail 2 import customer x.csv --preset ./bad.json
	assert_err_has 'is one of org, not of customer'
	run_fail 2 import customer x.csv --preset nosuch
	assert_err_has "google, google-old"
	run_fail 1 import customer x.csv --preset ./missing.json
	assert_err_has 'No such file'
}

@test "presets are listed, and completed" {
	run_ok import presets --fields preset,type --format csv
	grep -qx 'google,customer' "$out"
	grep -qx 'salesforce-accounts,org' "$out"
	run_ok __complete import customer x --preset goo
	cut -f 1 "$out" | grep -qx google-old
	[ ! -e "$XDG_DATA_HOME/crm" ]
}

@test "rejected rows keep the columns of their file" {
	new_store
	export_of h.csv 'Record ID,First Name,Lifecycle Stage,Odd' 'Record ID=1;;First Name=A;;Lifecycle Stage=Nirvana;;Odd=7'
	run_fail 1 import customer h.csv --rejects r.csv
	head -n 1 r.csv | grep -qx 'Record ID,First Name,Lifecycle Stage,Odd,reject_line,reject_field,reject_reason'
	sed -n 2p r.csv | grep -q '^1,A,Nirvana,7,2,stage,'
	sed 's/Nirvana/Lead/' r.csv >fixed.csv
	run_ok import customer fixed.csv
	fields customer 1 key=1 stage=lead
}
