// What a hook asks of the system and Swift can't say: to leave in silence whatever happens, and to let work go on behind it.
#pragma once
#include <stddef.h>

// From now on the process leaves with 0 and without a word: on traps, on signals, and when a deadline has passed.
// Standard error goes to /dev/null, since the Swift runtime writes there before it traps.
void detach_leave_in_silence(void);

// The process leaves after so many milliseconds; 0 takes the deadline away.
void detach_deadline(int milliseconds);

// Leaves at once with 0: no buffers, no handlers, nothing to wait for.
_Noreturn void detach_leave(void);

// Forks twice, so that what goes on has no parent that could be killed with its children. The one that goes on has its own
// session, /dev/null for its standard streams, no other open file, no deadline, and dies of signals as any process does.
//
// `watched`, when not NULL, gets a descriptor that is at its end when the one that goes on, and all that it started, have
// gone.
//
// Returns 1 in the one that goes on, 0 in the caller, -1 when it failed.
int detach_fork(int *watched);

// Waits until a descriptor is at its end, at most so many milliseconds. Returns 1 at the end, 0 when the time is up.
int detach_wait(int watched, int milliseconds);

// Runs a program, gives it `count` bytes as its standard input, and reads at most `capacity` bytes of its standard output.
// Returns how many were read, or -1 when it could not be run. `status` gets its exit status, or -1.
long detach_run(
    const char *path, char *const arguments[], const unsigned char *input, size_t count, unsigned char *output,
    size_t capacity, int *status);

// Takes the place of this process. Returns only when it can't.
void detach_execute(const char *path, char *const arguments[]);
