#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2030,SC2031 # out and err are of helper.bash; each test has a clock of its own
# Times and lengths of time as they are typed. The clock stands at Tuesday 2026-03-10, 12:00 UTC.

load helper

# Reads a time through `log --at`, in the zone of the run, and says it in UTC.
reads() { # TEXT WANTED [GLOBAL OPTION…]
	local text=$1 wanted=$2 id
	shift 2
	run_ok log phone 1 --at "$text" -m x -q "$@" || return
	id=$(cat "$out")
	run_ok log show "$id" --format tsv --fields at --tz UTC || return
	assert_out "$wanted+00:00" || {
		echo "time: $text $*"
		return 1
	}
}

refuses() { # TEXT [GLOBAL OPTION…]
	local text=$1
	shift
	run_fail 2 log phone 1 --at "$text" -m x "$@" || {
		echo "time: $text $*"
		return 1
	}
}

one() {
	new_store
	run_ok customer add --name Ada
}

@test "with date and time" {
	one
	reads 2026-01-02T15:04:05+08:00 2026-01-02T07:04:05
	reads 2026-01-02T15:04:05Z 2026-01-02T15:04:05
	reads 2026-01-02T15:04:05-03:30 2026-01-02T18:34:05
	reads '2026-01-02 15:04' 2026-01-02T15:04:00
	reads '2026-01-02 15:04:05' 2026-01-02T15:04:05
	reads 2026-01-02 2026-01-02T00:00:00
	reads 2026/1/2 2026-01-02T00:00:00
	reads @1767323045 2026-01-02T03:04:05
}

@test "days by name, with a time of day or without" {
	one
	reads now 2026-03-10T12:00:00
	reads today 2026-03-10T00:00:00
	reads yesterday 2026-03-09T00:00:00
	reads tomorrow 2026-03-11T00:00:00
	reads 'yesterday 15:00' 2026-03-09T15:00:00
	reads 'today 8:30' 2026-03-10T08:30:00
	reads 'tomorrow 23:59:59' 2026-03-11T23:59:59
}

@test "weekdays: the past one where the future is not meant" {
	one
	reads monday 2026-03-09T00:00:00
	reads sunday 2026-03-08T00:00:00
	reads wednesday 2026-03-04T00:00:00
	reads 'monday 9:00' 2026-03-09T09:00:00
	reads 'last monday' 2026-03-09T00:00:00
	reads 'last tuesday' 2026-03-03T00:00:00
	reads 'next monday' 2026-03-16T00:00:00
	reads 'next tuesday' 2026-03-17T00:00:00
	reads 'next monday 10:15' 2026-03-16T10:15:00
	reads Monday 2026-03-09T00:00:00
}

@test "signed offsets" {
	one
	reads -3d 2026-03-07T12:00:00
	reads +2w 2026-03-24T12:00:00
	reads +1mo 2026-04-10T12:00:00
	reads -1y 2025-03-10T12:00:00
	reads +90min 2026-03-10T13:30:00
	reads +4h 2026-03-10T16:00:00
	reads -90s 2026-03-10T11:58:30
	reads +3wd 2026-03-13T12:00:00
	reads +4wd 2026-03-16T12:00:00
	reads -2wd 2026-03-06T12:00:00
}

@test "the last day of a month stays one" {
	one
	export CRM_NOW=2024-02-29T10:00:00Z
	reads_now() { # NOW TEXT WANTED
		CRM_NOW=$1 run_ok log phone 1 --at "$2" -m x -q || return
		run_ok --now 2030-01-01 log show "$(cat "$out")" --format tsv --fields at || return
		assert_out "$3+00:00"
	}
	reads_now 2027-01-31T10:00:00Z +1mo 2027-02-28T10:00:00
	reads_now 2028-01-31T10:00:00Z +1mo 2028-02-29T10:00:00
	reads_now 2027-03-31T10:00:00Z -1mo 2027-02-28T10:00:00
	reads_now 2028-02-29T10:00:00Z +1y 2029-02-28T10:00:00
	reads_now 2027-12-31T10:00:00Z +2mo 2028-02-29T10:00:00
}

@test "zones: of the value, --tz, the configuration, TZ, in this order" {
	one
	reads '2026-01-02 15:04' 2026-01-02T07:04:00 --tz Asia/Shanghai
	reads 2026-07-02T15:04:00Z 2026-07-02T15:04:00 --tz Asia/Shanghai
	TZ=America/New_York reads '2026-07-02 15:04' 2026-07-02T19:04:00
	TZ=America/New_York reads '2026-01-02 15:04' 2026-01-02T20:04:00
	run_ok config set time.zone Europe/Paris
	TZ=America/New_York reads '2026-07-02 15:04' 2026-07-02T13:04:00
	reads '2026-07-02 15:04' 2026-07-02T07:04:00 --tz Asia/Shanghai
}

@test "today is that of the zone" {
	one
	export CRM_NOW=2026-03-10T20:00:00Z
	reads today 2026-03-10T16:00:00 --tz Asia/Shanghai
	reads today 2026-03-10T00:00:00 --tz UTC
}

@test "a local time that does not exist is an error" {
	one
	refuses '2026-03-29 02:30' --tz Europe/Berlin
	refuses '2026-03-08 02:00' --tz America/New_York
	reads '2026-03-29 01:59:59' 2026-03-29T00:59:59 --tz Europe/Berlin
	reads '2026-03-29 03:00' 2026-03-29T01:00:00 --tz Europe/Berlin
}

@test "a local time that exists twice means the first" {
	one
	reads '2026-10-25 02:30' 2026-10-25T00:30:00 --tz Europe/Berlin
	reads 2026-10-25T02:30:00+01:00 2026-10-25T01:30:00 --tz Europe/Berlin
	reads '2026-11-01 01:30' 2026-11-01T05:30:00 --tz America/New_York
}

@test "days keep the local clock, hours are elapsed time" {
	one
	export CRM_NOW=2026-03-28T12:00:00+01:00
	reads +1d 2026-03-29T10:00:00 --tz Europe/Berlin
	reads +24h 2026-03-29T11:00:00 --tz Europe/Berlin
	reads +1w 2026-04-04T10:00:00 --tz Europe/Berlin
}

@test "impossible and unreadable times are refused, never guessed" {
	one
	local text
	for text in 2026-02-30 2026-02-29 2026-13-01 2026-00-10 2026-01-00 2026-01-32 '2026-01-02 24:01' '2026-01-02 12:60' \
		'2026-01-02 12:00:61' 2026-01-02T12:00:00+25:00 noon someday 02/03/2026 2.3.2026 3d +3 +3x ++3d - + '+1d junk' \
		'next' 'next week' 'today 25:00' '15:00 junk' @ @x 2026-1 20260102T 'monday monday' '2026-01-02 15:04 junk' \
		0000-01-01 10000-01-01 +9999999999999999999d -99999y; do
		refuses "$text"
	done
	refuses 2026-02-30
	assert_err_has 2026-02-30
	run_ok log list
	assert_out
}

@test "the years 1 and 9999" {
	one
	reads 0001-01-01 0001-01-01T00:00:00
	reads 9999-12-31T23:59:59Z 9999-12-31T23:59:59
	refuses +1y --now 9999-12-31
	run_ok log list --format table --fields at
	run_ok log list --format jsonl --fields at --tz Asia/Shanghai
}

@test "the clock of a run" {
	one
	run_fail 2 --now 2026-02-30 customer list
	assert_err_has --now
	CRM_NOW=junk run_fail 2 customer list
	assert_err_has CRM_NOW
	reads now 2026-03-10T11:00:00 --now '2026-03-10 11:00'
	reads -1h 2026-03-10T10:00:00 --now '2026-03-10 11:00'
}

@test "in a filter a day is the whole of it, 23 hours long when the clocks change" {
	one
	local t
	for t in 2026-03-28T22:59:59Z 2026-03-28T23:00:00Z 2026-03-29T21:59:59Z 2026-03-29T22:00:00Z; do
		run_ok log phone 1 --at "$t" -m x
	done
	run_ok log list at:2026-03-29 --fields id --sort id --tz Europe/Berlin
	assert_out 2 3
	run_ok log list at:2026-03-29 --fields id --sort id
	assert_out 3 4
	run_ok log list at:2026-03-28..2026-03-29 --fields id --sort id --tz Europe/Berlin
	assert_out 1 2 3
	run_fail 2 log list at:2026-02-30
	run_fail 2 log list at:2026-01-01..2026-02-30
}

@test "in a filter an offset means from that instant, a name its whole day" {
	one
	local t
	for t in 2026-03-08T11:59:59Z 2026-03-08T12:00:00Z 2026-03-09T00:00:00Z 2026-03-09T23:59:59Z 2026-03-10T00:00:00Z; do
		run_ok log phone 1 --at "$t" -m x
	done
	run_ok log list at:-2d.. --fields id --sort id
	assert_out 2 3 4 5
	run_ok log list at:yesterday --fields id --sort id
	assert_out 3 4
	run_ok log list at:today --fields id --sort id
	assert_out 5
	run_ok log list at:sunday..monday --fields id --sort id
	assert_out 1 2 3 4
	run_ok log list at:..-2d --fields id --sort id
	assert_out 1 2
}

@test "an empty period is refused" {
	one
	run_fail 2 report activity --since 2026-03-02 --until 2026-03-01
	run_ok report activity --since 2026-03-01 --until 2026-03-01 --by day --fields bucket,count
	assert_out $'2026-03-01\t0'
}

@test "lengths of time" {
	one
	lasts() { # TEXT SECONDS
		run_ok log phone 1 --duration "$1" -m x -q || return
		run_ok log show "$(cat "$out")" --format tsv --fields duration || return
		assert_out "$2"
	}
	lasts 90s 90
	lasts 5min 300
	lasts 1h30min 5400
	lasts 2d 172800
	lasts 0s 0
	local text
	for text in 5m 5 -5min +5min min 1h30 5x '5 min junk' 1.5h 99999999999999999999d; do
		run_fail 2 log phone 1 --duration "$text" -m x || {
			echo "length: $text"
			return 1
		}
	done
	run_fail 2 log phone 1 --duration 5m -m x
	assert_err_has min
	assert_err_has mo
}

@test "dates stay dates in every zone" {
	new_store
	run_ok customer add --name Ada --birthday 2000-02-29 --customer-since 2026/1/2 --tz Pacific/Auckland
	local zone
	for zone in UTC Pacific/Auckland America/Los_Angeles; do
		run_ok customer list --fields birthday,customer_since --tz "$zone"
		assert_out $'2000-02-29\t2026-01-02'
	done
	run_fail 2 customer add --name B --birthday 1999-02-29
	run_fail 2 customer add --name B --birthday --02-30
	run_fail 2 customer add --name B --birthday 1999-13
}
