// Runs a command so many times and prints what it took: `measure RUNS COMMAND [ARGUMENT]…`
// → median wall time in microseconds, greatest resident size in KB, exit code. Its standard output is thrown away.
// Its standard input is the file that MEASURE_INPUT names, else that of this program.
// A small parent, since the resident size of a child is at least that of the process it was forked from.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    if (runs < 1) return fprintf(stderr, "usage: measure RUNS COMMAND [ARGUMENT]...\n"), 2;
    double *times = calloc(runs, sizeof *times);
    long resident = 0;
    int code = 0;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (getenv("MEASURE_INPUT"))
        posix_spawn_file_actions_addopen(&actions, 0, getenv("MEASURE_INPUT"), O_RDONLY, 0);
    for (int run = 0; run < runs; run++) {
        double start = now();
        pid_t child;
        int status;
        struct rusage usage;
        if (posix_spawnp(&child, argv[2], &actions, NULL, argv + 2, environ) != 0) return perror(argv[2]), 1;
        if (wait4(child, &status, 0, &usage) != child) return perror("wait4"), 1;
        times[run] = now() - start;
        if (usage.ru_maxrss > resident) resident = usage.ru_maxrss;
        code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    qsort(times, runs, sizeof *times, ascending);
#ifdef __APPLE__
    resident /= 1024;
#endif
    printf("%.1f %ld %d\n", times[runs / 2], resident, code);
    return 0;
}
