#!/usr/bin/env python3
"""Journeys through the real Claude Code with ccmem's hooks in it, against a model that answers by rules.

    journeys.py FOLDER [NAME]…      FOLDER holds ccmem and ccmem-hook

Needs the package claude-agent-sdk, or CLAUDE_BIN; without Claude Code it says so and is skipped.
"""
import fcntl, json, os, shutil, signal, socket, struct, subprocess, sys, time, unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from model import Tool
from sandbox import CLAUDE, Sandbox

BINARIES = ""
RULE = "NEVER deploy the gateway on Friday."
DECISION = "We decided to use PostgreSQL instead of MySQL because we need JSON indexes."
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INJECTED = "SessionStart hook additional context: Project memory (ccmem)"


class Journey(unittest.TestCase):
    rules = ()

    def setUp(self):
        self.box = Sandbox(BINARIES, self.rules)
        self.install()

    def install(self):
        self.box.ccmem("install", "--user")

    def tearDown(self):
        """After each journey: nobody left, no hook that failed, no file in a wrong place."""
        try:
            self.assertTrue(self.box.wait(lambda: not self.box.left(), 15), self.box.left())
            self.assertEqual(self.box.hook_outcomes(), [])
            self.assertEqual(self.box.strays(), [])
        finally:
            self.box.close()

    def say(self, prompt, *options, **more):
        run = self.box.say(prompt, *options, **more)
        self.assertEqual(run.code, 0, run.errors + run.output[-2000:])
        self.assertEqual(run.errors, "")
        return run

    def stored(self, text, seconds=20):
        return self.box.wait(lambda: [c for c in self.box.contents() if text in c], seconds)


class NextSession(Journey):
    def test_a_constraint_reaches_the_next_session(self):
        first = self.say(RULE + " " + DECISION)
        self.assertTrue(self.stored("Friday"))
        self.assertFalse(any(INJECTED in told for told in self.box.model.told()), "there was nothing to inject yet")
        before = len(self.box.model.requests)
        self.say("Hello again")
        told = self.box.model.told(since=before)[0]
        self.assertIn(INJECTED, told)
        self.assertIn("deploy the gateway on Friday", told)
        self.assertIn("PostgreSQL", told)
        self.assertIn("## Last session", told)
        # Every line stands in the ledger.
        lines = told.count("\\n- #")
        self.assertEqual(self.box.rows("SELECT count(*) FROM injection")[0][0], lines)
        self.assertEqual(self.box.rows("SELECT count(*) FROM memory_source AS s JOIN session AS c ON c.id = s.session_id "
                                       f"WHERE c.uid <> '{first.session}'"), [(0,)], "what was injected is not learned again")

    def test_the_final_answer_of_the_last_turn_is_stored(self):
        self.box.model.rules = [("Why", "The root cause of the crash was a missing null check in `parseHeader` of the gateway.")]
        self.say("Why did the gateway crash?")
        self.assertTrue(self.stored("parseHeader"))

    def test_a_prompt_calls_for_what_it_names(self):
        self.box.ccmem("add", "bug", "The upload in src/net/client.swift hangs when max_retries is 0", "--importance", "1")
        for number in range(8):
            self.box.ccmem("add", "note", f"Filler number {number} about other modules", "--importance", "1")
        run = self.say("Please look at src/net/client.swift", CCMEM_INJECTION_SESSION_START_TOKENS="0")
        told = self.box.model.told()[0]
        self.assertIn("UserPromptSubmit hook additional context: Project memory (ccmem)", told)
        self.assertIn("max_retries", told)
        self.assertTrue(run.session)

    def test_remember_acts_at_once(self):
        run = self.say("remember: never deploy the gateway on Friday")
        self.assertEqual(self.box.contents()[0], "never deploy the gateway on Friday")
        self.assertIn("remembered as #1", run.output)


class Resume(Journey):
    def test_a_resumed_session_is_not_told_again(self):
        self.box.ccmem("add", "constraint", "Always run the linter")
        first = self.say("Hello")
        self.assertEqual(sum(INJECTED in told for told in self.box.model.told()), 1)
        again = self.say("Go on", "--resume", first.session)
        self.assertEqual(again.session, first.session)
        self.assertEqual(self.box.model.told()[-1].count(INJECTED), 1, "the old context holds it")
        self.box.ccmem("add", "constraint", "Ask before a migration")
        self.say("And on", "--resume", first.session)
        self.assertEqual(self.box.model.told()[-1].count("Ask before a migration"), 1)
        self.assertEqual(self.box.model.told()[-1].count("#1 Always run the linter"), 1)
        self.say("A copy", "--resume", first.session, "--fork-session")
        self.assertEqual(self.box.model.told()[-1].count("#1 Always run the linter"), 1)


class Compaction(Journey):
    def test_what_was_said_before_a_compaction_comes_back(self):
        first = self.say(RULE)
        before = len(self.box.model.requests)
        self.say("/compact", "--resume", first.session)
        self.assertTrue(self.stored("Friday"))
        # What a PreCompact hook prints would become part of these instructions.
        summaries = [body for body in self.box.model.requests[before:] if "detailed summary of the conversation" in json.dumps(body)]
        self.assertTrue(summaries)
        before = len(self.box.model.requests)
        self.say("What now?", "--resume", first.session)
        told = self.box.model.told(since=before)[0]
        self.assertIn("deploy the gateway on Friday", told)
        self.assertIn(INJECTED, told)


    def test_a_full_context_is_compacted_and_told_again(self):
        self.box.ccmem("add", "constraint", "Always run the linter")
        first = self.say(RULE)
        self.box.model.rules = [("Go on", Tool("Bash", command="echo on")), ("tool_result", "Done.")]
        self.box.model.tokens = 199_000
        before = len(self.box.model.requests)
        self.say("Go on", "--resume", first.session, CLAUDE_CODE_AUTO_COMPACT_WINDOW="200000", CLAUDE_AUTOCOMPACT_PCT_OVERRIDE="60")
        requests = [json.dumps(body) for body in self.box.model.requests[before:]]
        self.assertTrue(any("detailed summary of the conversation" in text for text in requests), "Claude Code compacts by itself")
        told = self.box.model.told(since=before)[-1]
        self.assertIn("The user and the assistant worked on the gateway", told)
        self.assertIn("Always run the linter", told)
        self.assertIn("deploy the gateway on Friday", told)
        self.assertEqual(self.box.rows("SELECT count(*) FROM answer WHERE instance = 'compact'"), [(1,)])

    def test_a_fork_is_told_again_after_its_compaction(self):
        self.box.ccmem("add", "constraint", "Always run the linter")
        first = self.say("Hello")
        fork = self.say("A copy", "--resume", first.session, "--fork-session")
        self.assertNotEqual(fork.session, first.session)
        self.assertEqual(self.box.model.told()[-1].count("#1 Always run the linter"), 1)
        self.say("/compact", "--resume", fork.session)
        before = len(self.box.model.requests)
        self.say("What now?", "--resume", fork.session)
        told = self.box.model.told(since=before)[0]
        self.assertEqual(told.count("#1 Always run the linter"), 1)


class Clear(Journey):
    def test_a_cleared_session_is_told_as_a_new_one(self):
        process = self.box.start(None, "--input-format", "stream-json", stdin=subprocess.PIPE)

        def send(text):
            process.stdin.write(json.dumps({"type": "user", "message": {"role": "user", "content": text}}) + "\n")
            process.stdin.flush()

        send(RULE)
        self.assertTrue(self.stored("Friday", 60))
        send("/clear")
        self.assertTrue(self.box.wait(lambda: self.box.rows("SELECT 1 FROM answer WHERE instance = 'clear'"), 60))
        before = len(self.box.model.requests)
        send("Hello again")
        self.assertTrue(self.box.wait(lambda: self.box.model.told(since=before), 60))
        _, errors = process.communicate(timeout=90)
        self.assertEqual((process.returncode, errors), (0, ""))
        told = self.box.model.told(since=before)[0]
        self.assertIn(INJECTED, told)
        self.assertIn("deploy the gateway on Friday", told)
        self.assertIn("## Last session", told)


class Reminder(Journey):
    def test_a_long_session_is_reminded_once_when_asked(self):
        first = self.say(RULE)
        self.assertTrue(self.stored("Friday"))
        self.assertTrue(self.box.wait(lambda: not self.box.left(), 15))
        words = "this session has gone on for a while"
        for prompt in ("Go on", "And on"):
            self.say(prompt, "--resume", first.session, CCMEM_REMINDER_TURNS="1")
            self.assertTrue(self.box.wait(lambda: not self.box.left(), 15))
        told = self.box.model.told()
        self.assertEqual(sum(text.count(words) for text in told[:3]), 1, "the turn goes on with it")
        self.assertEqual(told[-1].count(words), 1, "once a session")


class Past(Journey):
    def install(self):
        pass

    def test_sessions_from_before_are_read_and_said_so(self):
        self.say(RULE)
        self.say(DECISION)
        self.assertIsNone(self.box.database)
        self.box.ccmem("install", "--user")
        first = self.say("Hello")
        self.assertIn("2 earlier sessions of this project", first.output)
        self.assertIn("`ccmem pause` stops it", first.output)
        self.assertTrue(self.stored("Friday") and self.stored("PostgreSQL"))
        self.assertTrue(self.box.wait(lambda: not self.box.left(), 15))
        before = len(self.box.model.requests)
        second = self.say("Hello again")
        self.assertIn("Since the last session here: 2 stored", second.output)
        self.assertIn("deploy the gateway on Friday", self.box.model.told(since=before)[0])
        self.assertNotIn("Since the last session here", self.say("And again").output, "told once")


class Plugin(Journey):
    def install(self):
        """As a plugin out of a marketplace that is a folder here, without hooks in the settings."""
        self.plugin = self.box.folder + "/plugin"
        self.box.places = ("plugin/", "tools/")
        os.mkdir(self.plugin)
        for name in (".claude-plugin", "hooks", "commands", "skills"):
            shutil.copytree(os.path.join(ROOT, name), os.path.join(self.plugin, name))
        shutil.copy(os.path.join(ROOT, ".mcp.json"), self.plugin)
        self.assertIn("Validation passed", self.box.claude("plugin", "validate", "--strict", self.plugin))
        self.box.claude("plugin", "marketplace", "add", self.plugin)

    def test_a_plugin_remembers_and_leaves_its_memories_behind(self):
        self.box.claude("plugin", "install", "ccmem@ccmem", "--config", "folder=" + self.box.folder + "/bin")
        self.say(RULE + " " + DECISION)
        self.assertTrue(self.stored("Friday"))
        before = len(self.box.model.requests)
        self.say("Hello again")
        told = self.box.model.told(since=before)[0]
        self.assertIn(INJECTED, told)
        self.assertIn("deploy the gateway on Friday", told)
        self.assertIn("ccmem:save-memories", json.dumps(self.box.model.requests[before:]))
        self.assertIn("ok    hooks       the plugin", self.box.ccmem("doctor", check=False))
        self.assertTrue(self.box.wait(lambda: not self.box.left(), 15))
        self.box.claude("plugin", "uninstall", "ccmem@ccmem")
        self.assertTrue(self.stored("Friday"), "uninstalling deletes no memory")
        before = len(self.box.model.requests)
        self.say("Hello")
        self.assertNotIn("Project memory (ccmem)", self.box.model.told(since=before)[0])

    @unittest.skipIf(os.access("/usr/local/bin/ccmem-hook", os.X_OK), "an installed ccmem would be found")
    def test_the_first_session_has_the_programs_built(self):
        # The build itself is another test's matter; this one installs what is built already, after a while.
        self.box.expected = tuple("home/.local/bin/" + name for name in ("ccmem", "ccmem-hook", "ccmem-llm"))
        with open(self.plugin + "/Makefile", "w") as file:
            file.write(f"install:\n\tsleep 3\n\tmkdir -p $(PREFIX)/bin\n\tcp {self.box.folder}/bin/ccmem* $(PREFIX)/bin/\n")
        tools = self.box.folder + "/tools"
        os.mkdir(tools)
        for name in ("swift", "pkg-config"):
            with open(f"{tools}/{name}", "w") as file:
                file.write("#!/bin/sh\nexit 0\n")
            os.chmod(f"{tools}/{name}", 0o755)
        self.box.path = tools + ":" + self.box.path
        self.box.claude("plugin", "install", "ccmem@ccmem")
        first = self.say(RULE)
        self.assertIn("building its programs in the background", first.output)
        self.assertTrue(self.box.wait(lambda: os.path.exists(self.box.home + "/.local/bin/ccmem-hook"), 30))
        self.assertTrue(self.box.wait(lambda: not self.box.left(), 15))
        second = self.say("Hello")
        self.assertIn("1 earlier session of this project", second.output)
        self.assertTrue(self.stored("Friday"))


class Offline(unittest.TestCase):
    """A whole session where there is no network but the loopback that leads to the model."""

    def test_without_network_the_next_session_knows_all_the_same(self):
        alone = ["unshare", "--net", "--map-root-user"]
        if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode:
            self.skipTest("no right to take the network away")
        run = subprocess.run(
            [*alone, sys.executable, os.path.abspath(__file__), "--loopback", BINARIES,
             "NextSession.test_a_constraint_reaches_the_next_session"], capture_output=True, text=True, timeout=400)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("Ran 1 test", run.stderr)


def raise_loopback():
    """Switches `lo` on in a network of our own: SIOCGIFFLAGS, SIOCSIFFLAGS with IFF_UP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(end, 0x8913, request))[1]
        fcntl.ioctl(end, 0x8914, struct.pack("16sh14x", b"lo", flags | 1))


class Subagents(Journey):
    rules = [
        ("Send somebody", Tool("Agent", description="look", prompt="Look for the cause", subagent_type="general-purpose", run_in_background=False)),
        ("Look for the cause", "The root cause of the crash was a missing null check in `parseHeader` of the gateway."),
        ("tool_result", "The subagent has found it."),
    ]

    def test_what_a_subagent_finds_is_stored(self):
        self.say("Send somebody to look")
        self.assertTrue(self.stored("parseHeader"))


class Tools(Journey):
    rules = [
        ("Write the note", [Tool("Write", file_path="note.txt", content="x\n"), Tool("Bash", command="echo 'Tests: 3 passed, 1 failed'")]),
        ("tool_result", "Both are done."),
    ]

    def test_the_handoff_names_files_and_tests(self):
        self.box.expected = ("project/note.txt",)
        self.box.ccmem("init")
        self.box.model.rules[0][1][0].arguments["file_path"] = self.box.project + "/note.txt"
        self.say("Write the note. " + RULE)
        self.assertTrue(self.stored("Friday"))
        page = lambda: self.box.read("project/.ccmem/HANDOFF.md")
        self.assertTrue(self.box.wait(lambda: "3 passed, 1 failed" in page() and "Both are done" in page()), page())
        self.assertIn("note.txt", page())
        before = len(self.box.model.requests)
        self.say("Hello")
        told = self.box.model.told(since=before)[0]
        self.assertIn("- files: note.txt", told)
        self.assertIn("- last test result: Tests: 3 passed, 1 failed", told)


class Failing(Journey):
    rules = [
        ("Run the check", Tool("Bash", command="./check.sh")),
        ("tool_result", "It failed."),
    ]

    def test_the_next_session_is_warned_before_the_same_command(self):
        self.box.expected = ("project/check.sh",)
        with open(self.box.project + "/check.sh", "w") as file:
            file.write("#!/bin/sh\necho 'error: the quux is missing' >&2\nexit 1\n")
        os.chmod(self.box.project + "/check.sh", 0o755)
        # A store is there before: a failure alone makes none.
        self.box.ccmem("add", "note", "The project has a check")
        self.say("Run the check. " + RULE)
        self.assertTrue(self.box.wait(lambda: self.box.rows("SELECT program, count FROM failure") == [("check.sh", 1)]))
        before = len(self.box.model.requests)
        self.say("Run the check")
        told = "\n".join(self.box.model.told(since=before))
        self.assertIn("`check.sh` failed once", told)
        self.assertIn("error: the quux is missing", told)


class Parallel(Journey):
    def test_parallel_sessions_are_all_stored(self):
        words = ["alpha", "bravo", "charlie"]
        runs = [self.box.start(f"NEVER deploy the {word} service on Friday.") for word in words]
        for run in runs:
            _, errors = run.communicate(timeout=120)
            self.assertEqual((run.returncode, errors), (0, ""))
        for word in words:
            self.assertTrue(self.stored(f"the {word} service"), word)
        self.assertEqual(self.box.rows("SELECT count(*) FROM memory_source"), [(3,)])
        self.assertEqual(self.box.rows("SELECT count(*) FROM (SELECT DISTINCT session_id FROM turn)"), [(3,)])


class Killed(Journey):
    rules = [("NEVER", Tool("Bash", command="sleep 30"))]

    def test_a_killed_session_loses_nothing(self):
        process = self.box.start(RULE)
        self.assertTrue(self.box.wait(lambda: any("Friday" in self.box.read(path) for path in self.box.transcripts()), 40))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        # What its tool has started lives in a session of its own.
        self.box.kill_left()
        self.box.model.rules = []
        self.say("Hello")
        self.assertTrue(self.stored("Friday"))


class Registered(Journey):
    def test_twice_registered_is_told_once(self):
        self.box.ccmem("add", "constraint", "Always run the linter")
        os.makedirs(self.box.project + "/.claude", exist_ok=True)
        self.box.expected = ("project/.claude/settings.local.json",)
        hook = self.box.folder + "/bin/../bin/ccmem-hook"
        with open(self.box.project + "/.claude/settings.local.json", "w") as file:
            json.dump({"hooks": {event: [{"hooks": [{"type": "command", "command": hook, "args": [event]}]}]
                                 for event in ("SessionStart", "UserPromptSubmit", "Stop")}}, file)
        self.say("Hello")
        self.assertEqual(self.box.model.told()[0].count(INJECTED), 1)

    def test_after_uninstall_nothing_is_called(self):
        self.box.ccmem("uninstall", "--user")
        self.box.ccmem("add", "constraint", "Always run the linter")
        self.say(RULE)
        self.assertNotIn("Project memory (ccmem)", self.box.model.told()[0])
        time.sleep(1)
        self.assertEqual(len(self.box.contents()), 1)


class Server(Journey):
    """The server for models, called by the model through the client."""
    rules = [
        ("Look it up", Tool("mcp__ccmem__memory_search", query="connection pool")),
        ("Write it down", Tool("mcp__ccmem__mark_constraint", constraint="Never touch the billing tables by hand")),
        ("tool_result", "That was all."),
    ]

    def test_the_model_searches_and_marks(self):
        self.box.ccmem("add", "decision", "The connection pool has 20 connections because the proxy allows no more")
        servers = json.dumps({"mcpServers": {"ccmem": {"command": self.box.folder + "/bin/ccmem", "args": ["mcp"]}}})
        options = ("--strict-mcp-config", "--mcp-config", servers)
        quiet = {"CCMEM_INJECTION_ENABLED": "false"}
        self.say("Look it up", *options, **quiet)
        result = [part for body in self.box.model.requests for message in body.get("messages", []) if isinstance(message["content"], list)
                  for part in message["content"] if part.get("type") == "tool_result"]
        self.assertTrue(result)
        self.assertIn("20 connections", json.dumps(result[0]))
        self.assertFalse(result[0].get("is_error"))
        self.say("Write it down", *options, **quiet)
        self.assertTrue(self.stored("billing tables by hand"))


class OwnClaude(Journey):
    """A subscription is used by the user's own `claude`, also from within a session of Claude Code."""

    QUESTION = "Is this understood?"
    rules = [(QUESTION, 'Here: {"ok": true}'), ("Test the login", Tool("Bash", command="ccmem auth test")), ("tool_result", "It is good.")]

    def test_a_nested_call_leaves_nothing_behind(self):
        self.box.log_in()
        # Where `ccmem` and `claude` are for whoever types them.
        os.symlink(CLAUDE, self.box.folder + "/bin/claude")
        own = {"ANTHROPIC_API_KEY": None, "PATH": self.box.folder + "/bin:" + os.environ["PATH"]}
        self.assertIn("used by your own `claude`", self.box.ccmem("auth", "enable", "--yes", **own))
        run = self.say("Test the login. " + RULE, **own)
        self.assertIn("of Claude Code", run.output)
        self.assertIn("answers.", run.output)
        nested = [body for body in self.box.model.requests if self.QUESTION in json.dumps(body.get("messages"))
                  and "Fill in the form" in json.dumps(body.get("system"))]
        self.assertEqual(len(nested), 1, "it was asked once")
        self.assertEqual(nested[0].get("tools"), [])
        self.assertEqual(nested[0].get("thinking", {"type": "disabled"}), {"type": "disabled"})
        self.assertEqual(nested[0]["max_tokens"], 200)
        told = json.dumps(nested[0])
        self.assertNotIn("Project memory (ccmem)", told, "no hook told it anything")
        self.assertNotIn(self.box.project, told, "it works in a folder of its own")
        self.assertEqual(len(self.box.transcripts()), 1, "it left no transcript")
        self.assertTrue(self.stored("Friday"))
        self.assertEqual(self.box.rows("SELECT count(*) FROM session"), [(1,)])


def main():
    global BINARIES
    if sys.argv[1:2] == ["--loopback"]:
        raise_loopback()
        del sys.argv[1]
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if not CLAUDE:
        print("end-to-end: skipped, Claude Code is not installed (pip install claude-agent-sdk)")
        return
    BINARIES = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
