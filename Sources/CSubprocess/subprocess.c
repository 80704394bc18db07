#define _GNU_SOURCE
#include "subprocess.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif
#if defined(__APPLE__)
#include <crt_externs.h>
#define environ (*_NSGetEnviron())
#else
extern char **environ;
#endif

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void close_pair(int *ends) {
    if (ends[0] >= 0) close(ends[0]);
    if (ends[1] >= 0) close(ends[1]);
}

static int make_pipe(int *ends) {
    if (pipe(ends) != 0) {
        ends[0] = ends[1] = -1;
        return 0;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 1;
}

static _Noreturn void become(
    const char *path, char *const arguments[], char *const environment[], const char *directory, int in, int out,
    int failed) {
    setpgid(0, 0);
    struct sigaction plain = {.sa_handler = SIG_DFL};
    for (int number = 1; number < 32; number++) sigaction(number, &plain, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDWR);
    if (null >= 0 && dup2(in >= 0 ? in : null, 0) == 0 && dup2(out, 1) == 1 && dup2(null, 2) == 2) {
        if (null > 2) close(null);
        if (!directory || chdir(directory) == 0) {
            execve(path, arguments, environment);
            // Somebody is writing the file just now, as an installer does: for a second it is worth another try.
            struct timespec pause = {0, 50000000};
            for (int attempt = 0; errno == ETXTBSY && attempt < 20; attempt++) {
                nanosleep(&pause, NULL);
                execve(path, arguments, environment);
            }
        }
    }
    char byte = 1;
    while (write(failed, &byte, 1) < 0 && errno == EINTR) {}
    _exit(127);
}

// Whether the child has ended, at the latest at that time. It is not waited for: while it is not, its number is no other's, and
// its group can be ended by it.
static int is_gone(pid_t child, long until) {
    for (;;) {
        siginfo_t info = {0};
        if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child) return 1;
        if (now() >= until) return 0;
        struct timespec pause = {0, 5000000};
        nanosleep(&pause, NULL);
    }
}

// Feeds and reads until both are at their end.
static enum subprocess_outcome exchange(
    int in, int out, const unsigned char *input, size_t count, unsigned char *output, size_t capacity, long until,
    size_t *length) {
    size_t sent = 0;
    enum subprocess_outcome outcome = SUBPROCESS_ENDED;
    if (in >= 0) fcntl(in, F_SETFL, O_NONBLOCK);
    while (1) {
        if (in >= 0 && sent == count) {
            close(in);
            in = -1;
        }
        long left = until - now();
        if (left <= 0) {
            outcome = SUBPROCESS_TIMED_OUT;
            break;
        }
        struct pollfd entries[2] = {{.fd = out, .events = POLLIN}, {.fd = in, .events = POLLOUT}};
        int ready = poll(entries, 2, (int)(left > 60000 ? 60000 : left));
        if (ready < 0 && errno != EINTR) break;
        if (ready <= 0) continue;
        if (entries[1].revents) {
            ssize_t written = write(in, input + sent, count - sent);
            if (written > 0) sent += (size_t)written;
            // A program that does not want its input is no failure.
            else if (written < 0 && errno != EINTR && errno != EAGAIN) sent = count;
        }
        if (entries[0].revents) {
            unsigned char spare;
            int is_full = *length == capacity;
            ssize_t got = is_full ? read(out, &spare, 1) : read(out, output + *length, capacity - *length);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            if (is_full) {
                outcome = SUBPROCESS_TOO_LONG;
                break;
            }
            *length += (size_t)got;
        }
    }
    if (in >= 0) close(in);
    return outcome;
}

void subprocess_run(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    const unsigned char *input, size_t count, unsigned char *output, size_t capacity, long milliseconds,
    struct subprocess_result *result) {
    memset(result, 0, sizeof *result);
    result->outcome = SUBPROCESS_NOT_RUN;
    int in[2] = {-1, -1}, out[2] = {-1, -1}, failed[2] = {-1, -1};
    if ((input && !make_pipe(in)) || !make_pipe(out) || !make_pipe(failed)) {
        close_pair(in), close_pair(out), close_pair(failed);
        return;
    }
    signal(SIGPIPE, SIG_IGN);
    long until = now() + milliseconds;
    pid_t child = fork();
    if (child == 0) become(path, arguments, environment, directory, in[0], out[1], failed[1]);
    if (in[0] >= 0) close(in[0]);
    close(out[1]);
    close(failed[1]);
    if (child < 0) {
        if (in[1] >= 0) close(in[1]);
        close(out[0]), close(failed[0]);
        return;
    }
    // Also here, so that the group stands before anything could be sent to it.
    setpgid(child, child);
    char byte;
    ssize_t told;
    while ((told = read(failed[0], &byte, 1)) < 0 && errno == EINTR) {}
    close(failed[0]);
    int status = 0;
    if (told > 0) {
        if (in[1] >= 0) close(in[1]);
        close(out[0]);
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
        return;
    }
    result->outcome = exchange(in[1], out[0], input, count, output, capacity, until, &result->length);
    close(out[0]);
    if (result->outcome == SUBPROCESS_ENDED && !is_gone(child, until)) result->outcome = SUBPROCESS_TIMED_OUT;
    if (result->outcome != SUBPROCESS_ENDED) {
        kill(-child, SIGTERM);
        is_gone(child, now() + 500);
    }
    // What it started and left behind goes with it.
    kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

char *const *subprocess_environment(void) { return environ; }

void subprocess_keep_memory_private(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__)
    prctl(PR_SET_DUMPABLE, 0);
#endif
}
