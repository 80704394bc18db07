#ifndef CCMEM_TEXT_SCORE_H
#define CCMEM_TEXT_SCORE_H

#include <sqlite3.h>

/// Gives a connection `text_score(index, weight, …)` for the text indexes of FTS5: as `bm25`, lower for a better text, but with
/// the weight of each phrase of the question given, in its order, and without the length of the text.
///
/// `bm25` counts all rows of each phrase for every question, and looks up the length of each text: in a store of a million
/// memories nine tenths of a search. Returns SQLite's code.
int text_score_register(sqlite3 *connection);

#endif
