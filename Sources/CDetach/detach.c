#define _GNU_SOURCE
#include "detach.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Of the interval timer, too: a deadline ends in SIGALRM.
static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS, SIGALRM,
                            SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ, SIGVTALRM};

static void leave(int signal) {
    (void)signal;
    _exit(0);
}

void detach_leave_in_silence(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        // A descriptor that is not open would be taken by the next file, and written to.
        for (int stream = 0; stream < 3; stream++)
            if (stream == 2 || fcntl(stream, F_GETFD) < 0) dup2(null, stream);
        if (null > 2) close(null);
    }
    // An overflown stack has no room for the handler.
    static char room[16384];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = leave, .sa_flags = SA_ONSTACK};
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void detach_deadline(int milliseconds) {
    struct itimerval timer = {.it_value = {milliseconds / 1000, milliseconds % 1000 * 1000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

_Noreturn void detach_leave(void) { _exit(0); }

static void forget_handlers(void) {
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], SIG_DFL);
}

static void close_from(int first) {
#if defined(__linux__)
    if (close_range((unsigned)first, ~0u, 0) == 0) return;
#endif
    long last = sysconf(_SC_OPEN_MAX);
    if (last < 0 || last > 65536) last = 65536;
    for (int descriptor = first; descriptor < last; descriptor++) close(descriptor);
}

int detach_fork(int *watched) {
    int ends[2] = {-1, -1};
    if (watched && pipe(ends) != 0) return -1;
    pid_t child = fork();
    if (child < 0) {
        if (watched) close(ends[0]), close(ends[1]);
        return -1;
    }
    if (child > 0) {
        // Whatever ends this process's group from here on does not meet the child, also when it has not run yet.
        setpgid(child, child);
        if (watched) {
            close(ends[1]);
            *watched = ends[0];
        }
        return 0;
    }
    setpgid(0, 0);
    // The leader of a group can't begin a session, its child can. Nobody waits for this second fork.
    if (fork() != 0) _exit(0);
    setsid();
    forget_handlers();
    int null = open("/dev/null", O_RDWR);
    if (null < 0) _exit(0);
    // The end that is watched stays open over an exec, as descriptor 3.
    if (watched && ends[1] != 3) {
        if (null == 3) null = dup(null);
        dup2(ends[1], 3);
    }
    for (int stream = 0; stream < 3; stream++) dup2(null, stream);
    close_from(watched ? 4 : 3);
    return 1;
}

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int detach_wait(int watched, int milliseconds) {
    long end = now() + milliseconds;
    for (;;) {
        long left = end - now();
        if (left < 0) return 0;
        struct pollfd entry = {.fd = watched, .events = POLLIN};
        int ready = poll(&entry, 1, (int)left);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return 0;
        char byte;
        if (read(watched, &byte, 1) <= 0) return 1;
    }
}

long detach_run(
    const char *path, char *const arguments[], const unsigned char *input, size_t count, unsigned char *output,
    size_t capacity, int *status) {
    int in[2], out[2];
    *status = -1;
    if (pipe(in) != 0) return -1;
    if (pipe(out) != 0) {
        close(in[0]), close(in[1]);
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        forget_handlers();
        dup2(in[0], 0);
        dup2(out[1], 1);
        close_from(3);
        execv(path, arguments);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    if (child < 0) {
        close(in[1]), close(out[0]);
        return -1;
    }
    // A text that a person typed fits into the pipe, or is read before anything is answered.
    signal(SIGPIPE, SIG_IGN);
    for (size_t sent = 0; sent < count;) {
        ssize_t written = write(in[1], input + sent, count - sent);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        sent += (size_t)written;
    }
    close(in[1]);
    size_t length = 0;
    char spare[512];
    for (;;) {
        ssize_t got = length < capacity ? read(out[0], output + length, capacity - length)
                                        : read(out[0], spare, sizeof spare);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        if (length < capacity) length += (size_t)got;
    }
    close(out[0]);
    int result;
    while (waitpid(child, &result, 0) < 0)
        if (errno != EINTR) return -1;
    *status = WIFEXITED(result) ? WEXITSTATUS(result) : -1;
    return (long)length;
}

void detach_execute(const char *path, char *const arguments[]) { execv(path, arguments); }
