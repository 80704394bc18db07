// The files of commands/ as bytes in the executable, for those who install without the plugin, and those of skills/.
#include "plugin_commands.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char forget_file[] = {
#embed "../../commands/forget.md"
};
static const unsigned char handoff_file[] = {
#embed "../../commands/handoff.md"
};
static const unsigned char mark_constraint_file[] = {
#embed "../../commands/mark-constraint.md"
};
static const unsigned char mark_decision_file[] = {
#embed "../../commands/mark-decision.md"
};
static const unsigned char mark_task_file[] = {
#embed "../../commands/mark-task.md"
};
static const unsigned char search_file[] = {
#embed "../../commands/search.md"
};
static const unsigned char status_file[] = {
#embed "../../commands/status.md"
};
static const unsigned char watch_file[] = {
#embed "../../commands/watch.md"
};
static const unsigned char why_file[] = {
#embed "../../commands/why.md"
};

static const unsigned char save_memories_file[] = {
#embed "../../skills/save-memories/SKILL.md"
};

#define COMMAND(name, bytes) { name, bytes, sizeof bytes }
static const struct plugin_command commands[] = {
    COMMAND("forget", forget_file),
    COMMAND("handoff", handoff_file),
    COMMAND("mark-constraint", mark_constraint_file),
    COMMAND("mark-decision", mark_decision_file),
    COMMAND("mark-task", mark_task_file),
    COMMAND("search", search_file),
    COMMAND("status", status_file),
    COMMAND("watch", watch_file),
    COMMAND("why", why_file),
};

const size_t plugin_command_count = sizeof commands / sizeof commands[0];
struct plugin_command plugin_command(size_t index) { return commands[index]; }
const struct plugin_command plugin_skill = COMMAND("save-memories", save_memories_file);
