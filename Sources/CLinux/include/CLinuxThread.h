#ifndef CLINUX_THREAD_H
#define CLINUX_THREAD_H
// A header of its own: here all pointers are there, so that Swift need not ask.
#pragma clang assume_nonnull begin

/// Starts a thread that nobody joins and that bears a name of at most 15 bytes; 0, or an errno, and
/// then `body` is never called.
int clinux_start_thread(const char *name, void (*body)(void *), void *argument);

#pragma clang assume_nonnull end
#endif
