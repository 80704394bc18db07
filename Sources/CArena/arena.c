#define _GNU_SOURCE
#include "arena.h"
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// A piece has its size, this word included, in front of it; SQLite asks for no more than eight bytes of alignment. What is
// freed at the end of what has been handed out goes back there; other pieces wait in a list of their size. Large ones go
// to the C library.
typedef uint64_t Word;

typedef struct Piece {
    struct Piece *next;
} Piece;

enum { unit = sizeof(Word), largest = 16 << 10, first_block = 448 << 10, later_block = 128 << 10 };

static unsigned char *at, *end;
static Piece *freed[largest / unit + 1];

static size_t rounded(int size) { return ((size_t)size + 2 * unit - 1) / unit * unit; }

static Word *word(void *piece) { return (Word *)piece - 1; }

static void keep(void *start, size_t size) {
    Piece *piece = start;
    piece->next = freed[size / unit];
    freed[size / unit] = piece;
}

// All pages of a block at once: a fault for each would cost ten times as much.
static int begin_block(void) {
    static int is_later;
    size_t size = is_later ? later_block : first_block;
    is_later = 1;
#if defined(MAP_POPULATE)
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
#else
    int flags = MAP_PRIVATE | MAP_ANON;
#endif
    if (end > at && (size_t)(end - at) <= largest) keep(at, (size_t)(end - at));
    at = end = NULL;
    void *fresh = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (fresh == MAP_FAILED) return 0;
    at = fresh;
    end = at + size;
    return 1;
}

void *arena_allocate(int size) {
    size_t whole = rounded(size);
    Word *start;
    if (whole > largest) {
        start = malloc(whole);
        if (!start) return NULL;
    } else if (freed[whole / unit]) {
        start = (Word *)(void *)freed[whole / unit];
        freed[whole / unit] = freed[whole / unit]->next;
    } else {
        if ((size_t)(end - at) < whole && !begin_block()) return NULL;
        start = (Word *)(void *)at;
        at += whole;
    }
    *start = whole;
    return start + 1;
}

void arena_release(void *piece) {
    if (!piece) return;
    Word *start = word(piece);
    size_t size = *start;
    if (size > largest)
        free(start);
    else if ((unsigned char *)start + size == at)
        at -= size;
    else
        keep(start, size);
}

void *arena_reallocate(void *piece, int size) {
    Word *start = word(piece);
    size_t whole = rounded(size), old = *start;
    if (old > largest && whole > largest) {
        start = realloc(start, whole);
        if (!start) return NULL;
        *start = whole;
        return start + 1;
    }
    if (whole <= old && old <= largest) return piece;
    if (whole <= largest && (unsigned char *)start + old == at && (size_t)(end - at) >= whole - old) {
        at += whole - old;
        *start = whole;
        return piece;
    }
    void *other = arena_allocate(size);
    if (!other) return NULL;
    memcpy(other, piece, (old < whole ? old : whole) - unit);
    arena_release(piece);
    return other;
}

int arena_capacity(void *piece) { return piece ? (int)(*word(piece) - unit) : 0; }

static int round_up(int size) { return (int)(rounded(size) - unit); }

static int begin(void *context) {
    (void)context;
    return SQLITE_OK;
}

static void finish(void *context) { (void)context; }

int arena_serve_sqlite(void) {
    static const sqlite3_mem_methods methods = {arena_allocate, arena_release, arena_reallocate, arena_capacity,
                                                round_up,       begin,         finish,           NULL};
    int code = sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    if (code == SQLITE_OK) code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    // Pages one by one: room for twenty at once goes beyond the largest piece, and each table that lives for one statement,
    // as those of the budget's triggers do, would take it from the system and give it back.
    if (code == SQLITE_OK) code = sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
    if (code == SQLITE_OK) code = sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
    return code;
}
