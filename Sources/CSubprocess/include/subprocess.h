// Runs a program to its end or to a deadline, in a process group of its own, so that all that it started ends with it.
#pragma once
#include <stddef.h>

enum subprocess_outcome {
    SUBPROCESS_ENDED,
    // It is not there or can't be run.
    SUBPROCESS_NOT_RUN,
    SUBPROCESS_TIMED_OUT,
    SUBPROCESS_TOO_LONG,
};

struct subprocess_result {
    enum subprocess_outcome outcome;
    // Exit status; 128 and the number of the signal that ended it.
    int status;
    // How many bytes of `output` were filled.
    size_t length;
};

// Runs a program by its path with an environment of its own. `input` becomes its standard input, which may be NULL; `output` gets at
// most `capacity` bytes of its standard output, and more than that ends it. Its standard error goes to /dev/null.
void subprocess_run(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    const unsigned char *input, size_t count, unsigned char *output, size_t capacity, long milliseconds,
    struct subprocess_result *result);

// The environment of this process: lines of NAME=value, ended by NULL.
char *const *subprocess_environment(void);

// From now on no memory of this process reaches a core file, nor those who may debug it.
void subprocess_keep_memory_private(void);
