// The steps from an empty database to the newest schema, as text in the executable.
#pragma once
#include <stddef.h>

struct schema_step {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

extern const size_t schema_step_count;
struct schema_step schema_step(size_t index);
