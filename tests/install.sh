#!/usr/bin/env bash
# Installs into a folder and uses what is there as a stranger would; speaks TAP. `meson test --suite install` gives it
# SOURCE_ROOT and BUILD_ROOT.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
# shellcheck source=tests/tap.sh
. "$SOURCE_ROOT/tests/tap.sh"

installed() { # BUILD ROOT
	DESTDIR=$2 meson install -C "$1" --no-rebuild >"$work/log" 2>&1 || cat "$work/log"
}

find_one() { # ROOT PATH: the first whose path ends so
	find "$1" ! -type d -path "*/$2" | head -n 1
}

check_installed() {
	local name
	installed "$BUILD_ROOT" "$root"
	for name in libcrm.so libcrm.so.0 crm.pc crm.h types.h; do
		[ -e "$(find_one "$root" "$name")" ] || echo "$name is not installed"
	done
	[ -x "$(find_one "$root" "bin/${CRM##*/}")" ] || echo "the program is not installed"
	for name in "$BUILD_ROOT"/man/*.[1-8] "$BUILD_ROOT"/man/zh_CN/*.[1-8]; do
		[ -e "$name" ] || continue
		name=${name#"$BUILD_ROOT"/}
		[ -e "$(find_one "$root" "${name%/*}/man${name##*.}/${name##*/}")" ] || echo "$name is not installed"
	done
	diff -r "$SOURCE_ROOT/data/examples" "$(dirname "$(dirname "$(find_one "$root" shop/customer.csv)")")"
	find "$root" -name '*.a' | sed 's/$/: an archive of internal symbols is installed/'
}

check_soname() {
	local library
	library=$(find_one "$root" libcrm.so)
	readelf -d "$library" | grep -q 'soname: \[libcrm.so.0\]' || echo "soname is not libcrm.so.0"
	[ "$(readlink "$library")" = libcrm.so.0 ] || echo "libcrm.so is no link to libcrm.so.0"
	[[ $(readlink "$library.0") == libcrm.so.0.*.* ]] || echo "libcrm.so.0 is no link to a version"
}

# Each header alone, by the strictest reading of the standard.
compile_headers() { # COMPILER…
	local header
	for header in "$(dirname "$(find_one "$root" types.h)")"/*.h; do
		printf '#include <crm/%s>\n' "${header##*/}" |
			"$@" -Wall -Wextra -pedantic -Werror -fsyntax-only -I "$(dirname "$(dirname "$header")")" - 2>&1
	done
}

check_headers_c() {
	compile_headers cc -std=c17 -x c
}

check_headers_cxx() {
	compile_headers clang -std=c++17 -x c++
}

# The example of libcrm(3) prints what the page says: a customer never spoken to is due at once, one written to after more
# than three days; what was written goes with one undo.
expected() {
	awk '/^It prints/ { here = 1 } /^```/ { inside = !inside; next } here && inside' "$SOURCE_ROOT/man/libcrm.3.scd"
}

check_program() {
	local libdir flags compiler=()
	libdir=$(dirname "$(find_one "$root" libcrm.so)")
	export PKG_CONFIG_PATH=$libdir/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
	read -ra flags < <(pkg-config --cflags --libs crm)
	while read -ra compiler; do
		rm -f "$work"/due*
		"${compiler[@]}" -Wall -pedantic -Werror "$SOURCE_ROOT/man/due.c" -x none "${flags[@]}" -o "$work/due" 2>&1 || return
		diff <(expected) <(LD_LIBRARY_PATH=$libdir "$work/due" "$work/due.db" 2>&1 | sed 's/\t/  /g')
	done <<-'END'
		cc -std=c17 -Wextra
		clang -std=c++20 -x c++
	END
}

# Other packages install a program of the same name, so ours can be given another.
check_renamed() {
	local build=$work/renamed file
	{
		meson setup "$build" "$SOURCE_ROOT" -Dprogram_name=kunden -Dtests=false -Dbuildtype=debug -Ddebug=false &&
			ninja --quiet -C "$build"
	} >"$work/log" 2>&1 || {
		tail -n 20 "$work/log"
		return
	}
	installed "$build" "$work/other"
	while IFS= read -r file; do
		case ${file##*/} in
		kunden | kunden[-.]* | _kunden | libcrm.so* | libcrm.3 | crm.pc | crm.mo) ;;
		*) echo "$file is installed beside kunden" ;;
		esac
	done < <(find "$work/other" ! -type d ! -path '*/include/crm/*' ! -path '*/share/kunden/*')
	LD_LIBRARY_PATH=$(dirname "$(find_one "$work/other" libcrm.so)") "$(find_one "$work/other" bin/kunden)" --version 2>&1 |
		grep -q '^kunden ' || echo "kunden --version does not say its name"
	[ -s "$(find_one "$work/other" share/kunden/examples/clinic/log.csv)" ] || echo "kunden has no examples"
}

cd "$work" || exit 1
run_checks installed soname headers_c headers_cxx program renamed
