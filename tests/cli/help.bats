#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2016 # out is of helper.bash; what stands in '' is for another shell
# crm help: the manual page in the language of people, whatever locales are installed; the usage where there is no page.

load helper

# A program `man` that has pages in the languages of $PAGES and keeps what it was called with.
fake_man() {
	unset SUDO_UID
	mkdir bin
	cat >bin/man <<-'END'
		#!/bin/sh
		echo "$* in ${LC_ALL-}" >>"$HOME/called"
		case "$*: $PAGES" in
		*-L\ zh_CN*:*zh*) echo 中文 ;;
		*-L*) exit 16 ;;
		*:*en*) echo English ;;
		*) exit 16 ;;
		esac
	END
	chmod +x bin/man
	export PATH=$PWD/bin:$PATH
}

@test "help opens the page in the language that was chosen, by the environment or by ui.language" {
	local page=${CRM##*/}-customer
	fake_man
	PAGES='en zh' run_ok help customer
	assert_out English
	same_lines "$HOME/called" "-w $page in C" "$page in C"
	rm "$HOME/called"
	PAGES='en zh' LANGUAGE='' LC_ALL='' LANG=zh_CN.UTF-8 run_ok help customer
	assert_out 中文
	same_lines "$HOME/called" "-w -L zh_CN $page in C.UTF-8" "-L zh_CN $page in C.UTF-8"
	run_ok config set ui.language zh
	PAGES='en zh' run_ok help customer
	assert_out 中文
	PAGES='en zh' run_ok help
	assert_out 中文
	[ "$(tail -n 1 "$HOME/called")" = "-L zh_CN ${CRM##*/} in C.UTF-8" ]
}

@test "help falls back to the English page, then to the usage" {
	fake_man
	PAGES=en LANGUAGE=zh LC_ALL='' run_ok help customer
	assert_out English
	PAGES='' LANGUAGE=zh LC_ALL='' run_ok help customer
	assert_out_has 'crm customer add'
	PAGES='' run_ok help customer add
	assert_out_has ': female, male, other'
	PAGES='' LANGUAGE=zh LC_ALL='' run_ok help customer add
	assert_out_has '：female、male、other'
}

@test "the real man finds the Chinese page, and shows it in Chinese" {
	local page=${CRM##*/}-customer.1
	command -v man lexgrog >/dev/null || skip "no man-db"
	unset SUDO_UID MANOPT MANPAGER
	mkdir -p man/man1 man/zh_CN/man1
	printf '.TH X 1\n.SH NAME\nx \\- customers\n' >"man/man1/$page"
	printf '.TH X 1\n.SH 名称\nx \\- 客户\n' >"man/zh_CN/man1/$page"
	export MANPATH=$PWD/man
	run_ok help customer
	assert_out_has customers
	LANGUAGE=zh LC_ALL='' LANG=C run_ok help customer
	assert_out_has 名称
	assert_out_has 客户
	rm "man/zh_CN/man1/$page"
	LANGUAGE=zh LC_ALL='' LANG=C run_ok help customer
	assert_out_has customers
}
