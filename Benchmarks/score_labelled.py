#!/usr/bin/env python3
"""How much of the labelled sessions in Fixtures/labelled is found, and how much is found that is none.

    Benchmarks/score_labelled.py                             runs `ccmem extract` on every session and prints one row each
    Benchmarks/score_labelled.py --ccmem PATH machine-*      another binary, some sessions only
    Benchmarks/score_labelled.py -- --pack ml                what stands after `--` is given to `ccmem extract`
    Benchmarks/score_labelled.py --predictions FILE          scores the JSONL of another extractor; its `file` must name the session's folder

Columns:
    kept   memories that the extractor gave
    must   share of the labels with "must" that one of them states
    all    share of all labels with "keep" that one of them states
    prec   share of the memories that state a label; each label counts once, so that saying a fact twice costs
    F1     harmonic mean of `must` and `prec`
    traps  memories that are nearer to a sentence with "keep": false than to any that is to be kept
    cat    of those that state a label, the share whose category is the label's or one of its "also"
    imp    rank correlation (Spearman) of importance with the labels, over those that state one

`--missed`, `--wrong` and `--traps` list the sentences behind the figures. The exit status is 0 whatever the figures are; 2 when something could not be read.
"""
import argparse
import fnmatch
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LABELLED = ROOT / "Fixtures" / "labelled"

# Words that say nothing about the subject: sharing only these is no agreement.
EMPTY = frozenset(
    "a an and are as at be been but by can did do does for from had has have if in into is it its no not of on or our so "
    "than that the their then there they this to was we were what when which will with you "
    "de el en es la las lo los no por que se si son su un una y".split()
)
WORD = re.compile(r"[^\W_]+", re.UNICODE)
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


def words(text):
    """The words of a text in lower case, as a set with counts; a run of ideographs gives its pairs."""
    counts = {}
    for run in WORD.findall((text or "").lower()):
        pieces, latin = [], ""
        ideographs = ""
        for letter in run + " ":
            if IDEOGRAPH.match(letter):
                if latin:
                    pieces.append(latin)
                    latin = ""
                ideographs += letter
                continue
            if ideographs:
                pieces += [ideographs[i : i + 2] for i in range(max(1, len(ideographs) - 1))]
                ideographs = ""
            if letter != " ":
                latin += letter
        if latin:
            pieces.append(latin)
        for piece in pieces:
            counts[piece] = counts.get(piece, 0) + 1
    return counts


def size(counts):
    return sum(counts.values())


def shared(a, b):
    return sum(min(n, b[w]) for w, n in a.items() if w in b)


def full(counts):
    return {w: n for w, n in counts.items() if w not in EMPTY}


def agreement(said, text, is_quote, numbers_matter):
    """How well two bags of words agree, from 0 to 1; 0 where they do not state the same."""
    if not said or not text:
        return 0.0
    together = shared(said, text)
    telling = shared(full(said), full(text))
    numbers = {w for w in text if w.isdigit()}
    if numbers_matter and numbers and not any(w in said for w in numbers):
        return 0.0
    f1 = 2 * together / (size(said) + size(text))
    if f1 >= 0.5 and telling >= min(2, size(full(text))):
        return f1
    if telling < min(3, size(full(text))):
        return 0.0
    covers = is_quote and together >= 0.6 * size(text) and size(said) <= 80
    part = size(said) >= 5 and together >= 0.6 * size(said) and telling >= 0.6 * size(full(said))
    return f1 if covers or part else 0.0


class Label:
    def __init__(self, fields):
        self.fields = fields
        self.lines = {fields["line"]} | {q["line"] for q in fields.get("alt_quotes", [])}
        quotes = [fields["quote"]] + [q["quote"] for q in fields.get("alt_quotes", [])]
        self.texts = [(words(q), True) for q in quotes]
        if fields["keep"]:
            self.texts.append((words(fields["fact"]), False))
        self.numeric = fields.get("category") == "result"

    def agreement(self, prediction):
        return max(
            max(agreement(said, text, is_quote, self.numeric) for text, is_quote in self.texts)
            for said in prediction["_said"]
        )


def ranks(values):
    order = sorted(range(len(values)), key=lambda i: values[i])
    result = [0.0] * len(values)
    i = 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and values[order[j + 1]] == values[order[i]]:
            j += 1
        for k in range(i, j + 1):
            result[order[k]] = (i + j) / 2
        i = j + 1
    return result


def spearman(pairs):
    if len(pairs) < 3:
        return None
    a, b = ranks([p[0] for p in pairs]), ranks([p[1] for p in pairs])
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    cov = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b))
    spread = (sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)) ** 0.5
    return cov / spread if spread else None


def score(labels, predictions):
    """Counts of one session, with the sentences behind them."""
    kept = [Label(l) for l in labels if l["keep"]]
    traps = [Label(l) for l in labels if not l["keep"]]
    for p in predictions:
        p["_said"] = [words(p["content"])] + ([words(p["quote"])] if p.get("quote") else [])
    pairs = []
    for i, p in enumerate(predictions):
        for j, label in enumerate(kept):
            value = label.agreement(p)
            if value:
                # Of two equal agreements the one at the same place is meant.
                pairs.append((value + (0.01 if p.get("line") in label.lines else 0), -i, -j))
    claims, taken = {}, set()
    for value, i, j in sorted(pairs, reverse=True):
        if -i not in claims and -j not in taken:
            claims[-i] = -j
            taken.add(-j)
    best = {}
    for value, i, _ in pairs:
        best[-i] = max(best.get(-i, 0), value)
    hit = []
    for i, p in enumerate(predictions):
        places = {p.get("line")} | {s.get("line") for s in p.get("sightings", [])}
        for trap in traps:
            if trap.lines & places and trap.agreement(p) > best.get(i, 0):
                hit.append((p, trap.fields))
                break
    category = sum(
        predictions[i]["category"] in [kept[j].fields["category"]] + kept[j].fields.get("also", [])
        for i, j in claims.items()
    )
    return {
        "predictions": len(predictions),
        "keep": len(kept),
        "must": sum(l.fields.get("must", False) for l in kept),
        "claimed": len(claims),
        "claimed_must": sum(kept[j].fields.get("must", False) for j in claims.values()),
        "trap_labels": len(traps),
        "traps": len(hit),
        "category": category,
        "importance": [(predictions[i]["importance"], kept[j].fields["importance"]) for i, j in claims.items()],
        "missed": [l.fields for j, l in enumerate(kept) if j not in taken],
        "wrong": [p for i, p in enumerate(predictions) if i not in claims],
        "hit": hit,
    }


def add(total, counts):
    for key, value in counts.items():
        total[key] = total.get(key, [] if isinstance(value, list) else 0) + value


def figures(c):
    must = c["claimed_must"] / c["must"] if c["must"] else 0.0
    precision = c["claimed"] / c["predictions"] if c["predictions"] else 0.0
    return {
        "kept": c["predictions"],
        "must": must,
        "all": c["claimed"] / c["keep"] if c["keep"] else 0.0,
        "prec": precision,
        "F1": 2 * must * precision / (must + precision) if must + precision else 0.0,
        "traps": c["traps"],
        "trap_labels": c["trap_labels"],
        "cat": c["category"] / c["claimed"] if c["claimed"] else None,
        "imp": spearman(c["importance"]),
    }


def extract(ccmem, session, extra):
    command = [ccmem, "extract", "--dry-run", "--format", "jsonl", *extra, str(session)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: status {run.returncode}\n{run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines() if line.strip()]


def read_lines(path):
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError as error:
            print(f"{path}:{number}: no JSON: {error}", file=sys.stderr)
            sys.exit(2)
    return found


def binary():
    for place in (".build/release/ccmem", ".build-h/release/ccmem", ".build/debug/ccmem", ".build-h/debug/ccmem"):
        if (ROOT / place).exists():
            return str(ROOT / place)
    return "ccmem"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", nargs="*", help="names of folders in Fixtures/labelled; * and ? are wildcards")
    parser.add_argument("--ccmem", default=None)
    parser.add_argument("--predictions", type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--traps", action="store_true")
    own, extra = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, extra = own[:cut], own[cut + 1 :]
    options = parser.parse_args(own)
    folders = sorted(p.parent for p in LABELLED.glob("*/labels.jsonl"))
    if options.sessions:
        folders = [f for f in folders if any(fnmatch.fnmatch(f.name, s) for s in options.sessions)]
    if not folders:
        print(f"no session in {LABELLED} has one of these names", file=sys.stderr)
        sys.exit(2)
    given = read_lines(options.predictions) if options.predictions else None
    rows, total = {}, {}
    for folder in folders:
        if given is None:
            predictions = extract(options.ccmem or binary(), folder / "session.jsonl", extra)
        else:
            predictions = [p for p in given if folder.name in pathlib.Path(p["file"]).parts]
        counts = score(read_lines(folder / "labels.jsonl"), [p for p in predictions if not p.get("refused")])
        rows[folder.name] = counts
        add(total, counts)
    if options.json:
        print(json.dumps({name: figures(c) for name, c in [*rows.items(), ("total", total)]}, indent=1))
        return
    print(f"{'session':36} {'kept':>4} {'must':>5} {'all':>5} {'prec':>5} {'F1':>5} {'traps':>7} {'cat':>5} {'imp':>5}")
    for name, counts in [*rows.items(), ("total", total)]:
        f = figures(counts)
        optional = lambda value: "    –" if value is None else f"{value:5.2f}"
        print(
            f"{name:36} {f['kept']:4} {f['must']:5.2f} {f['all']:5.2f} {f['prec']:5.2f} {f['F1']:5.2f} "
            f"{f['traps']:3}/{f['trap_labels']:3} {optional(f['cat'])} {optional(f['imp'])}"
        )
    for name, counts in rows.items():
        if options.missed:
            for l in counts["missed"]:
                print(f"missed {name}:{l['line']} [{l['category']}{' must' if l.get('must') else ''}] {l['quote']}")
        if options.wrong:
            for p in counts["wrong"]:
                print(f"wrong  {name}:{p.get('line')} [{p['category']}, {p.get('rule')}] {p['content']}")
        if options.traps:
            for p, l in counts["hit"]:
                print(f"trap   {name}:{l['line']} [{p.get('rule')}] {p['content']} ({l['why']})")


if __name__ == "__main__":
    main()
