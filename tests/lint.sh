#!/usr/bin/env bash
# The rules of the house that a machine can check; speaks TAP. `meson test --suite lint` gives it SOURCE_ROOT, BUILD_ROOT,
# LIBCRM and CRM.
set -u
cd "$SOURCE_ROOT" || exit 1

# shellcheck source=tests/tap.sh
. tests/tap.sh

layers=(base text store model query analysis service report exchange)

tracked=()
while IFS= read -r -d '' path; do
	[ -e "$path" ] && tracked+=("$path")
done < <(git ls-files -z)

# Without a checkout, or in one of a foreign owner, git lists nothing: checking no file must not pass.
check_tracked() {
	[ "${#tracked[@]}" -gt 0 ] || echo "git lists no files here"
}

files() { # PATTERN…: the tracked files whose path fits one
	local path pattern
	for path in "${tracked[@]}"; do
		for pattern in "$@"; do
			# shellcheck disable=SC2254 # patterns are wanted
			case $path in $pattern)
				printf '%s\n' "$path"
				break
				;;
			esac
		done
	done
}

search() { # REGEX PATTERN…: lines that match, in the tracked files that fit
	local regex=$1
	shift
	files "$@" | xargs -r -d '\n' grep -nPH -- "$regex"
}

check_formatted() {
	files '*.c' '*.h' | xargs -r -d '\n' clang-format --dry-run --Werror 2>&1 |
		sed -n 's/^\([^: ]*\):[0-9]*:[0-9]*: error.*/\1: run clang-format -i/p' | sort | uniq -c
}

check_shell() {
	files bootstrap .ci/run tests/fuzz/long debian/tests/main-job debian/tests/library '*.sh' '*.bash' | xargs -r -d '\n' shellcheck -x 2>&1
	# in a test `! command` holds whatever the command does: `lacks`, or `if command; then return 1; fi`
	files '*.bats' | xargs -r -d '\n' shellcheck -i SC2314,SC2315 2>&1
}

# Calls that overflow, depend on the locale or the process's zone, or read numbers unchecked.
check_calls() {
	search '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|strtok_r|atoi|atol|atoll|atof|system|popen|mktemp|tmpnam|localtime|localtime_r|gmtime|gmtime_r|mktime|strftime|isalpha|isdigit|isalnum|isspace|isupper|islower|toupper|tolower|strcasecmp|strncasecmp|wcwidth)\s*\(' \
		'lib/*.[ch]' 'cmd/*.[ch]'
	search 'setenv\s*\(\s*"TZ"' 'lib/*.[ch]' 'cmd/*.[ch]'
}

# The library is silent, and its surroundings are given to it. Generators are programs; what -Dchecks=true compiles in may
# say why it stops the program.
check_library() {
	local path
	while IFS= read -r path; do
		awk '/^#ifdef CRM_CHECKS/ { skip = 1 } /^#(else|endif)/ { skip = 0 } { print skip ? "" : $0 }' "$path" |
			grep -nPH --label="$path" \
				'\b(printf|puts|putchar|fputs|perror|exit|_exit|getenv|secure_getenv|gettimeofday)\s*\(|\btime\s*\(\s*(NULL|0|&)|\bCLOCK_REALTIME\b|\bstd(out|err)\b'
	done < <(files 'lib/*.[ch]' | grep -v -- '-gen\.c$')
}

# Each folder of lib/ uses only those before it.
check_layers() {
	local i j
	for i in "${!layers[@]}"; do
		for ((j = i + 1; j < ${#layers[@]}; j++)); do
			search "#include\\s+\"${layers[j]}/" "lib/${layers[i]}/*.[ch]"
		done
	done
	search '#include\s+"(\.\./|lib/)' 'cmd/*.[ch]' 'lib/*.[ch]'
	search '#include\s+["<](base|text|store|model|query|analysis|service|report|exchange)/' 'cmd/*.[ch]'
}

check_storage() {
	# helpers are programs of their own: they read foreign files, never the store
	search '#include\s+[<"]sqlite3' 'cmd/*.[ch]' 'include/*.h' | grep -v '^cmd/helpers/'
	files 'lib/*.[ch]' | grep -v '^lib/store/' | xargs -r -d '\n' grep -nPH '#include\s+[<"]sqlite3'
}

# Whatever is built, tested or installed stands by name in the nearest meson.build.
check_listed() {
	local path name list
	while IFS= read -r path; do
		list=${path%/*}
		while [ ! -e "$list/meson.build" ]; do
			list=${list%/*}
		done
		name=${path#"$list"/}
		list+=/meson.build
		case $name in
		test_*.c | fuzz_*.c) name=${name#*_} name=\'${name%.c}\' ;;
		*.scd) name=${path##*/} name=\'${name%.scd}\' list=man/meson.build ;; # one list for all languages
		*) name=\'$name\' ;;
		esac
		grep -qF -- "$name" "$list" || echo "$path: not named in $list"
	done < <(files 'lib/*.c' 'cmd/*.c' 'include/crm/*.h' 'man/*.scd' 'tests/unit/test_*.c' 'tests/fuzz/fuzz_*.c' 'tests/cli/*.bats')
}

check_length() {
	local path
	while IFS= read -r path; do
		[ "$(wc -l <"$path")" -le 600 ] || echo "$path: more than 600 lines; one file, one subject"
	done < <(files 'lib/*.[ch]' 'cmd/*.[ch]' 'include/*.h')
}

check_leftovers() {
	search '\b(TODO|FIXME|XXX)\b|not implemented' 'lib/*' 'cmd/*' 'include/*' 'man/*' 'completions/*'
}

# What the program knows of its version comes from meson.build; of the changelogs, each has an entry for it.
check_version() {
	local version
	version=$(sed -n 's/^#define CRM_VERSION "\(.*\)"/\1/p' "$BUILD_ROOT/config.h")
	[ -n "$version" ] || echo "no CRM_VERSION in config.h"
	search "(?<![\\d.])\\Q$version\\E(?![\\d.])" 'lib/*.[ch]' 'cmd/*.[ch]' 'include/*.h' 'man/*.scd'
	head -n 1 debian/changelog | grep -qF "($version-" || echo "debian/changelog: its first entry is not of $version"
	grep -m 1 '^## ' CHANGELOG.md | grep -q "^## ${version//./\\.} " || echo "CHANGELOG.md: its first entry is not of $version"
}

# The library exports what its headers declare and the package lists, neither less nor more.
check_exported() {
	diff -U0 --label declared --label exported \
		<(grep -hoP 'CRM_API [^;(]*?\bcrm_\w+(?=\()' include/crm/*.h | grep -oE '[a-z0-9_]+$' | sort -u) \
		<(exported)
	diff -U0 --label debian/libcrm0.symbols --label exported <(sed -n 's/^ \(.*\)@Base .*/\1/p' debian/libcrm0.symbols | sort -u) \
		<(exported)
}

exported() {
	nm -D --defined-only "$LIBCRM" | awk '{ print $3 }' | sort -u
}

# What is heavy to load lives in helpers, never in the program that starts for every command.
check_linked() {
	local file
	for file in "$CRM" "$LIBCRM"; do
		ldd "$file" | grep -E 'icu|libpq|ssl|glib|gmime|expat|minizip|xlsxwriter|libz\.|stdc\+\+|not found'
	done
	ldd "$CRM" | grep -q libcrm || echo "$CRM is not linked with libcrm"
}

run_checks tracked formatted shell calls library layers storage listed length leftovers version exported linked
