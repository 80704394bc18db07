/// What Claude Code writes into a conversation in the place of a person: the lists, in one place.
enum HarnessLists {
    /// Elements that go with all that is in them. A name that ends in `*` stands for every name that begins so.
    static let regions: [StaticString] = [
        "system-reminder", "system_reminder", "task-notification", "agent-notification", "bash-notification",
        "teammate-message", "cross-session-message", "channel", "tick", "local-command-caveat",
        "local-command-stdout", "local-command-stderr", "command-name", "command-message", "command-contents",
        "bash-input", "bash-stdout", "bash-stderr", "user-prompt-submit-hook", "session-start-hook",
        "post-tool-use-hook", "user-memory-input", "ide_opened_file", "ide_selection", "ide_diagnostics",
        "new-diagnostics", "mcp-resource", "mcp-polling-update", "persisted-output", "tools-used-before-summary",
        "fork-boilerplate", "system_warning", "claude-mem-context", "uploaded_files", "ccmem*",
    ]

    /// Elements of which only the tags go.
    static let wrappers: [StaticString] = ["tool_use_error"]

    /// A message that begins so was not typed by a person.
    static let messageStarts: [StaticString] = [
        "[Request interrupted by user", "Base directory for this skill:", "Caveat: The messages below were generated",
        "Please continue the conversation from where we left off",
        "Please continue the conversation from where we left it off",
        "Continue from where you left off.",
        "Stop hook feedback:", "Stop hook prevented continuation", "Operation stopped by ", "SessionStart hook",
        "UserPromptSubmit hook", "UserPromptSubmit operation blocked", "PreToolUse:", "PostToolUse:",
        "SubagentStop hook",
        "TeammateIdle hook feedback:", "TaskCompleted hook feedback:", "TaskCreated hook feedback:",
        "Plan mode is active", "Plan mode still active", "Plan mode is still active", "You are in plan mode",
        "Entered plan mode.", "## Re-entering Plan Mode", "## Exited Plan Mode", "## Exited Auto Mode",
        "Auto mode is active", "[SYSTEM NOTIFICATION", "[Image: source:", "API Error:", "(no content)",
        "Your task is to create a detailed summary of", "CRITICAL: Respond with TEXT ONLY.",
        "Please analyze this codebase and create a CLAUDE.md file", "Set up a minimal CLAUDE.md",
        "Unknown skill:", "Unknown slash command:", "Launching skill:", "Tool loaded.", "No response requested.",
        "Files modified by user:", "A session-scoped Stop hook is now active", "Another Claude session sent a message",
        "Read the output file to retrieve the result:", "Full transcript available at:", "The user selected the lines ",
        "The user opened the file ",
    ]

    /// A message with this anywhere in it is plan-mode text: it always comes with instructions around it.
    static let messageMarks: [StaticString] = [
        "DO NOT write or edit any files yet.", "you MUST NOT make any edits (with the exception of the plan file",
    ]

    /// An assistant's message that begins so was written by the client.
    static let assistantStarts: [StaticString] = [
        "No response requested.", "API Error:", "API Error (", "(no content)", "Prompt is too long",
        "Credit balance is too low",
        "Invalid API key", "Claude AI usage limit reached", "[Request interrupted by user", "You've hit your ",
        "You're out of extra usage", "Please run /login",
    ]

    /// A compaction summary that is not marked as one begins so.
    static let summaryStart: StaticString = "This session is being continued from a previous conversation"

    /// Where the frame at the end of a compaction summary begins, at the start of a line.
    static let summaryEnds: [StaticString] = [
        "If you need specific details from before compaction",
        "Please continue the conversation from where we left off",
        "Please continue the conversation from where we left it off",
        "Continue the conversation from where it left off", "The messages after this summary are the most recent",
        "Recent messages are preserved verbatim.",
    ]

    /// A plan that the model wrote and a person accepted comes back as a prompt that begins so.
    static let planStart: StaticString = "Implement the following plan:"

    /// Commands of the client itself: what follows them is no word on the project.
    static let builtInCommands: [StaticString] = [
        "add-dir", "agents", "bashes", "bug", "chrome", "clear", "color", "compact", "config", "context", "copy",
        "cost",
        "doctor", "effort", "exit", "export", "extra-usage", "fast", "feedback", "fork", "help", "hooks", "ide", "init",
        "insights", "install-github-app", "login", "logout", "mcp", "memory", "mobile", "model", "output-style",
        "passes", "permissions", "plan", "plugin", "privacy-settings", "quit", "release-notes", "reload-plugins",
        "remote-control", "remote-env", "rename", "resume", "rewind", "sandbox", "skills", "stats", "status",
        "statusline", "stickers", "tag", "tasks", "terminal-setup", "theme", "think-back", "todos", "upgrade", "usage",
        "vim", "voice",
    ]

    /// Placeholders in brackets that stand for something a person attached: `[Image #1]`, `[Pasted text #2 +20 lines]`.
    static let placeholders: [StaticString] = ["[Image #", "[Image: ", "[Pasted text #", "[...Truncated text #"]

    /// A text block of a tool's result that begins so is bookkeeping.
    static let resultStarts: [StaticString] = [
        "agentId: ", "[Request interrupted by user", "Async agent launched successfully",
        "(Bash completed with no output)",
    ]

    /// The frame around a subagent's report: from here …
    static let reportFrameStart: StaticString = "[Subagent hand-back]"
    /// … to here; each line of the report behind it is indented by two spaces.
    static let reportFrameEnd: StaticString = "The report follows:\n"

    /// How a declined tool call begins; nothing of it is a person's word but what follows `declineWords`.
    static let declineStarts: [StaticString] = [
        "The user doesn't want to proceed with this tool use.", "The user doesn't want to take this action right now.",
    ]
    static let declineWords: StaticString = "the user said:\n"
    /// Behind a person's words on a declined call.
    static let declineEnds: [StaticString] = ["\n\nNote: The user's next message may contain"]
    /// What the client says for a person who declined to answer.
    static let declineFiller: StaticString = "The user wants to clarify these questions."
}
