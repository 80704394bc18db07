#ifndef CCMEM_RESIDENT_MEMORY_H
#define CCMEM_RESIDENT_MEMORY_H

/// Gives back what a program needed to start and may not need again: free memory of the C library, and pages of its own code,
/// which are mapped again from the page cache when they are run.
void resident_memory_give_back(void);

#endif
