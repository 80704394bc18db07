#!/usr/bin/env python3
"""Uses `ccmem embed` with the stand-in server: embed_check.py PATH/TO/ccmem (with ccmem-llm beside it)."""
import json, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def check(condition, what):
    print(("ok    " if condition else "FAIL  ") + what)
    if not condition:
        sys.exit(1)


class StandIn:
    def __init__(self, *options):
        command = [sys.executable, os.path.join(HERE, "embedding_stand_in.py"), *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)


def main(ccmem):
    with tempfile.TemporaryDirectory() as home:
        project, log = os.path.join(home, "project"), os.path.join(home, "log")
        os.mkdir(project)
        base = {"HOME": home, "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config", "PATH": os.environ["PATH"]}

        def run(*arguments, **more):
            return subprocess.run([ccmem, *arguments, "--project", project], env={**base, **more}, capture_output=True, text=True)

        def switch(provider, address=""):
            for name, value in (("embed.provider", provider), ("embed.endpoint", address)):
                r = run("config", "set", name, value)
                check(r.returncode == 0, f"{name} is set to {value or 'nothing'} {r.stderr}")

        for index in range(12):
            run("add", "note", f"The module number {index} is formatted by the linter before each commit")
        run("add", "constraint", "Photographs are uploaded wirelessly")
        key = "sk-proj-" + "a1B2c3D4" * 6
        question = ("search", "photographic uploading wireless")
        before = run(*question)
        check(run("embed").returncode == 3, "switched off, it says so")
        with StandIn("--log", log) as server:
            address = f"http://127.0.0.1:{server.port}"
            switch("ollama", address)
            check(run(*question).stdout == before.stdout, "without vectors nothing changes")
            check("ccmem embed" in run(*question, "--explain").stdout, "--explain says that there are none yet")
            r = run("embed")
            check(r.returncode == 0 and "13 of 13 memories" in r.stdout, "each memory gets a vector: " + r.stdout + r.stderr)
            sent = len(open(log).readlines())
            check(sent == 13 and run("embed").returncode == 0 and len(open(log).readlines()) == sent, "nothing is sent twice")
            check(all(json.loads(l)["text"].startswith("search_document: ") for l in open(log)), "nomic-embed-text is told what a text is for")
            r = run(*question, "--explain")
            first = r.stdout.split("\n")[2]
            check("meaning" in r.stdout and "#13" in first, "what says the same in other words comes first: " + first)
            r = run("recall", f"photographic wireless {key}")
            check(not any(key in l for l in open(log)), "a secret of the question is not sent")
            switch("openai", address + "/v1")
            r = run("embed", CCMEM_EMBED_MODEL="another", CCMEM_EMBED_KEY="k")
            check("another: 13 of 13" in r.stdout, "another model takes the place of the first")
            check(json.loads(open(log).readlines()[-1])["path"] == "/v1/embeddings", "OpenAI's shape is spoken")
            switch("ollama", address)
            run("embed")
        check(run(*question).stdout == before.stdout, "without the server the answer is that of words")
        check("vectors: not used" in run(*question, "--explain").stdout, "and --explain says why")
        check(run("embed", CCMEM_EMBED_MODEL="third").returncode == 3, "embed itself says what went wrong")
        with StandIn("--fail", "500") as server:
            switch("ollama", f"http://127.0.0.1:{server.port}")
            check(run(*question).stdout == before.stdout, "a server that fails changes nothing")
        switch("off")
        check(run(*question).stdout == before.stdout, "switched off, nothing changes, byte for byte")
    print("ok")


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(os.path.abspath(sys.argv[1]))
