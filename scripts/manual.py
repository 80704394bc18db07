#!/usr/bin/env python3
"""Writes a manual page for the command and for each subcommand, out of what `--experimental-dump-help` says.

    manual.py CCMEM FOLDER [--check]      --check writes nothing and fails when a page is not as it would be written, or of no command

Lines of capitals in the discussion of a command begin a section; indented lines are kept as they stand.
"""
import json, os, re, subprocess, sys


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def sections(discussion):
    """(title, lines) in order; the title of the first is DESCRIPTION."""
    found = [("DESCRIPTION", [])]
    for line in (discussion or "").split("\n"):
        if re.fullmatch(r"[A-Z][A-Z ]+", line):
            found.append((line, []))
        else:
            found[-1][1].append(line)
    return found


def body(lines):
    out, verbatim = [], False
    for line in lines:
        indented = line.startswith("  ")
        if indented and not verbatim:
            out += [".PP", ".RS 4", ".nf"]
        elif verbatim and not indented:
            out += [".fi", ".RE"]
        verbatim = indented
        if indented:
            out.append(escaped(line[2:]))
        elif line.strip():
            out.append(escaped(line))
        else:
            out.append(".PP")
    if verbatim:
        out += [".fi", ".RE"]
    while out and out[-1] == ".PP":
        out.pop()
    return out


def flags(argument):
    return ", ".join(("-" if n["kind"] == "short" else "--") + n["name"] for n in argument.get("names", []))


def placeholder(argument):
    return "" if argument["kind"] == "flag" else f" \\fI{escaped(argument['valueName'])}\\fR"


def described(argument):
    text = argument.get("abstract", "")
    default = argument.get("defaultValue")
    if argument.get("valueName") == "n" and flags(argument) == "--jobs":
        default = "the number of processors"
    if default and argument["kind"] != "flag":
        text += f" Default: {default}."
    return escaped(text)


def page(command, parents, version):
    path = parents + [command["commandName"]]
    name = "-".join(path)
    shown = [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]
    options = [a for a in shown if a["kind"] != "positional"]
    operands = [a for a in shown if a["kind"] == "positional"]
    subcommands = [c for c in command.get("subcommands", []) if c["commandName"] != "help" and c.get("shouldDisplay", True)]
    out = [f'.TH {name.upper()} 1 "" "ccmem {version}"', ".SH NAME", f"{escaped(name)} \\- {escaped(command['abstract'].rstrip('.'))}"]
    synopsis = "\\fB" + escaped(" ".join(path)) + "\\fR"
    synopsis += " \\fIsubcommand\\fR" if subcommands else " [\\fIoption\\fR]..."
    synopsis += "".join(f" [\\fI{escaped(a['valueName'])}\\fR{'...' if a['isRepeating'] else ''}]" for a in operands)
    out += [".SH SYNOPSIS", synopsis]
    first, *rest = sections(command.get("discussion"))
    out += [".SH DESCRIPTION", *body([command["abstract"], *first[1]])]
    if subcommands:
        out.append(".SH COMMANDS")
        for c in subcommands:
            out += [".TP", f"\\fB{escaped(' '.join(path + [c['commandName']]))}\\fR(1)", escaped(c["abstract"])]
    out.append(".SH OPTIONS")
    for a in operands:
        out += [".TP", f"\\fI{escaped(a['valueName'])}\\fR", described(a)]
    for a in options:
        out += [".TP", f"\\fB{escaped(flags(a))}\\fR{placeholder(a)}", described(a)]
    for title, lines in rest:
        out += [f".SH {title}", *body(lines)]
    others = ["-".join(path[:-1])] if parents else ["-".join(path + [c["commandName"]]) for c in subcommands]
    out += [".SH SEE ALSO", ", ".join(f"\\fB{escaped(o)}\\fR(1)" for o in others)]
    pages = {f"{name}.1": "\n".join(out) + "\n"}
    for c in subcommands:
        pages.update(page(c, path, version))
    return pages


def main():
    ccmem, folder = sys.argv[1:3]
    dump = subprocess.run([ccmem, "--experimental-dump-help"], capture_output=True, text=True, check=True).stdout
    version = subprocess.run([ccmem, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    command = json.loads(dump)["command"]
    # The verbs with a language model describe themselves in the program that has them.
    beside = os.path.join(os.path.dirname(os.path.abspath(ccmem)), "ccmem-llm")
    dump = subprocess.run([beside, "--experimental-dump-help"], capture_output=True, text=True, check=True).stdout
    others = {c["commandName"]: c for c in json.loads(dump)["command"]["subcommands"]}
    command["subcommands"] = [c if c["commandName"] == "help" else others.get(c["commandName"], c) for c in command["subcommands"]]
    pages = page(command, [], version)
    stale = []
    os.makedirs(folder, exist_ok=True)
    for name, text in pages.items():
        path = os.path.join(folder, name)
        if os.path.exists(path) and open(path, encoding="utf-8").read() == text:
            continue
        stale.append(path)
        if "--check" not in sys.argv:
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".1") and name not in pages:
            stale.append(os.path.join(folder, name))
            if "--check" not in sys.argv:
                os.remove(stale[-1])
    if "--check" in sys.argv and stale:
        sys.exit(f"error: not as the command's help says: {', '.join(stale)}; `make man` writes them")


if __name__ == "__main__":
    main()
