#include <sqlite3.h>

// Variadic functions and function-like macros are not visible from Swift.
static inline int ccmem_sqlite_configure(sqlite3 *connection, int option, int value) {
    return sqlite3_db_config(connection, option, value, (int *)0);
}
// Before the first connection; later it changes nothing.
static inline int ccmem_sqlite_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
static inline sqlite3_destructor_type ccmem_sqlite_transient(void) { return SQLITE_TRANSIENT; }
static inline sqlite3_destructor_type ccmem_sqlite_static(void) { return SQLITE_STATIC; }
