#!/usr/bin/env python3
"""Prints every figure of ccmem, as ratios of programs measured in the same run.

    bench.py [--ccmem PATH] [--corpus DIR] [--size MB] [--runs N] [--short]
             [--gold FILE --scorer FILE [--distractors FILE]]

Times are medians of whole processes on a warm file cache. The big inputs are the transcripts of --corpus (default: Fixtures/transcripts),
repeated with other digits and another word each time, so that nothing stands in them twice as it was. With labels and a scorer it also prints the
quality of the extraction, and once more for each file with weights that were fitted without it. Needs a C compiler; the fitting
needs numpy and scipy.
"""
import argparse, glob, json, os, random, re, resource, shutil, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOSTILE = r"""pack: hostile
format: 1
version: 1.0.0
summary: A pattern that needs exponential time on nearly every sentence.
rules:
  - id: note.hostile
    category: note
    summary: Words before an equals sign.
    roles: [user, assistant, summary]
    pattern: '(?i)^(?:[a-z]+[ ,]*)+=$'
    fields: {}
    statement: '{sentence}'
    importance: {base: 1}
    examples:
      match:
        - text: one two =
        - text: three =
      reject:
        - text: one two
          why: no sign
        - text: '='
          why: no word
"""
# What `ccmem search` asks of the store when all words are found often enough, for the memories that it weighs and those that it
# shows. The shell ranks with bm25, of which the command has a cheaper kind of its own (Sources/CTextScore).
SPAN = """
SELECT count(*), min(id), max(id) FROM (
    SELECT rowid AS id FROM memory_fts WHERE memory_fts MATCH '"{}"' ORDER BY rowid DESC LIMIT 200);
"""
SEARCH = """
SELECT (SELECT max(id) FROM memory), (SELECT max(id) FROM turn), (SELECT max(said_at) FROM memory),
    (SELECT max(ended_at) FROM session), EXISTS (SELECT 1 FROM session WHERE cwd <> '/work');
""" + SPAN.format("change") + SPAN.format("latency") + """
SELECT rowid, bm25(memory_fts) FROM memory_fts WHERE memory_fts MATCH '"change" AND "latency"' ORDER BY rowid DESC LIMIT 600;
SELECT m.id, m.content, m.key, m.category, m.importance, m.state, m.said_at,
    (SELECT group_concat(tag, char(31)) FROM memory_tag WHERE memory_id = m.id)
FROM memory AS m WHERE m.id IN ({weighed}) AND m.importance >= 1 AND m.state IN ('active');
SELECT m.id, m.uid, m.category, m.content, m.importance, m.state, m.origin, m.key, m.score, m.terms, m.rule, m.pack,
    m.pack_version, m.tokens, m.said_at, m.created_at, m.reason,
    (SELECT group_concat(tag, char(31)) FROM (SELECT tag FROM memory_tag WHERE memory_id = m.id ORDER BY tag)),
    (SELECT count(*) FROM memory_source WHERE memory_id = m.id)
FROM memory AS m WHERE m.id IN ({shown});
"""


# What the prompt hook asks of the store, in its order; `{}` stands for what a prompt names.
HOOK_BEGIN = """
PRAGMA foreign_keys = ON;
BEGIN;
PRAGMA user_version; PRAGMA application_id;
COMMIT;
SELECT max_tokens, max_items FROM injection_budget WHERE event = 'UserPromptSubmit';
SELECT category, max_items FROM injection_cap WHERE event = 'UserPromptSubmit';
BEGIN;
SELECT max(id) FROM memory;
"""
HOOK_NAME = "SELECT rowid FROM memory_fts WHERE memory_fts MATCH '\"{}\"' ORDER BY rowid DESC LIMIT 200;\n"
HOOK_WORD = "SELECT rowid FROM memory_fts WHERE memory_fts MATCH '\"{}\"' ORDER BY rowid DESC LIMIT 51;\n"
HOOK_MEMORY = """
SELECT memory_id FROM injection WHERE session = 's' AND batch >= coalesce((SELECT batch FROM answer
    WHERE session = 's' AND event = 'SessionStart' AND instance = 'compact'), 0);
SELECT 1 FROM answer WHERE session = 's' AND event = 'SessionStart' AND instance = 'compact';
SELECT m.id, m.category, m.importance, m.content, m.tokens, EXISTS (SELECT 1 FROM memory_source AS s
    JOIN session AS c ON c.id = s.session_id WHERE s.memory_id = m.id AND c.uid = 's')
FROM memory AS m WHERE m.id = {} AND m.state = 'active' AND m.id NOT IN (SELECT memory_id FROM memory_withheld);
"""


def out(what, value, bar=""):
    print(f"  {what:<58}{value:>16}   {bar}", flush=True)


class Bench:
    def __init__(self, options):
        self.o = options
        self.folder = tempfile.mkdtemp(prefix="ccmem-bench-", dir=options.work)
        # Copies, as `make install` makes them: of a file that a linker has written in pieces the system keeps small pages, and the
        # program takes half a millisecond longer to start.
        built = os.path.dirname(os.path.abspath(options.ccmem))
        for name in ("ccmem", "ccmem-hook", "ccmem-llm", "ccmem-bench-store", "ccmem-features"):
            if os.path.exists(os.path.join(built, name)):
                os.makedirs(os.path.join(self.folder, "bin"), exist_ok=True)
                shutil.copy(os.path.join(built, name), os.path.join(self.folder, "bin", name))
        self.ccmem = os.path.join(self.folder, "bin", os.path.basename(options.ccmem))
        # Settings and trust of whoever measures have no say.
        os.environ.update(XDG_DATA_HOME=os.path.join(self.folder, "data"), XDG_CONFIG_HOME=os.path.join(self.folder, "config"))
        self.misses = []
        compiler = next((c for c in ("cc", "gcc", "clang") if shutil.which(c)), None)
        if not compiler:
            sys.exit("error: a C compiler is needed (cc, gcc or clang)")
        self.measure_tool = self.path("measure")
        subprocess.run([compiler, "-O2", "-o", self.measure_tool, os.path.join(ROOT, "Benchmarks", "measure.c")], check=True)
        with open(self.path("hello.c"), "w") as f:
            f.write('#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n')
        subprocess.run([compiler, "-O2", "-o", self.path("hello"), self.path("hello.c")], check=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def measure(self, *command, runs=None):
        """Median microseconds and greatest resident KB."""
        r = subprocess.run([self.measure_tool, str(runs or self.o.runs), *command], capture_output=True, text=True, check=True,
                           env={**os.environ, "LC_ALL": "C"})
        time, resident, code = r.stdout.split()
        if int(code) > 1:
            sys.exit(f"error: {' '.join(command[:3])} … left with {code}: {r.stderr[:400]}")
        return float(time), int(resident)

    def versus(self, one, other, runs=None, settle=0):
        """Median ratio of the two, run by turns, so that whatever else the machine does falls on both; time and resident KB of the first.
        `settle`: seconds after each run of the first, for what it leaves running to end before the second is measured."""
        self.measure(*other, runs=1)

        def both():
            first = self.measure(*one, runs=1)
            time.sleep(settle)
            return first, self.measure(*other, runs=1)

        rounds = [both() for _ in range(runs or self.o.runs)]
        middle = lambda values: sorted(values)[len(rounds) // 2]
        return middle([a[0] / b[0] for a, b in rounds]), middle([a[0] for a, _ in rounds]), max(a[1] for a, _ in rounds)

    def ratio(self, what, value, bar=None, form="{:.2f} ×"):
        met = bar is None or value <= bar
        if not met:
            self.misses.append(what)
        out(what, form.format(value), "" if bar is None else f"≤ {bar}" + ("" if met else "   missed"))

    # -- inputs

    def transcripts(self):
        found = sorted(glob.glob(os.path.join(self.o.corpus, "**", "*.jsonl"), recursive=True))
        return [f for f in found if os.path.basename(f) != "expected.jsonl"]

    def mixed(self):
        return b"".join(read_lines(f) for f in self.transcripts())

    def dense(self):
        """Only what is said and what tools gave back, without the client's own copy of the latter."""
        kept = []
        for line in self.mixed().split(b"\n"):
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if not isinstance(entry, dict) or entry.get("type") not in ("user", "assistant"):
                continue
            entry.pop("toolUseResult", None)
            kept.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode())
        return b"\n".join(kept) + b"\n"

    def write(self, name, source, megabytes):
        """Repeats the source with other digits (never a leading zero, never within an escape) and another word for "the"."""
        parts = re.split(rb"(\\u[0-9a-fA-F]{4})", source)
        path, size, turn = self.path(name), 0, 0
        with open(path, "wb") as f:
            while size < megabytes * 1_000_000:
                turn += 1
                digits = list("123456789")
                random.Random(turn).shuffle(digits)
                table = bytes.maketrans(b"123456789", "".join(digits).encode())
                word = b" t%c%c " % (97 + turn // 26 % 26, 97 + turn % 26)
                copy = b"".join(p if i % 2 else p.translate(table) for i, p in enumerate(parts)).replace(b" the ", word)
                size += f.write(copy)
        return path

    # -- figures

    def program(self):
        print("Program")
        size = os.path.getsize(self.ccmem)
        out("size of the binary", f"{size / 1e6:.1f} MB")
        tiny = os.path.join(ROOT, "Fixtures", "transcripts", "tour", "session.jsonl")
        shell = ("bash", "-c", "true")
        self.ratio("start-up (--version) × bash -c true", self.versus((self.ccmem, "--version"), shell, 41)[0])
        self.ratio("start-up (--version) × C hello", self.versus((self.ccmem, "--version"), (self.path("hello"),), 41)[0])
        self.ratio("extract of a transcript of 41 lines × bash -c true", self.versus((self.ccmem, "extract", "--dry-run", tiny), shell, 21)[0])

    def speed(self):
        size = self.o.size
        print(f"Speed, {size} MB of {len(self.transcripts())} transcripts ({share_of_text(self.mixed()):.0%} text)")
        one = self.write("mixed.jsonl", self.mixed(), size)
        extract = (self.ccmem, "extract", "--dry-run", "--format", "jsonl", "--jobs")
        ratio, time, resident = self.versus((*extract, "1", one), ("wc", "-l", one))
        out("one thread", f"{os.path.getsize(one) / time:.0f} MB/s")
        self.ratio("one thread × wc -l", ratio, 10)
        self.ratio("peak memory, MB", resident / 1024, 24, "{:.1f}")
        halves = [self.write(f"half{n}.jsonl", self.mixed(), size / 2) for n in (1, 2)]
        ratio, time, resident = self.versus((*extract, "2", *halves), ("wc", "-l", *halves))
        self.ratio("two threads, two files × wc -l", ratio, 5.5)
        out("peak memory of two threads, MB", f"{resident / 1024:.1f}")
        for half in halves:
            os.remove(half)

        source = self.dense()
        dense = self.write("dense.jsonl", source, size * 0.3)
        ratio, time, resident = self.versus((*extract, "1", dense), ("wc", "-l", dense))
        out(f"dense text ({share_of_text(source):.0%} text), one thread", f"{os.path.getsize(dense) / time:.0f} MB/s")
        self.ratio("dense text × wc -l", ratio, 35)
        self.ratio("peak memory on dense text, MB", resident / 1024, 24, "{:.1f}")
        os.remove(dense)
        os.remove(one)

        pack = self.path("hostile.yaml")
        with open(pack, "w") as f:
            f.write(HOSTILE)
        files = [self.write(f"part{n}.jsonl", self.mixed(), size * 0.02) for n in range(5)]
        ratio = self.versus((*extract, "1", "--rules", pack, *files), (*extract, "1", *files))[0]
        self.ratio("five files with a catastrophic pattern × without it", ratio, 1.2)

    def store(self):
        tool = os.path.join(os.path.dirname(self.ccmem), "ccmem-bench-store")
        if not (os.path.exists(tool) and shutil.which("sqlite3")):
            print("Store: needs the sqlite3 shell and ccmem-bench-store, which `make bench` builds")
            return
        print("Store")
        # Projects that are made for this are none of the user's.
        os.environ["XDG_DATA_HOME"] = os.path.join(self.o.stores or self.folder, "data")
        sizes = [10_000, 100_000] if self.o.short else [10_000, 100_000, 1_000_000]
        projects = {size: self.made_store(tool, size) for size in sizes}
        search = lambda size: (self.ccmem, "search", "latency", "change", "--project", projects[size])
        database = lambda size: os.path.join(projects[size], ".ccmem", "memory.db")
        small = sizes[0]
        def found(limit):
            r = subprocess.run([*search(small), "--json", "--limit", str(limit)], capture_output=True, text=True, check=True)
            return ", ".join(str(m["id"]) for m in json.loads(r.stdout)["memories"])

        sql = SEARCH.format(weighed=found(50), shown=found(10))
        self.ratio(f"search of {small:,} × sqlite3 with the same SQL",
                   self.versus(search(small), ("sqlite3", "-readonly", database(small), sql), 41)[0], 0.85)
        for size in sizes[1:]:
            self.ratio(f"search of {size:,} × of {small:,}", self.versus(search(size), search(small), 21)[0],
                       3 if size == 1_000_000 else None)
        self.ratio(f"search of {small:,} × --version", self.versus(search(small), (self.ccmem, "--version"), 41)[0])
        self.ratio("a verb that fails to find its store × --version",
                   self.versus((self.ccmem, "list", "--project", self.folder), (self.ccmem, "--version"), 41)[0])
        self.recall(tool, projects[100_000], database(100_000))
        self.server(projects[small])
        copy = self.path("insert.db")
        shutil.copy(database(small), copy)
        r = subprocess.run([tool, "insert", copy, "5000"], capture_output=True, text=True, check=True)
        indexed, plain, ratio = map(float, r.stdout.split())
        out("a new memory with all its indexes", f"{indexed:.0f} µs")
        self.ratio("the same × a plain INSERT of the row", ratio, 8)

    def recall(self, tool, project, path):
        """A search in memories and turns, beside what the indexes alone take."""
        turns = 100_000 if self.o.short else 1_000_000
        held = int(subprocess.run(["sqlite3", "-readonly", path, "SELECT count(*) FROM turn"], capture_output=True, text=True, check=True).stdout)
        if held < turns:
            subprocess.run([tool, "turns", path, str(turns - held)], check=True, stdout=subprocess.DEVNULL)
        match = "".join(f"SELECT rowid FROM {index} WHERE {index} MATCH '\"latency\" AND \"change\"' ORDER BY rank LIMIT 10;" for index in ("memory_fts", "turn_fts"))
        plain = ("sqlite3", "-readonly", path, match)
        for scope in ("memories", "turns", "all"):
            one = (self.ccmem, "search", "latency", "change", "--scope", scope, "--project", project)
            self.ratio(f"search of 100,000 and {turns:,} turns, --scope {scope} × MATCH", self.versus(one, plain, 21)[0], 3)
        self.ratio("timeline of the same × search --scope all",
                   self.versus((self.ccmem, "timeline", "--project", project), one, 11)[0], 3)

    def server(self, project):
        """Searches that the server for models answers in a second of processor time."""
        words = "latency change webhook scheduler timeout ledger importer cache queue throughput".split()
        calls = [{"jsonrpc": "2.0", "id": n, "method": "tools/call", "params": {"name": "memory_search", "arguments": {
            "query": f"{words[n % 10]} {words[n // 10 % 10]}"}}} for n in range(2_000)]
        frames = "".join(json.dumps(c) + "\n" for c in calls)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        r = subprocess.run([self.ccmem, "mcp", "--project", project], input=frames, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if r.stdout.count("\n") != len(calls) or '"isError"' in r.stdout:
            self.misses.append("the server's answers")
        out("searches a second of processor time, by the server", f"{len(calls) / taken:.0f}", "≥ 1000")

    def hooks(self):
        folder = os.path.dirname(self.ccmem)
        hook, tool = os.path.join(folder, "ccmem-hook"), os.path.join(folder, "ccmem-bench-store")
        if not (os.path.exists(hook) and os.path.exists(tool) and shutil.which("sqlite3")):
            print("Hooks: needs the sqlite3 shell, ccmem-hook, and ccmem-bench-store, which `make bench` builds")
            return
        print("Hooks")
        os.environ["XDG_DATA_HOME"] = os.path.join(self.o.stores or self.folder, "data")
        runs = 41 if self.o.short else 101
        nothing = ("bash", "-c", "true")

        def call(event, project=None, **fields):
            """The command of a hook, whose input is in a file."""
            path = self.path("input.json")
            with open(path, "w") as f:
                json.dump({"session_id": "s", "transcript_path": "/nowhere/s.jsonl", "cwd": project or self.folder, "hook_event_name": event, **fields}, f)
            os.environ["MEASURE_INPUT"] = path
            os.environ["CLAUDE_PROJECT_DIR"] = project or self.folder
            return hook, event

        out("size of ccmem-hook", f"{os.path.getsize(hook) / 1e6:.1f} MB", "≤ 12")
        self.ratio("a hook with nothing to do × bash -c true", self.versus(call("PreToolUse"), nothing, runs)[0], 1.2)
        self.ratio("a prompt that names nothing × bash -c true", self.versus(call("UserPromptSubmit", prompt="go on"), nothing, runs)[0], 1.2)
        # In a project without transcripts: what it starts has ended before the next is measured.
        self.ratio("Stop × a hook with nothing to do", self.versus(call("Stop"), (hook, "PreToolUse"), runs, settle=0.1)[0], 1.5)
        resident = 0
        for size, silent_bar in ((10_000, 0.85), (100_000, 0.9)):
            project = self.made_store(tool, size)
            database = os.path.join(project, ".ccmem", "memory.db")
            name, memory = self.some_name(database)
            words = "the webhook latency grows again and the scheduler rows fall behind".split()
            known = [w for w in words if w not in ("the", "again", "and", "behind")]
            shell = ("sqlite3", "-readonly", database)
            silent = HOOK_BEGIN + "".join(HOOK_WORD.format(w) for w in known) + "COMMIT;"
            ratio, _, rss = self.versus(call("UserPromptSubmit", project, prompt=" ".join(words)), (*shell, silent), runs)
            self.ratio(f"a silent prompt at {size:,} × sqlite3 with the same SQL", ratio, silent_bar)
            answered = lambda: int(subprocess.run([*shell, "SELECT count(DISTINCT batch) FROM injection"], capture_output=True, text=True).stdout)
            before = answered()
            # Each prompt has an id of its own, so that each is answered.
            injecting = HOOK_BEGIN + HOOK_NAME.format(re.sub(r"[^A-Za-z0-9]+", " ", name)) + HOOK_MEMORY.format(memory) + "COMMIT;"
            rounds = []
            for number in range(runs):
                one = self.measure(*call("UserPromptSubmit", project, prompt=f"look at {name}", prompt_id=f"{os.getpid()}-{number}", session_id=f"s{os.getpid()}-{number}"), runs=1)
                rounds.append((one, self.measure(*shell, injecting, runs=1)))
            self.ratio(f"a prompt at {size:,} that injects × sqlite3 with the same SQL",
                       sorted(a[0] / b[0] for a, b in rounds)[len(rounds) // 2], 1.1)
            out("  of these prompts have injected", f"{answered() - before} of {runs}")
            start = self.measure(*call("SessionStart", project, source="startup", session_id="first"), runs=1)
            out(f"the start of a session at {size:,}", f"{start[0] / 1000:.0f} ms", "deadline 300")
            resident = max(resident, rss, start[1], *(a[1] for a, _ in rounds))
        self.ratio("greatest resident size, MB", resident / 1000, 8, "{:.1f}")
        for name in ("MEASURE_INPUT", "CLAUDE_PROJECT_DIR"):
            os.environ.pop(name, None)

    def some_name(self, database):
        """A name in code that few memories hold, and one of these."""
        rows = subprocess.run(
            ["sqlite3", "-readonly", database, "SELECT id, content FROM memory WHERE state = 'active' AND content LIKE '%`src/%' LIMIT 1"],
            capture_output=True, text=True, check=True).stdout.split("|", 1)
        return re.search(r"`(src/[^`]+)`", rows[1]).group(1), rows[0]

    def made_store(self, tool, size):
        """A project with so many memories; with --stores it is kept for the next run."""
        project = os.path.join(self.o.stores or self.folder, f"store-{size}")
        database = os.path.join(project, ".ccmem", "memory.db")
        if not os.path.exists(database):
            os.makedirs(project, exist_ok=True)
            quiet = {"check": True, "stdout": subprocess.DEVNULL}
            subprocess.run([self.ccmem, "init", "--project", project], **quiet)
            subprocess.run([tool, "make", database + ".new", str(size)], **quiet)
            os.rename(database + ".new", database)
        # The command opens no database that it did not make itself, before somebody has accepted it.
        subprocess.run([self.ccmem, "trust", "--yes", "--project", project], check=True, stdout=subprocess.DEVNULL)
        return project

    def quality(self):
        o = self.o
        if not (o.gold and o.scorer):
            return
        print("Quality")
        labelled = {os.path.basename(json.loads(l)["file"]) for l in open(o.gold, encoding="utf-8") if l.strip()}
        files = [f for f in self.transcripts() if os.path.basename(f) in labelled]
        most = self.extracted("fitted.jsonl", [(f, []) for f in self.transcripts()])
        out("most memories of one session", str(max(most.values())), "≤ 60")
        print("  weights as shipped")
        self.score("fitted.jsonl")
        features = os.path.join(os.path.dirname(self.ccmem), "ccmem-features")
        if not os.path.exists(features):
            print("  (leave-one-file-out needs ccmem-features: `make bench GOLD=…` builds it)")
            return
        labelled = os.path.join(ROOT, "Fixtures", "labelled")
        with open(self.path("features.jsonl"), "wb") as f:
            subprocess.run([features, *files, *sorted(glob.glob(os.path.join(labelled, "*", "session.jsonl")))], stdout=f, check=True)
        tables = self.path("left-out")
        os.makedirs(tables, exist_ok=True)
        command = [sys.executable, os.path.join(ROOT, "Benchmarks", "fit_weights.py"), "--features", self.path("features.jsonl"),
                   "--gold", o.gold, "--scorer", o.scorer, "--scoring", os.path.join(ROOT, "Rules", "scoring.yaml"),
                   "--labelled", labelled, "--leave-out-each", tables]
        subprocess.run(command + (["--distractors", o.distractors] if o.distractors else []), check=True, stderr=subprocess.DEVNULL)
        plans = [(file, ["--scoring", os.path.join(tables, os.path.basename(file) + ".yaml")]) for file in files
                 if os.path.exists(os.path.join(tables, os.path.basename(file) + ".yaml"))]
        self.extracted("left-out.jsonl", plans)
        print("  each file with weights fitted without it")
        self.score("left-out.jsonl")

    def extracted(self, name, plans):
        counts = {}
        with open(self.path(name), "wb") as f:
            for file, options in plans:
                r = subprocess.run([self.ccmem, "extract", "--dry-run", file, "--format", "jsonl", *options], stdout=subprocess.PIPE)
                if r.returncode > 1:
                    sys.exit(f"error: extract of {file} left with {r.returncode}")
                counts[file] = r.stdout.count(b"\n")
                f.write(r.stdout)
        return counts

    def score(self, name):
        o = self.o
        command = [sys.executable, o.scorer, "--gold", o.gold, "--pred", self.path(name)]
        r = subprocess.run(command + (["--distractors", o.distractors] if o.distractors else []), capture_output=True, text=True, check=True)
        print("".join("    " + line + "\n" for line in r.stdout.splitlines() if line.strip()), end="")


def read_lines(path):
    with open(path, "rb") as f:
        data = f.read()
    return data if not data or data.endswith(b"\n") else data + b"\n"


def share_of_text(source):
    """How much of the bytes is prose or what a tool gave back."""
    def length(value):
        if isinstance(value, str):
            return len(value.encode())
        if isinstance(value, list):
            return sum(length(b.get("text") or b.get("content") or "") for b in value if isinstance(b, dict))
        return 0
    text = 0
    for line in source.split(b"\n"):
        try:
            message = json.loads(line).get("message")
        except (ValueError, AttributeError):
            continue
        text += length(message.get("content")) if isinstance(message, dict) else 0
    return text / max(1, len(source))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--ccmem", default=os.path.join(ROOT, ".build", "release", "ccmem"))
    p.add_argument("--corpus", default=os.path.join(ROOT, "Fixtures", "transcripts"))
    p.add_argument("--size", type=int, default=1000, help="megabytes of the big input")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--short", action="store_true", help="100 MB, 3 runs")
    p.add_argument("--work", help="folder for the big inputs")
    p.add_argument("--only", choices=["program", "speed", "store", "hooks", "quality"])
    p.add_argument("--stores", help="folder in which big stores are kept for the next run")
    p.add_argument("--gold")
    p.add_argument("--distractors")
    p.add_argument("--scorer")
    options = p.parse_args()
    if options.short:
        options.size, options.runs = min(options.size, 100), min(options.runs, 3)
    bench = Bench(options)
    try:
        for name in ("program", "speed", "store", "hooks", "quality"):
            if options.only in (None, name):
                getattr(bench, name)()
        if bench.misses:
            print("Over the bar: " + "; ".join(bench.misses))
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
