// The files of commands/ as bytes in the executable.
#pragma once
#include <stddef.h>

struct plugin_command {
    /// Of the file, without `.md`.
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// In the order of their names.
extern const size_t plugin_command_count;
struct plugin_command plugin_command(size_t index);

/// The one of skills/: its folder, and its `SKILL.md`.
extern const struct plugin_command plugin_skill;
