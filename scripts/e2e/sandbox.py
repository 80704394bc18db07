"""A home and a project of their own for the real Claude Code with our hooks in it."""
import importlib.util, json, os, re, shutil, signal, sqlite3, subprocess, tempfile, time
from model import Model


def claude_cli():
    """Of CLAUDE_BIN, of the package claude-agent-sdk, or of the PATH; None when it is nowhere."""
    if os.environ.get("CLAUDE_BIN"):
        return os.environ["CLAUDE_BIN"]
    found = importlib.util.find_spec("claude_agent_sdk")
    if found and found.origin:
        bundled = os.path.join(os.path.dirname(found.origin), "_bundled", "claude")
        if os.access(bundled, os.X_OK):
            return bundled
    return shutil.which("claude")


CLAUDE = claude_cli()


class Run:
    def __init__(self, code, output, errors):
        self.code, self.output, self.errors = code, output, errors
        self.events = []
        for line in output.splitlines():
            if line.startswith("{"):
                self.events.append(json.loads(line))

    @property
    def session(self):
        return next((e["session_id"] for e in reversed(self.events) if e.get("type") == "result"), None)


class Sandbox:
    def __init__(self, binaries, rules=()):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="ccmem-e2e-"))
        self.home, self.project = self.folder + "/home", self.folder + "/project"
        for path in (self.home, self.project, self.folder + "/bin", self.folder + "/tmp"):
            os.mkdir(path)
        # Beside each other, as an installation has them.
        for name in ("ccmem", "ccmem-hook", "ccmem-llm"):
            shutil.copy(os.path.join(binaries, name), f"{self.folder}/bin/{name}")
        self.model = Model(rules)
        self.started = []
        self.path = os.environ["PATH"]

    # MARK: running

    def environment(self, **more):
        """`more` adds variables; None takes one away."""
        variables = {
            "PATH": self.path, "HOME": self.home, "LANG": "C.UTF-8", "TERM": "xterm-256color", "SHELL": "/bin/bash",
            "TMPDIR": self.folder + "/tmp", "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{self.model.port}", "ANTHROPIC_API_KEY": "sk-ant-none",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_TELEMETRY": "1", "DISABLE_AUTOUPDATER": "1",
            "DISABLE_ERROR_REPORTING": "1", "IS_SANDBOX": "1", "E2E_SANDBOX": self.folder,
            # What is tested is what hooks do, on however busy a machine.
            "CCMEM_HOOK_PATIENCE": "10", **more,
        }
        return {name: value for name, value in variables.items() if value is not None}

    def log_in(self):
        """As for a subscription, in place of a key."""
        os.makedirs(self.home + "/.claude", exist_ok=True)
        login = {"accessToken": "sk-ant-oat01-" + "e2e" * 8, "refreshToken": "none", "expiresAt": int((time.time() + 36000) * 1000),
                 "scopes": ["user:inference", "user:profile"], "subscriptionType": "max"}
        path = self.home + "/.claude/.credentials.json"
        with open(path, "w") as file:
            json.dump({"claudeAiOauth": login}, file)
        os.chmod(path, 0o600)

    def ccmem(self, *arguments, check=True, **more):
        run = subprocess.run(
            [self.folder + "/bin/ccmem", *arguments], cwd=self.project, env=self.environment(**more), text=True, capture_output=True)
        if check and run.returncode:
            raise AssertionError(f"ccmem {arguments}: {run.returncode} {run.stderr}")
        return run.stdout

    def claude(self, *arguments, **more):
        """A command of Claude Code's own, such as `plugin install`."""
        run = subprocess.run([CLAUDE, *arguments], cwd=self.project, env=self.environment(**more), text=True, capture_output=True,
                             stdin=subprocess.DEVNULL, timeout=120)
        if run.returncode:
            raise AssertionError(f"claude {arguments}: {run.returncode} {run.stdout} {run.stderr}")
        return run.stdout

    def start(self, prompt, *options, stdin=None, **more):
        """A session that is not waited for; with an input of its own, the prompts come through that."""
        process = subprocess.Popen(
            [CLAUDE, "-p", "--output-format", "stream-json", "--verbose", "--include-hook-events", "--permission-mode",
             "bypassPermissions", *options, *(["--", prompt] if stdin is None else [])],
            cwd=more.pop("cwd", self.project), env=self.environment(**more), text=True, stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.started.append(process)
        return process

    def say(self, prompt, *options, timeout=90, **more):
        """A session of one prompt, to its end."""
        process = self.start(prompt, *options, **more)
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return Run(process.returncode, output, errors)

    # MARK: looking

    @property
    def database(self):
        for folder, _, files in os.walk(self.folder):
            if "memory.db" in files:
                return os.path.join(folder, "memory.db")

    def rows(self, sql):
        path = self.database
        if not path:
            return []
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as database:
            return database.execute(sql).fetchall()

    def contents(self):
        return [row[0] for row in self.rows("SELECT content FROM memory WHERE state = 'active' ORDER BY id")]

    def wait(self, test, seconds=20):
        """Until a test gives something true."""
        end = time.time() + seconds
        while time.time() < end:
            try:
                if found := test():
                    return found
            except sqlite3.Error:
                pass
            time.sleep(0.05)
        return test()

    def transcripts(self):
        found = []
        for folder, _, files in os.walk(self.home + "/.claude/projects"):
            found += [os.path.join(folder, name) for name in files if name.endswith(".jsonl")]
        return sorted(found)

    def left(self):
        """Processes of this sandbox that are still there: id and command line."""
        found = {}
        for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
            try:
                if not name.isdigit():
                    continue
                with open(f"/proc/{name}/environ", "rb") as file:
                    if f"E2E_SANDBOX={self.folder}\0".encode() not in file.read():
                        continue
                with open(f"/proc/{name}/cmdline", "rb") as line:
                    found[int(name)] = line.read().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                pass
        return found

    def kill_left(self):
        for process in self.left():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def read(self, path):
        """A file of the sandbox; empty when there is none."""
        try:
            with open(os.path.join(self.folder, path), errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def hook_outcomes(self):
        """What transcripts say of hooks that did not end well."""
        bad = []
        for path in self.transcripts():
            bad += re.findall(r'"type":"(hook_non_blocking_error|hook_cancelled|hook_blocking_error|hook_stopped_continuation)"', self.read(path))
        return bad

    def strays(self):
        """Files outside the places where Claude Code and ccmem may write."""
        allowed = ("bin/", "tmp/", "home/.claude", "home/.local/share/ccmem/", "home/.config/", "home/.cache/", "home/.local/state/",
                   "project/.ccmem/", "home/.local/share/claude", "home/.npm/")
        found = []
        for folder, _, files in os.walk(self.folder):
            for name in files:
                path = os.path.relpath(os.path.join(folder, name), self.folder)
                if not path.startswith(allowed + self.places) and path not in self.expected:
                    found.append(path)
        return found

    # What a journey itself puts beside them: files, and folders.
    expected = ()
    places = ()

    def close(self):
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    stream.close()
        self.model.close()
        shutil.rmtree(self.folder, ignore_errors=True)
