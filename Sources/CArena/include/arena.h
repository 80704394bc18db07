#ifndef CCMEM_ARENA_H
#define CCMEM_ARENA_H

/// Makes SQLite cheap for a process that lives for milliseconds and uses it from one thread only: no mutexes, no statistics of
/// memory, and an allocator that hands out pieces of a few large blocks and gives nothing back to the system.
///
/// To be called before anything else of SQLite. Returns 0, or SQLite's code when it was too late; then nothing has changed.
int arena_serve_sqlite(void);

/// Its parts, for one thread: at least so many bytes, aligned to eight; NULL when there are none. What NULL holds is nothing.
void *arena_allocate(int size);
void arena_release(void *piece);
/// Keeps the bytes; on NULL the piece stays as it is. `piece` is not NULL.
void *arena_reallocate(void *piece, int size);
/// How many bytes a piece has room for.
int arena_capacity(void *piece);

#endif
