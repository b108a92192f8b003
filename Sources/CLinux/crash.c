#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_long backlog;
static atomic_int patience;

// What a trap, a failed assertion of C, or a wild pointer ends a process with.
static const int fatal_signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
enum { fatal_count = sizeof fatal_signals / sizeof fatal_signals[0] };
static struct sigaction earlier[fatal_count];

void clinux_add_backlog(long count) {
    atomic_fetch_add_explicit(&backlog, count, memory_order_relaxed);
}

// Only this thread is held up: the one that works off the backlog goes on.
static void finish(int signal, siginfo_t *info, void *context) {
    (void)context;
    int saved = errno;
    const struct timespec millisecond = {.tv_nsec = 1000000};
    for (int waited = 0; waited < atomic_load(&patience) && atomic_load(&backlog) > 0; waited++)
        nanosleep(&millisecond, NULL);
    for (int index = 0; index < fatal_count; index++)
        if (fatal_signals[index] == signal) sigaction(signal, &earlier[index], NULL);
    // A fault comes again when its instruction does; what was sent has to be sent again.
    if (info->si_code <= 0) raise(signal);
    errno = saved;
}

void clinux_finish_before_crash(int milliseconds) {
    if (atomic_exchange(&patience, milliseconds) > 0) return;
    struct sigaction action = {.sa_sigaction = finish, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < fatal_count; index++)
        sigaction(fatal_signals[index], &action, &earlier[index]);
}
