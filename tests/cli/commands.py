"""Every verb of the program with an example of it, from its own tables, and a store that the examples can work on."""
import os
import shlex
import shutil
import sqlite3
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.path.join(HERE, "..", "data", "commands")
CRM = os.environ["CRM"]
PROGRAM = os.environ.get("PROGRAM", CRM)  # what is tried: another one to show that a test can fail

FILES = {
    "in.csv": "key,name,city,note\nK1,Ada,Bari,a note\nK9,Nine,Rome,\n",
    "bad.csv": "key,name,stage\nK8,Eight,lead\nK7,Seven,nonsense\n",
    "labels.csv": "subject,category\n" + "".join(
        f"{word} number {i},{label}\n" for i in range(20)
        for word, label in (("refund money card", "refund"), ("parcel courier late", "delivery"))),
    "moods.csv": "subject,mood\n" + "".join(
        f"{word} number {i},{label}\n" for i in range(20)
        for word, label in (("lovely kind", "positive"), ("awful rude", "negative"))),
    "holidays.txt": "2026-05-01 holiday Labour Day\n",
}

# What makes the store, in this order; a name before the colon keeps the operation's number under that name.
TOWN = """
agent add --name ann
agent add --name bob
agent add --name zoe
team add --name desk --members ann,bob
org add --name Acme
org add --name Other
field add customer size --type integer
customer add --name Ada --key K1 --email ada@example.com --phone +8613800138000 --city Rome --org 1 --tag vip --note text
customer add --name 张三 --key K2 --city 北京 --birthday 1990-05-12 --owner bob
customer add --name Carla --email carla@example.com
customer add --name Dora --key K4
customer add --name 'Dora Two' --key K5
merge: customer merge 4 5
customer add --name Adda --key K6 --email ada@example.com
edit: customer edit 2 --city 上海
log phone 1 -m 'a long text' --subject hello --at 2026-03-01
log email 2 --in -m 'refund money' --at 2026-02-01
ticket category add --name billing
ticket add 1 --type question --subject 'refund money' -m 'the text' --category billing
ticket add 2 --type complaint --subject second --priority high
ticket add 1 --type after_sales --kind return --product-no P1 --subject third
ticket add 2 --type question --subject fourth
ticket assign 2 ann
ticket solve 4 -m solved
ticket link 2 relates 3
followup add 1 --due 2026-03-09 -m 'call back'
followup policy add --steps '20d visit'
order add 1 --number N1 --product thing --quantity 2 --amount 10 --currency EUR
survey add 1 --nps 9 --service quality=5 -m 'good service'
rule add --name first --event tick --condition status:solved --actions 'tag old'
sla add --name usual --first-reply 2h --resolution 1d
calendar add --name spare --hours 'mon-fri 09:00-17:00'
view add customer v city:Rome
classify train --from labels.csv --text subject --label category --name topics
classify train --from moods.csv --text subject --label mood --name mood
import: import org orgs.csv
alias add mine 'customer list'
config set ui.pager yes
privacy restrict 6
privacy retain add old --entity log --keep 5y
org edit 2 --industry music
undo
"""

NEED_TERMINAL = [["config", "edit"]]


def environment(folder):
    home = os.path.join(folder, "home")
    env = {k: v for k, v in os.environ.items()
           if k not in ("CRM_STORE", "NO_COLOR", "PAGER", "CRM_PAGER", "VISUAL", "LESS", "COLUMNS", "MANPATH")}
    env.update(HOME=home, XDG_CONFIG_HOME=home + "/.config", XDG_DATA_HOME=home + "/.local/share",
               XDG_STATE_HOME=home + "/.local/state", XDG_CACHE_HOME=home + "/.cache",
               CRM_NOW="2026-03-10T12:00:00Z", TZ="UTC", LC_ALL="C", TERM="dumb", CRM_AGENT="ann", EDITOR="true",
               MANPATH=folder)  # no manual: help prints the usage
    return env


class Town:
    """A folder with the store and the files of the examples, kept aside to begin from again."""

    def __init__(self, folder):
        self.folder, self.kept = os.path.abspath(folder), os.path.abspath(folder) + ".kept"
        self.names = {}
        for path in (self.folder, self.kept):
            shutil.rmtree(path, ignore_errors=True)
        os.makedirs(self.folder + "/home")
        self.env = environment(self.folder)
        for name, text in FILES.items():
            self.write(name, text)
        self.write("orgs.csv", "name\nImported\n")
        self.must("init")
        for line in TOWN.strip().splitlines():
            name, colon, rest = line.partition(": ")
            named = colon and name.isalpha()
            self.must(*shlex.split(rest if named else line))
            if named:
                self.names[name] = str(self.ask("SELECT max(id) FROM operation"))
        self.names["import"] = str(self.ask("SELECT max(id) FROM import"))
        self.must("import", "customer", "in.csv", "--plan", "in.plan")
        self.must("dump", "-o", "store.dump")
        self.must("rule", "export", stdout=open(self.folder + "/rules.txt", "wb"))
        self.must("init", "--store", "empty.db")
        self.must("backup", "store.copy")
        shutil.copytree(self.folder, self.kept)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            f.write(text)

    @property
    def store(self):
        return self.env["XDG_DATA_HOME"] + "/crm/crm.db"

    def again(self):
        """As it was in the beginning."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.kept, self.folder)

    def keep(self):
        """As it is now, from now on."""
        shutil.rmtree(self.kept)
        shutil.copytree(self.folder, self.kept)

    def run(self, *words, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        how.setdefault("stdout", subprocess.PIPE)
        how.setdefault("stderr", subprocess.PIPE)
        return subprocess.run([how.pop("program", CRM), *words], cwd=self.folder, env={**self.env, **how.pop("more", {})}, **how)

    def must(self, *words, **how):
        got = self.run(*words, **how)
        if got.returncode:
            raise SystemExit(f"crm {shlex.join(words)}: {got.returncode}\n{(got.stderr or b'').decode()}")
        return got

    def ask(self, sql):
        db = sqlite3.connect(self.store)
        try:
            return db.execute(sql).fetchone()[0]
        finally:
            db.close()

    def counts(self, path=None):
        """How many rows each table has."""
        db = sqlite3.connect(path or self.store)
        try:
            tables = [row[0] for row in db.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
                "AND name NOT LIKE 'search%' ORDER BY name")]
            return {t: db.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in tables}
        finally:
            db.close()

    def examples(self, *kinds):
        """
        The words of each example whose verb opens the store so: read, write or none; all when none is named. With CRM_STEP=N
        only every Nth, for who only wants to know that something can fail.
        """
        kind_of, wanted = {}, []
        for line in self.must("__tables").stdout.decode().splitlines():
            verb, kind, _ = line.split("\t")
            kind_of[verb] = kind
        seen = set()
        for line in open(EXAMPLES, encoding="utf-8"):
            if not line.strip() or line.startswith("#"):
                continue
            words = shlex.split(line)
            verb = next((" ".join(words[:n]) for n in (3, 2, 1) if " ".join(words[:n]) in kind_of), None)
            if not verb:
                raise SystemExit(f"tests/data/commands: there is no such verb: {line.strip()}")
            seen.add(verb)
            if not kinds or kind_of[verb] in kinds:
                for name, number in self.names.items():
                    words = [number if w == f"%{name}%" else w for w in words]
                wanted.append(words)
        missing = sorted(set(kind_of) - seen)
        if missing:
            raise SystemExit("tests/data/commands has no example of: " + ", ".join(missing))
        return wanted[::int(os.environ.get("CRM_STEP", "1"))]
