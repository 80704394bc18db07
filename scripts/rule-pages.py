#!/usr/bin/env python3
"""Writes the reference of the pack format out of its schema, and that of the checks out of what `rules lint` says of itself.

    rule-pages.py CCMEM FOLDER [--check]      --check writes nothing and fails when a page is not as it would be written
"""
import json, os, subprocess, sys

PARTS = [
    ("", "The pack", "The top level of the file."),
    ("rule", "A rule", "An entry of `rules:`."),
    ("override", "A change of rules below", "An entry of `overrides:`."),
    ("exception", "An exception", "An entry of `exceptions:`, of a pack or of a rule."),
    ("matchExample", "An example that must match", "An entry of `examples:`, `match:`."),
    ("rejectExample", "An example that must not match", "An entry of `examples:`, `reject:`."),
]


def kind(value, schema):
    if "$ref" in value:
        name = value["$ref"].split("/")[-1]
        return kind(schema["definitions"][name], schema) if name not in dict((p[0], 1) for p in PARTS) else name
    if "enum" in value:
        return ", ".join(f"`{v}`" for v in value["enum"])
    if "anyOf" in value or "oneOf" in value and "type" not in value:
        return " or ".join(dict.fromkeys(kind(v, schema) for v in value.get("anyOf", value.get("oneOf", []))))
    types = value.get("type", "text")
    types = types if isinstance(types, list) else [types]
    if "string" in types:
        return "text"
    if types == ["array"]:
        return f"list of {kind(value.get('items', {}), schema)}"
    if types == ["object"]:
        inner = value.get("properties")
        if inner:
            return "mapping with " + ", ".join(f"`{k}`" for k in inner)
        extra = value.get("additionalProperties")
        return "mapping of names to " + (kind(extra, schema) if isinstance(extra, dict) else "text")
    if types == ["integer"] and "minimum" in value and "maximum" in value:
        low, high = value["minimum"], value["maximum"]
        return f"{low}" if low == high else f"{low} to {high}"
    return {"boolean": "`true` or `false`", "integer": "whole number", "number": "number", "null": "nothing"}.get(types[0], types[0])


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def table(definition, schema):
    required = definition.get("required", [])
    out = ["| key | value | meaning |", "|---|---|---|"]
    for key, value in definition.get("properties", {}).items():
        described = value
        if "$ref" in value and "description" not in value:
            described = schema["definitions"][value["$ref"].split("/")[-1]]
        text = described.get("description", "")
        if "default" in value:
            text += f" Without it: `{json.dumps(value['default']).strip(chr(34))}`."
        name = f"**`{key}`**" if key in required else f"`{key}`"
        out.append(f"| {name} | {cell(kind(value, schema))} | {cell(text)} |")
    return out


def format_page(schema):
    out = ["# The format of rule packs, key by key", "",
           "Written from `Rules/rulepack.schema.json` by `scripts/rule-pages.py`. Keys in bold must be there. [rule-packs.md](rule-packs.md) explains how they work together;",
           "`ccmem rules schema` prints the schema for editors."]
    for name, title, words in PARTS:
        definition = schema if not name else schema["definitions"].get(name)
        if definition is None or not definition.get("properties"):
            continue
        out += ["", f"## {title}", "", words, "", *table(definition, schema)]
    return "\n".join(out) + "\n"


def lint_page(checks):
    out = ["# What `ccmem rules lint` looks for", "",
           "Written from what the command says of itself by `scripts/rule-pages.py`. The id stands in brackets behind each finding, and is the rule id in SARIF.",
           "An error keeps a pack from being used, or a rule from doing what it says; a warning is a rule that works less well than it looks; a note is worth knowing.", "",
           "| id | level | what |", "|---|---|---|"]
    for check in checks:
        out.append(f"| `{check['id']}` | {check['defaultConfiguration']['level']} | {cell(check['shortDescription']['text'])} |")
    return "\n".join(out) + "\n"


def main():
    ccmem, folder = sys.argv[1:3]
    run = lambda *words: subprocess.run([ccmem, *words], capture_output=True, text=True).stdout
    schema = json.loads(run("rules", "schema"))
    sarif = json.loads(run("rules", "lint", "--built-in", "--format", "sarif"))
    pages = {"rule-pack-format.md": format_page(schema), "rule-lint.md": lint_page(sarif["runs"][0]["tool"]["driver"]["rules"])}
    stale = []
    for name, text in pages.items():
        path = os.path.join(folder, name)
        if os.path.exists(path) and open(path, encoding="utf-8").read() == text:
            continue
        stale.append(path)
        if "--check" not in sys.argv:
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
    if "--check" in sys.argv and stale:
        sys.exit(f"error: not as the schema and the checks say: {', '.join(stale)}; `make man` writes them")


if __name__ == "__main__":
    main()
