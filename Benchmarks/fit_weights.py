#!/usr/bin/env python3
"""Fits the weights of Rules/scoring.yaml on labelled transcripts.

    ccmem-features TRANSCRIPT… > features.jsonl
    fit_weights.py --features features.jsonl --gold gold.jsonl --distractors distractors.jsonl \\
                   --scorer score.py --scoring Rules/scoring.yaml [--labelled Fixtures/labelled] [--leave-out FILE]

The model is a logistic regression with an L2 penalty: a segment is positive when the scorer says that it restates a labelled
memory. Each feature has one weight for all roles and an extra one for what a person typed, which the penalty keeps near zero
unless the data ask for it. Weights that say little are dropped and the rest is fitted again, so that the file stays
readable. The category of a sentence is a softmax regression on the labelled categories, the importance a ridge regression on what the label says beyond the default of the category. Sessions that were
written for the project (--labelled) weigh half of real ones. The cues of the file are left as they are; only the
numbers are written. --leave-out fits without the transcripts of that name, which gives the figure for sessions never seen.
Needs numpy and scipy; the product itself needs neither.
"""
import argparse, importlib.util, json, os, re, sys
from collections import Counter
import numpy as np
from scipy.optimize import minimize

CATEGORIES = ["decision", "constraint", "result", "config", "bug", "task", "arch", "note"]
# What labelled sessions can't tell well: they have no rules of their own, few rules of base 5, and few measurements, while people want
# measured results kept; and what was taken back is to be lowered for sure.
FIXED = {"refutedByUser": -1.5, "refutedByAssistant": -1.0, "ruleOwn": 3.0, "ruleDomain": 0.4, "ruleCritical": 1.0, "ruleResult": 0.8}
# A rule that never may be broken keeps its level; labelled sessions have too few of them.
FIXED_IMPORTANCE = {"ruleCritical": 0.3}
# Added to the log odds, so that what is kept has a score above zero.
OFFSET = 1.0
DEFAULT_IMPORTANCE = dict(decision=3, constraint=4, result=3, config=2, bug=4, task=2, arch=3, note=1)


def name_of(path):
    """A transcript is known by its file, those of Fixtures/labelled by their folder."""
    folder, file = os.path.split(path)
    return os.path.basename(folder) if file == "session.jsonl" else file


def labelled_sessions(folder):
    """The labels of Fixtures/labelled: what is to be kept, and what only looks so."""
    kept, others = [], []
    for session in sorted(os.listdir(folder)):
        path = os.path.join(folder, session, "labels.jsonl")
        for l in read_lines(path) if os.path.exists(path) else []:
            (kept if l["keep"] else others).append({**l, "file": session})
    return kept, others


def read_lines(path):
    return [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]


def label(segments, gold, distractors, scorer):
    """Adds to each segment the labelled memories and the distractors that it restates."""
    class Options:
        loose, f1, contain, long = False, 0.5, 0.6, 80
    prepared = [scorer.prep([(g["quote"], True), (g["fact"], False)] + [(a["quote"], True) for a in g.get("alt_quotes", [])])
                for g in gold]
    prepared_distractors = [scorer.prep([(d["quote"], True)]) for d in distractors]
    for s in segments:
        s["file"] = name_of(s["file"])
        tokens = scorer.toks(s["content"])
        count = sum(tokens.values())
        s["gold"], s["distracts"] = [], False
        if not count:
            continue
        for g, texts in zip(gold, prepared):
            if name_of(g["file"]) == s["file"]:
                match = scorer.match(tokens, count, texts, Options, g["category"] == "result")
                if match:
                    s["gold"].append((match[0], g))
        for d, texts in zip(distractors, prepared_distractors):
            if name_of(d["file"]) == s["file"] and scorer.match(tokens, count, texts, Options):
                s["distracts"] = True


def columns(segments, roles=True):
    """Feature lists of the segments: the shared names, role.NAME, and user|NAME for what a person typed."""
    rows = []
    for s in segments:
        row = list(s["features"])
        if roles:
            # The bias of the role says it.
            row = [f for f in row if f != "byUser"]
            if s["role"] == "user":
                row += ["user|" + f for f in row]
            row.append("role." + s["role"])
        rows.append(row)
    return rows


def matrix(rows, names):
    index = {n: i for i, n in enumerate(names)}
    x = np.zeros((len(rows), len(names) + 1))
    x[:, -1] = 1
    for r, row in enumerate(rows):
        for n in row:
            if n in index:
                x[r, index[n]] = 1
    return x


def fit_logistic(x, y, weight, l2, penalty):
    def loss(b):
        z = x @ b
        p = 1 / (1 + np.exp(-z))
        value = -(weight * (y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))).sum() + l2 / 2 * (penalty * b * b).sum()
        return value, x.T @ (weight * (p - y)) + l2 * penalty * b
    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options=dict(maxiter=500)).x


def fit_score(segments, options):
    rows = columns(segments)
    counts = Counter(n for row in rows for n in row)
    names = sorted(n for n, c in counts.items() if c >= 5)
    y = np.array([1.0 if s["gold"] else 0.0 for s in segments])
    must = np.array([any(g["must"] for _, g in s["gold"]) for s in segments])
    weight = np.where(must, options.must_weight, 1.0) * np.where([s["distracts"] and not s["gold"] for s in segments], options.distractor_weight, 1.0)
    weight = weight * np.array([s.get("weight", 1.0) for s in segments])
    for smallest in (0.0, 0.04, 0.08):
        x = matrix(rows, names)
        penalty = np.array([2.0 if "|" in n else 1.0 for n in names] + [0.0])
        b = fit_logistic(x, y, weight, options.l2, penalty)
        if smallest < 0.08:
            following = 0.04 if smallest == 0.0 else 0.08
            spread = np.sqrt(x[:, :-1].mean(0) * (1 - x[:, :-1].mean(0)))
            names = [n for n, v, s in zip(names, b, spread) if abs(v) >= following and abs(v) * s >= options.prune]
    score = {**dict(zip(names + ["bias"], b)), **FIXED}
    score["bias"] += OFFSET
    return score


def fit_categories(segments, options):
    labelled = [s for s in segments if s["gold"] and s["role"] != "tool"]
    rows = columns(labelled, roles=False)
    counts = Counter(n for row in rows for n in row)
    names = sorted(n for n, c in counts.items() if c >= 6 and not n.startswith(("repeat", "message", "words", "turn", "session")))
    x = matrix(rows, names)
    target = np.zeros((len(labelled), len(CATEGORIES)))
    for r, s in enumerate(labelled):
        g = max(s["gold"], key=lambda m: m[0])[1]
        others = [c for c in g["also"] if c in CATEGORIES and c != g["category"]]
        target[r, CATEGORIES.index(g["category"])] += 1.0 if not others else 0.7
        for c in others:
            target[r, CATEGORIES.index(c)] += 0.3 / len(others)
    penalty = np.array([1.0] * len(names) + [0.05])[:, None]

    def loss(flat):
        b = flat.reshape(x.shape[1], len(CATEGORIES))
        z = x @ b
        z -= z.max(1, keepdims=True)
        p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        value = -(target * np.log(p + 1e-12)).sum() + options.category_l2 / 2 * (penalty * b * b).sum()
        return value, (x.T @ (p - target) + options.category_l2 * penalty * b).ravel()
    flat = minimize(loss, np.zeros(x.shape[1] * len(CATEGORIES)), jac=True, method="L-BFGS-B", options=dict(maxiter=500)).x
    b = flat.reshape(x.shape[1], len(CATEGORIES))
    table = {}
    for c, category in enumerate(CATEGORIES):
        table[category] = {n: v for n, v in zip(names + ["bias"], b[:, c]) if abs(v) >= 0.12 or n == "bias"}
    return table


def fit_importance(segments, options):
    labelled = [s for s in segments if s["gold"] and s["role"] != "tool"]
    rows = columns(labelled, roles=False)
    counts = Counter(n for row in rows for n in row)
    names = sorted(n for n, c in counts.items() if c >= 12)
    x = matrix(rows, names)
    best = [max(s["gold"], key=lambda m: m[0])[1] for s in labelled]
    base = np.array([s["base"] if s["rule"] else DEFAULT_IMPORTANCE[s["category"]] for s in labelled])
    y = np.array([g["importance"] for g in best]) - base
    penalty = np.diag([1.0] * len(names) + [0.0]) * options.importance_l2
    b = np.linalg.solve(x.T @ x + penalty, x.T @ y)
    table = {n: v for n, v in zip(names, b) if abs(v) >= 0.1}
    # The constant is given to the kinds, one of which every segment has.
    for kind in ("kindSentence", "kindItem", "kindLabel"):
        table[kind] = table.get(kind, 0.0) + b[-1]
    return {**table, **FIXED_IMPORTANCE}


def number(value):
    text = f"{value:.2f}"
    return "0" if text in ("-0.00", "0.00") else text


def written(score, categories, importance):
    """The numeric sections of scoring.yaml."""
    roles = {r: score.get("role." + r, 0.0) for r in ("user", "assistant", "summary", "tool")}
    lines = ["bias: {all: %s, %s}" % (number(score["bias"]), ", ".join(f"{r}: {number(v)}" for r, v in roles.items()))]
    out = {"head": lines}
    shared = sorted({n.split("|")[-1] for n in score if n != "bias" and not n.startswith("role.")})
    lines = ["weights:"]
    for n in shared:
        all_, user = score.get(n, 0.0), score.get("user|" + n)
        if user is None or number(user) == "0":
            if number(all_) != "0":
                lines.append(f"  {n}: {number(all_)}")
        else:
            lines.append(f"  {n}: {{all: {number(all_)}, user: {number(user)}}}")
    lines.append("categories:")
    for category, row in categories.items():
        lines.append(f"  {category}:")
        lines += [f"    {n}: {number(v)}" for n, v in sorted(row.items())]
    lines.append("importance:")
    lines += [f"  {n}: {number(v)}" for n, v in sorted(importance.items())]
    out["tail"] = lines
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--features", required=True)
    p.add_argument("--gold", required=True)
    p.add_argument("--distractors")
    p.add_argument("--scorer", required=True)
    p.add_argument("--scoring", required=True)
    p.add_argument("--output", help="default: the file of --scoring")
    p.add_argument("--leave-out")
    p.add_argument("--labelled", help="a folder such as Fixtures/labelled; the features of its sessions must be in --features")
    p.add_argument("--labelled-weight", type=float, default=0.5)
    p.add_argument("--l2", type=float, default=20)
    p.add_argument("--must-weight", type=float, default=1.0)
    p.add_argument("--distractor-weight", type=float, default=2.0)
    p.add_argument("--category-l2", type=float, default=6)
    p.add_argument("--importance-l2", type=float, default=30)
    p.add_argument("--prune", type=float, default=0.015)
    options = p.parse_args()
    spec = importlib.util.spec_from_file_location("scorer", options.scorer)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    segments = read_lines(options.features)
    gold, distractors = read_lines(options.gold), read_lines(options.distractors) if options.distractors else []
    if options.labelled:
        kept, others = labelled_sessions(options.labelled)
        gold, distractors = gold + kept, distractors + others
    label(segments, gold, distractors, scorer)
    written_for_us = {g["file"] for g in kept} if options.labelled else set()
    for s in segments:
        s["weight"] = options.labelled_weight if s["file"] in written_for_us else 1.0
    if options.leave_out:
        segments = [s for s in segments if s["file"] != name_of(options.leave_out)]
    score = fit_score(segments, options)
    parts = written(score, fit_categories(segments, options), fit_importance(segments, options))
    text = open(options.scoring, encoding="utf-8").read()
    head = re.sub(r"(?m)^bias:.*$", parts["head"][0], text[: text.index("\nweights:") + 1])
    with open(options.output or options.scoring, "w", encoding="utf-8") as f:
        f.write(head + "\n".join(parts["tail"]) + "\n")
    print(f"{len(segments)} segments, {sum(1 for s in segments if s['gold'])} positive, {len(score)} weights", file=sys.stderr)


if __name__ == "__main__":
    main()
