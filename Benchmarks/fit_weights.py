#!/usr/bin/env python3
"""Fits the weights of Rules/scoring.yaml on labelled transcripts.

    ccmem-features TRANSCRIPT… > features.jsonl
    fit_weights.py --features features.jsonl --gold gold.jsonl --distractors distractors.jsonl \\
                   --scorer score.py --scoring Rules/scoring.yaml [--labelled Fixtures/labelled]
                   [--leave-out FILE | --leave-out-each FOLDER]

The model is a logistic regression with an L2 penalty: a segment is positive when the scorer says that it restates a labelled
memory. Each feature has one weight for all roles and an extra one for what a person typed, which the penalty keeps near zero
unless the data ask for it. Weights that say little are dropped and the rest is fitted again, so that the file stays
readable. The category is a softmax regression on the labelled categories, all that a label accepts alike; the importance a
ridge regression. Labels are few and people differ, so the penalty of both draws to what is expected (CATEGORY_PRIORS,
IMPORTANCE_PRIORS) instead of to zero. Sessions that were written for the project (--labelled) weigh a fifth of real ones. The
cues of the file are left as they are; only the numbers are written. --leave-out fits without the transcripts of that name,
which gives the figure for sessions never seen; --leave-out-each does so for each transcript of --gold.
Needs numpy and scipy; the product itself needs neither.
"""
import argparse, importlib.util, json, os, re, sys
from collections import Counter
import numpy as np
from scipy.optimize import minimize

CATEGORIES = ["decision", "constraint", "result", "config", "bug", "task", "arch", "note"]
# What labelled sessions can't tell well: they have no rules of their own, few rules of base 5, and few measurements, while people want
# measured results kept; and what was taken back, or only agrees, is to be lowered for sure.
FIXED = {"refutedByUser": -1.5, "refutedByAssistant": -1.0, "retracted": -0.8, "opening.agreement": -1.0, "ruleOwn": 3.0,
         "ruleDomain": 0.4, "ruleCritical": 1.0, "picked": 2.0, "ruleResult": 0.8, "asksToKnow": -1.0, "ruleTask": 0.5}
# Added to the log odds, so that what is kept has a score above zero.
OFFSET = 1.0
# Families of phrases that tell what a memory is about, not whether it is one.
CATEGORY_CUES = {"cue." + n for n in "ban standing symptom diagnosis todo measured where works changed wish".split()}
CATEGORY_CUES |= {"cue." + n for n in "harm later need becomes delivered holds agreed relation cleared accepted work was".split()}
CATEGORY_CUES |= {"opening.concede", "heading.outcome", "label.outcome"}
# Places and lengths, which say little of the category.
PLACES = ("repeat", "message", "words", "turn", "session")
# What is expected of a category before any label has spoken; labels move it a little.
CATEGORY_PRIORS = {
    "decision": {
        "bias": 0.25, "ruleDecision": 0.5, "byUser": 0.7, "cue.choice": 0.5, "cue.reject": 0.4, "cue.wish": 0.5,
        "answersQuestion": 0.3, "cue.changed": 0.3, "cue.tests": -0.6, "cue.todo": -0.5, "cue.symptom": -0.3,
        "heading.decision": 0.3, "heading.summary": 0.35, "heading.outcome": -0.3, "opening.assent": 0.2,
        "cue.measured": -0.3, "cue.diagnosis": -0.6, "opening.imperative": 0.3, "speaksDecision": 0.8, "echoesUser":
        0.6, "messageDiagnoses": -0.4, "besideSymptom": -0.2, "messageOpens": -0.2, "cue.delivered": -0.3, "cue.agreed":
        0.6, "messageVeryLong": 0.2, "opening.reference": -0.2, "turnAnswer": 0.3, "placeLast": 0.1, "cue.tolerant":
        0.4, "cue.accepted": 0.4, "cue.would": 0.3, "cue.work": -0.2, "cue.this": 0.2, "cue.want": 0.3, "cue.you": 0.3,
        "cue.refute": 0.2, "cue.assent": 0.1, "opening.concede": 0.6, "valueGiven": -0.1, "ordersWork": -0.8,
    },
    "constraint": {
        "bias": -0.3, "ruleConstraint": 0.5, "byUser": 0.9, "cue.ban": 0.6, "cue.standing": 0.5, "cue.neg": 0.3,
        "cue.pref": 0.3, "cue.tests": -0.3, "cue.changed": -0.4, "cue.diagnosis": -0.6, "cue.todo": -0.3, "cue.fixed":
        -0.4, "cue.works": -0.2, "cue.wish": -0.1, "speaksConstraint": 0.8, "echoesUser": 0.6, "cue.need": 0.4,
        "cue.holds": 0.3, "ruleDecision": 0.3, "speaksDecision": 0.2, "opening.reference": -0.3, "code": -0.2,
        "cue.would": 0.2, "cue.assent": 0.2, "opening.concede": 0.3, "quantity": -0.2,
    },
    "result": {
        "bias": -0.5, "ruleResult": 0.9, "cue.tests": 0.7, "cue.measured": 0.5, "cue.status": 0.3, "number": 0.5,
        "count": 0.6, "number3": 0.3, "checkMark": 0.4, "byUser": -0.4, "opening.deed": 0.3, "cue.diagnosis": -0.5,
        "cue.symptom": -0.3, "cue.todo": -0.5, "cue.where": -0.4, "cue.ban": -0.3, "turnClosing": 0.2, "speaksResult":
        1.2, "echoesUser": -0.5, "messageCorrects": -0.4, "cue.becomes": 0.3, "cue.delivered": 0.3, "words4to7": 0.3,
        "code": -0.3, "repeatSimilar": 0.2, "cue.cleared": 0.8, "cue.rule": -0.3, "cue.compare": -0.3, "cue.this": -0.2,
        "cue.neg": -0.2, "cue.assent": -0.3, "quantity": 0.4, "heading.outcome": 0.8, "label.outcome": 0.8,
    },
    "config": {
        "bias": -1, "ruleConfig": 0.8, "cue.config": 0.4, "cue.where": 0.6, "path": 0.4, "number": 0.2, "cue.diagnosis":
        -0.3, "cue.tests": -0.3, "cue.symptom": -0.3, "speaksConfig": 1.2, "valueGiven": 0.5,
    },
    "bug": {
        "bias": 0, "ruleBug": 0.6, "cue.symptom": 0.8, "cue.diagnosis": 1.8, "cue.cause": 0.1, "cue.inability": 0.4,
        "cue.fixed": 0.5, "heading.cause": 0.7, "label.cause": 0.8, "afterCorrection": 0.4, "opening.correction": 0.5,
        "cue.refute": 0.3, "cue.wish": -0.4, "cue.todo": -0.3, "byUser": -0.3, "cue.status": -0.3, "speaksBug": 0.8,
        "echoesUser": -0.5, "messageCorrects": 0.5, "messageDiagnoses": 0.5, "besideSymptom": 0.4, "besideFix": 0.5,
        "cue.harm": 0.6, "messageMedium": 0.4, "messageVeryLong": -0.6, "messageHuge": -0.5, "underHeading": -0.3,
        "opening.reference": 0.4, "turnBeforeTool": 0.2, "cue.cleared": -0.5, "cue.tolerant": -0.7, "cue.would": -0.4,
        "cue.work": -0.3, "cue.was": 0.3, "cue.becomes": -0.2, "heading.fix": 0.2, "label.fix": 0.2, "problemTold": 0.4,
    },
    "task": {
        "bias": -0.7, "ruleTask": 0.8, "cue.todo": 2.7, "cue.open": 0.5, "heading.open": 0.8, "label.open": 1.3,
        "cue.done": 0.2, "cue.tests": -0.3, "cue.cause": -0.3, "speaksTask": 0.8, "messageOpens": 0.4, "cue.later": 0.8,
        "kindItem": 0.3, "kindSentence": -0.3, "underLabel": 0.3, "cue.work": 1, "quantity": -0.2, "ordersWork": 1.2,
    },
    "arch": {
        "bias": 0.2, "ruleArch": 0.6, "cue.works": 0.3, "cue.arch": 0.3, "cue.where": 0.5, "identifier": 0.4, "code":
        0.4, "path": 0.2, "byUser": -0.7, "cue.tests": -0.5, "cue.symptom": -0.4, "cue.diagnosis": -0.5, "cue.changed":
        0.3, "cue.wish": -0.3, "number3": -0.2, "cue.purpose": 0.1, "speaksArch": 0.8, "echoesUser": -0.4, "besideFix":
        -0.2, "cue.harm": -0.7, "cue.becomes": -0.2, "cue.measured": -0.5, "words4to7": -0.2, "cue.relation": 0.3,
        "messageVeryLong": 0.4, "messageHuge": 0.4, "code2": 0.2, "kindItem": 0.2, "cue.tolerant": 0.5, "cue.accepted":
        -0.2, "cue.was": -0.2, "cue.fixed": -0.2, "commas": 0.3, "opening.concede": -0.3, "quantity": -0.3, "problemTold": -0.3,
    },
    "note": {
        "bias": -0.9, "ruleNote": 0.8, "speaksNote": 1.2,
    },
}
# The same for the importance, in levels.
IMPORTANCE_PRIORS = {
    "bias": 2.95, "byUser": 0.45, "categoryConstraint": 0.4, "categoryDecision": 0.3, "categoryBug": 0.35,
    "categoryResult": -0.5, "categoryConfig": -0.2, "categoryTask": -0.2, "categoryNote": -0.4, "cue.ban": 0.1,
    "cue.standing": 0.1, "cue.diagnosis": 0.3, "ruleCritical": 0.25, "cue.measured": 0.35, "cue.tests": -0.25,
    "count": -0.15, "question": -0.4, "cue.choice": 0.1, "words1to3": -0.4, "cue.hedge": -0.1,
    # What is short or stands alone is a detail; what was asked for, argued or measured is not.
    "words4to7": -0.25, "messageTiny": -0.25, "placeOnly": -0.15, "unpunctuated": -0.15, "lowerCase": -0.15,
    "capitals": 0.2, "number3": 0.15, "echoesUser": 0.25, "turnAnswer": 0.2, "messageMedium": 0.15, "ruleArch": 0.15,
    "cue.arch": 0.15, "cue.we": 0.15, "cue.later": -0.2, "ordersWork": -0.3,
}


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
            row = [f for f in row if f != "byUser" and not f.startswith(("speaks", "category")) and f not in CATEGORY_CUES]
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


def share(labelled):
    """What each segment counts: the wordings of one fact share their say."""
    wordings = Counter(id(best(s)) for s in labelled)
    return np.array([s.get("weight", 1.0) * wordings[id(best(s))] ** -0.5 for s in labelled])


def best(segment):
    return max(segment["gold"], key=lambda m: m[0])[1]


def fit_categories(segments, options):
    labelled = [s for s in segments if s["gold"] and s["role"] != "tool"]
    weight = share(labelled)
    rows = columns(labelled, roles=False)
    counts = Counter(n for row in rows for n in row)
    expecting = {n for row in CATEGORY_PRIORS.values() for n in row} - {"bias"}
    names = sorted(expecting | {n for n, c in counts.items() if c >= 6 and not n.startswith(PLACES)})
    x = matrix(rows, names)
    target = np.zeros((len(labelled), len(CATEGORIES)))
    for r, s in enumerate(labelled):
        accepted = {best(s)["category"], *best(s).get("also", [])} & set(CATEGORIES)
        for c in accepted:
            target[r, CATEGORIES.index(c)] = 1 / len(accepted)
    expected = np.array([[CATEGORY_PRIORS[c].get(n, 0.0) for c in CATEGORIES] for n in names + ["bias"]])
    penalty = options.category_l2 * np.array([1.0] * len(names) + [0.2])[:, None]

    def loss(flat):
        b = flat.reshape(expected.shape)
        z = x @ b
        z = z - z.max(1, keepdims=True)
        p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        value = -(weight[:, None] * target * np.log(p + 1e-12)).sum() + (penalty * (b - expected) ** 2).sum() / 2
        return value, (x.T @ (weight[:, None] * (p - target)) + penalty * (b - expected)).ravel()
    b = minimize(loss, expected.ravel(), jac=True, method="L-BFGS-B", options=dict(maxiter=500)).x.reshape(expected.shape)
    return {
        category: {n: v for n, v in zip(names + ["bias"], b[:, c]) if abs(v) >= 0.05 or n == "bias"}
        for c, category in enumerate(CATEGORIES)
    }


def category_of(segment, table):
    """As the product decides it."""
    if segment["given"]:
        return segment["category"]
    sums = {c: row["bias"] + sum(row.get(f, 0.0) for f in segment["features"]) for c, row in table.items()}
    return max(CATEGORIES, key=lambda c: sums[c])


def fit_importance(segments, categories, options):
    labelled = [s for s in segments if s["gold"] and s["role"] != "tool"]
    weight = share(labelled)
    rows = [s["features"] + ["category" + category_of(s, categories).capitalize()] for s in labelled]
    counts = Counter(n for row in rows for n in row)
    names = sorted(n for n, c in counts.items() if c >= 12)
    x = matrix(rows, names)
    y = np.array([float(best(s)["importance"]) for s in labelled])
    expected = np.array([IMPORTANCE_PRIORS.get(n, 0.0) for n in names + ["bias"]])
    penalty = np.diag([options.importance_l2] * len(names) + [0.1])
    b = expected + np.linalg.solve(x.T @ (x * weight[:, None]) + penalty, x.T @ (weight * (y - x @ expected)))
    # A regression draws all levels to the middle; they are drawn apart again, so that each level is used.
    middle, mean = np.average(x @ b, weights=weight), np.average(y, weights=weight)
    table = {n: v * options.spread for n, v in zip(names, b) if abs(v * options.spread) >= 0.04}
    return {"bias": mean + options.spread * (b[-1] - middle), **table}


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
    p.add_argument("--leave-out-each", metavar="FOLDER", help="fits once without each file of --gold, and writes FILE.yaml there")
    p.add_argument("--labelled", help="a folder such as Fixtures/labelled; the features of its sessions must be in --features")
    p.add_argument("--labelled-weight", type=float, default=0.2)
    p.add_argument("--l2", type=float, default=35)
    p.add_argument("--must-weight", type=float, default=1.4)
    p.add_argument("--distractor-weight", type=float, default=3.0)
    p.add_argument("--category-l2", type=float, default=5000)
    p.add_argument("--importance-l2", type=float, default=400)
    p.add_argument("--spread", type=float, default=1.9, help="how far levels of importance are drawn apart")
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
    if options.leave_out_each:
        for file in sorted({name_of(g["file"]) for g in gold} - written_for_us):
            rest = [s for s in segments if s["file"] != file]
            fit(rest, options, os.path.join(options.leave_out_each, file + ".yaml"))
        return
    if options.leave_out:
        segments = [s for s in segments if s["file"] != name_of(options.leave_out)]
    fit(segments, options, options.output or options.scoring)


def fit(segments, options, output):
    score = fit_score(segments, options)
    categories = fit_categories(segments, options)
    parts = written(score, categories, fit_importance(segments, categories, options))
    text = open(options.scoring, encoding="utf-8").read()
    head = re.sub(r"(?m)^bias:.*$", parts["head"][0], text[: text.index("\nweights:") + 1])
    with open(output, "w", encoding="utf-8") as f:
        f.write(head + "\n".join(parts["tail"]) + "\n")
    print(f"{len(segments)} segments, {sum(1 for s in segments if s['gold'])} positive, {len(score)} weights", file=sys.stderr)


if __name__ == "__main__":
    main()
