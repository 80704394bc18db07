// How tests start programs: what Swift does not see of POSIX and GNU.
#pragma once
#include <sys/types.h>

// Starts a program with no signal blocked or ignored. `path` without a slash is looked for in the PATH.
// `files` are its three standard files; -1 stands for /dev/null. `directory` may be NULL.
// Returns its number, or minus the error.
pid_t programs_start(
    const char *path, char *const arguments[], char *const environment[], const char *directory, const int files[3]);

// A pipe whose ends no other program inherits. Returns 0, or the error.
int programs_pipe(int ends[2]);
