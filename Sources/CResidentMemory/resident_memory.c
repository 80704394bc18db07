#if defined(__linux__)
#define _GNU_SOURCE
#include "resident_memory.h"
#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// The linker sets it at the head of the program in memory.
extern const ElfW(Ehdr) __ehdr_start __attribute__((weak, visibility("hidden")));

void resident_memory_give_back(void) {
    malloc_trim(0);
    const ElfW(Ehdr) *head = &__ehdr_start;
    // Of a program that is linked for a fixed place the addresses in the headers are those in memory.
    if (!head || head->e_type != ET_EXEC) return;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const ElfW(Phdr) *segments = (const void *)((const char *)head + head->e_phoff);
    for (int i = 0; i < head->e_phnum; i++) {
        // What cannot be written is as it stands in the file.
        if (segments[i].p_type != PT_LOAD || segments[i].p_flags & PF_W) continue;
        uintptr_t start = (segments[i].p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (segments[i].p_vaddr + segments[i].p_memsz) & ~(page - 1);
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
}
#else
#include "resident_memory.h"

void resident_memory_give_back(void) {}
#endif
