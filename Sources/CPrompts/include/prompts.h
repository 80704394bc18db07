// The files of Prompts/ as bytes in the executable.
#pragma once
#include <stddef.h>

struct prompt_file {
    const unsigned char *bytes;
    size_t count;
};

/// Instructions, and the JSON schema of the form that an answer fills in.
extern const struct prompt_file prompt_refine;
extern const struct prompt_file prompt_refine_form;
extern const struct prompt_file prompt_tidy;
extern const struct prompt_file prompt_tidy_form;
