# shellcheck shell=bash
# shellcheck disable=SC2154 # out is of helper.bash
# Files as other systems export them, and what became of them.

# A file with these columns, and rows with only some of them: NAME=VALUE, one row an argument, `;;` between cells.
export_of() { # FILE COLUMNS ROW…
	python3 - "$@" <<'EOF'
import csv, sys
columns = next(csv.reader([sys.argv[2]]))
with open(sys.argv[1], "w", newline="") as f:
    out = csv.writer(f, lineterminator="\r\n")
    out.writerow(columns)
    for row in sys.argv[3:]:
        cells = dict(cell.split("=", 1) for cell in row.split(";;"))
        assert set(cells) <= set(columns), set(cells) - set(columns)
        out.writerow([cells.get(c, "") for c in columns])
EOF
}

fields() { # TYPE ID FIELD=VALUE…
	local type=$1 id=$2 pair
	shift 2
	run_ok "$type" show "$id" --format json
	for pair in "$@"; do
		python3 - "$out" "${pair%%=*}" "${pair#*=}" <<'EOF' || return
import json, sys
record = json.load(open(sys.argv[1]))
record = record[0] if isinstance(record, list) else record
got = record[sys.argv[2]]
def text(v):
    if isinstance(v, dict):
        return (v["label"] + ":" if v.get("label") else "") + v["value"]
    return "" if v is None else str(v)
got = ", ".join(map(text, got)) if isinstance(got, list) else text(got)
if got != sys.argv[3]:
    sys.exit(f"{sys.argv[2]}: {got!r}, not {sys.argv[3]!r}")
EOF
	done
}
