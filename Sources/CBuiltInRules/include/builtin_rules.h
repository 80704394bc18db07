// The files of Rules/ as bytes in the executable.
#pragma once
#include <stddef.h>

struct builtin_file {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// The packs, in the order in which their rules are asked.
extern const size_t builtin_pack_count;
struct builtin_file builtin_pack(size_t index);

/// The packs that are off until somebody switches them on by name.
extern const size_t domain_pack_count;
struct builtin_file domain_pack(size_t index);

/// Phrases and weights of the importance scorer.
extern const struct builtin_file builtin_scoring;

/// What finds secrets.
extern const struct builtin_file builtin_secrets;

/// The JSON schema of packs, for editors.
extern const struct builtin_file builtin_schema;
