#!/usr/bin/env python3
"""How often is a line that answers among the first five results of `ccmem recall`?

    recall_at_5.py --ccmem PATH [--sessions DIR] [--tokens N] [--misses]

Ingests the labelled sessions (default: Fixtures/labelled/*/session.jsonl) into one project and asks the questions of questions.tsv:
session, lines that answer, question. A result is a memory or an excerpt, the best first by what it is worth; a memory counts by the
lines where it was said. Prints recall@1, recall@5, the mean reciprocal rank and how often the answering line is in the pack at all.
"""
import argparse, glob, json, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--ccmem", required=True)
    ap.add_argument("--sessions", default=os.path.join(HERE, "../../Fixtures/labelled"))
    ap.add_argument("--tokens", default="1000")
    ap.add_argument("--misses", action="store_true")
    a = ap.parse_args()
    questions = [line.rstrip("\n").split("\t") for line in open(os.path.join(HERE, "questions.tsv"), encoding="utf-8")]
    files = sorted(glob.glob(os.path.join(a.sessions, "*/session.jsonl")))
    ids = {}
    for path in files:
        for line in open(path, encoding="utf-8"):
            if '"sessionId"' in line:
                ids[os.path.basename(os.path.dirname(path))] = json.loads(line)["sessionId"]
                break
    missing = sorted({q[0] for q in questions} - set(ids))
    if missing:
        sys.exit(f"skipped: there are no sessions {', '.join(missing)} in {a.sessions}")
    with tempfile.TemporaryDirectory() as home:
        project = os.path.join(home, "project")
        os.mkdir(project)
        env = dict(os.environ, HOME=home, XDG_DATA_HOME=home + "/data", XDG_CONFIG_HOME=home + "/config")
        run = lambda *x: subprocess.run([a.ccmem, *x, "--project", project], env=env, capture_output=True, text=True)
        ingest = run("ingest", *files)
        if ingest.returncode:
            sys.exit("ingest failed: " + (ingest.stderr or ingest.stdout)[-400:])
        said = {}
        for row in json.loads(run("sql", "SELECT s.memory_id AS id, c.uid AS uid, s.line AS line FROM memory_source AS s JOIN session AS c ON c.id = s.session_id", "--json").stdout)["rows"]:
            values = list(row.values()) if isinstance(row, dict) else row
            said.setdefault(values[0], set()).add((values[1], values[2]))
        first = five = held = reciprocal = 0
        for name, lines, question in questions:
            wanted = {(ids[name], int(line)) for line in lines.split(",")}
            pack = run("recall", question, "--tokens", a.tokens, "--format", "json")
            if pack.returncode not in (0, 1):
                sys.exit("recall failed: " + pack.stderr[-400:])
            pack = json.loads(pack.stdout)
            results = [(m["worth"], said.get(m["id"], set())) for m in pack["memories"]]
            results += [(e["worth"], {(e["session"], e["line"])}) for e in pack["excerpts"]]
            # A memory and the excerpt beside it that stand in one place are one result.
            ranked, known = [], set()
            for _, places in sorted(results, key=lambda r: -r[0]):
                if places and places <= known:
                    continue
                known |= places
                ranked.append(places)
            rank = next((i for i, places in enumerate(ranked, 1) if places & wanted), None)
            first += rank == 1
            five += rank is not None and rank <= 5
            held += rank is not None
            reciprocal += 1 / rank if rank else 0
            if a.misses and (rank is None or rank > 5):
                print(f"rank {rank}: {name} {lines} {question}")
        n = len(questions)
        print(f"{n} questions over {len(files)} sessions: recall@1 {first / n:.3f}  recall@5 {five / n:.3f}  mean reciprocal rank {reciprocal / n:.3f}  in the pack of {a.tokens} tokens {held / n:.3f}")


main()
