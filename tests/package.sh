#!/usr/bin/env bash
# Looks at the packages in a folder, installs them in a fresh Debian, uses them there as a user who has nothing else, and
# purges them; speaks TAP. A fresh Debian needs root: without it the test is left out, but fails where $CI is true.
#
#   tests/package.sh FOLDER
set -u
cd "$(dirname "$0")/.." || exit 1
folder=$(realpath "$1")
root=$folder/fresh
export LC_ALL=C

# shellcheck source=tests/tap.sh
. tests/tap.sh

# --- a fresh Debian ---

# Of the same release as this one, since that is what the packages were built for.
codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
# shellcheck disable=SC2016 # apt fills it in
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $codename" 'Component: main' |
	head -n 1)
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
proxy=(${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"})

# Why it cannot be made; nothing when it can.
impossible() {
	[ "$(id -u)" -eq 0 ] || echo "only root can make a fresh Debian"
	command -v debootstrap >/dev/null || echo "debootstrap is not installed"
	[ -n "$mirror" ] || echo "apt knows no mirror of $codename"
}

# Processes and mounts end with the command, where that is allowed.
apart=() mounts_apart=()
if unshare --mount --pid --fork true 2>/dev/null; then
	apart=(unshare --mount --pid --fork --kill-child --mount-proc="$root/proc")
	mounts_apart=(unshare --mount)
fi

inside() { # COMMAND…: there, as root
	"${apart[@]}" chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive \
		"${proxy[@]}" "$@" </dev/null
}

user_inside() { # COMMAND…: there, as a user, in the folder with what the tests need
	inside runuser -u ada -- env HOME=/home/ada sh -c 'cd /src && exec "$@"' sh "$@"
}

# What a step says is shown when it fails.
try() { # COMMAND…
	"$@" >"$folder/said" 2>&1 || {
		printf 'failed: %s\n' "${*@Q}"
		tail -n 40 "$folder/said"
		return 1
	}
}

# --- checks ---

# Overrides would be in debian/, each with its reason.
check_lintian() {
	lintian --info --display-info --pedantic --fail-on error,warning "$folder"/*.changes >"$folder/lintian" 2>&1 ||
		cat "$folder/lintian"
}

check_fresh() {
	local why
	why=$(impossible)
	if [ -n "$why" ]; then
		echo "$why"
		return
	fi
	rm -rf --one-file-system "$root"
	case $mirror in https:*) set -- --include=ca-certificates ;; esac
	try "${mounts_apart[@]}" env "${proxy[@]}" debootstrap --variant=minbase "$@" "$codename" "$root" "$mirror" || return
	try inside apt-get update || return
	mkdir -p "$root/src/tests/data" "$root/src/man"
	cp -r debian "$root/src"
	cp -r tests/data/demo "$root/src/tests/data"
	cp man/due.c man/libcrm.3.scd "$root/src/man"
	cp "$folder"/*.deb "$root/src"
	try inside useradd --create-home ada
}

check_install() {
	try inside sh -c 'apt-get install -y --no-install-recommends /src/*.deb'
}

# Each page that has a source, compressed, where man looks.
check_manual() {
	local page section
	while IFS= read -r page; do
		page=${page#man/} page=${page%.scd}
		section=${page##*.}
		case $page in */*) section=${page%/*}/man$section ;; *) section=man$section ;; esac
		[ -s "$root/usr/share/man/$section/${page##*/}.gz" ] || echo "usr/share/man/$section/${page##*/}.gz is missing"
	done < <(find man -name '*.scd')
}

# Where the shells of this Debian look.
check_completion() {
	local place found
	[ -s "$root/usr/share/bash-completion/completions/crm" ] || echo "bash does not find its completion"
	# shellcheck disable=SC2016 # theirs, not ours
	found=$(zsh -fc 'print -l $fpath' | while read -r place; do ls "$root$place/_crm" 2>/dev/null; done)
	[ -n "$found" ] || echo "zsh does not find its completion"
	# shellcheck disable=SC2016
	found=$(fish -c 'printf "%s\n" $fish_complete_path' |
		while read -r place; do ls "$root$place/crm.fish" 2>/dev/null; done)
	[ -n "$found" ] || echo "fish does not find its completion"
}

# Every program and library has what it is linked with.
check_linked() {
	# shellcheck disable=SC2016
	inside sh -c 'for f in $(dpkg -L crm-toolkit libcrm0 libcrm-dev); do
		[ -f "$f" ] && [ "$(head -c 4 "$f" | tail -c 3)" = ELF ] && ldd "$f" | sed "s|^|$f: |"; done' >"$folder/linked"
	grep 'not found' "$folder/linked"
	grep -q '^/usr/bin/crm:.*/libcrm.so.0 ' "$folder/linked" || echo "the program does not use the library of the package"
	[ "$(grep -c '^/usr/libexec/crm/.*/libc.so' "$folder/linked")" -eq 6 ] || echo "not six helpers"
}

check_main_job() {
	try user_inside debian/tests/main-job
}

check_library() {
	try inside apt-get install -y --no-install-recommends gcc libc6-dev pkg-config &&
		try user_inside debian/tests/library
}

# Two packages have a program of the same name: apt takes one or the other.
check_conflicts() {
	local other
	for other in crmsh crm114; do
		inside apt-get install --simulate --no-install-recommends "$other" 2>&1 | grep -q '^Remv crm-toolkit ' ||
			echo "$other could be installed beside crm-toolkit"
	done
}

# What was theirs alone is gone, and so is whatever else bears the name.
check_purge() {
	local path kept=()
	inside dpkg -L crm-toolkit libcrm0 libcrm-dev | grep -vxE '|/\.' >"$folder/theirs"
	try inside userdel --remove ada || return
	try inside apt-get purge -y --auto-remove crm-toolkit libcrm0 libcrm-dev || return
	rm -rf "$root/src" "$root"/tmp/*
	while IFS= read -r path; do
		[ ! -e "$root$path" ] && [ ! -L "$root$path" ] || kept+=("$path")
	done <"$folder/theirs"
	inside dpkg -S "${kept[@]}" 2>&1 | sed -n 's/^dpkg-query: no path found matching pattern /left behind: /p'
	find "$root" -xdev -path "$root/proc" -prune -o \( -name 'crm*' -o -name 'libcrm*' -o -name '_crm' \) -print | sed 's/^/left behind: /'
}

trap 'rm -rf --one-file-system "$root"' EXIT
checks=(lintian)
why=$(impossible)
if [ -z "$why" ] || [ "${CI-}" = true ]; then
	checks+=(fresh install manual completion linked main_job library conflicts purge)
else
	echo "# SKIP the packages are not tried: $why"
fi
run_checks "${checks[@]}"
