#include "text_score.h"
#include <stddef.h>

// Phrases behind these have no weight.
enum { most_phrases = 64 };

// How soon a word that is said again stops to count, as in bm25 (https://sqlite.org/fts5.html#the_bm25_function).
static const double saturation = 1.2;

static void score(const Fts5ExtensionApi *api, Fts5Context *context, sqlite3_context *result, int count, sqlite3_value **weights) {
    int times[most_phrases] = {0};
    int hits = 0;
    int code = api->xInstCount(context, &hits);
    for (int hit = 0; code == SQLITE_OK && hit < hits; hit++) {
        int phrase = 0, column = 0, offset = 0;
        code = api->xInst(context, hit, &phrase, &column, &offset);
        if (code == SQLITE_OK && phrase >= 0 && phrase < most_phrases) times[phrase]++;
    }
    if (code != SQLITE_OK) {
        sqlite3_result_error_code(result, code);
        return;
    }
    double sum = 0;
    for (int phrase = 0; phrase < count && phrase < most_phrases; phrase++) {
        if (times[phrase])
            sum += sqlite3_value_double(weights[phrase]) * times[phrase] * (saturation + 1) / (times[phrase] + saturation);
    }
    sqlite3_result_double(result, -sum);
}

// https://sqlite.org/fts5.html#extending_fts5
int text_score_register(sqlite3 *connection) {
    fts5_api *api = NULL;
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, NULL);
    if (code == SQLITE_OK) code = sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
    if (code == SQLITE_OK) sqlite3_step(statement);
    int last = sqlite3_finalize(statement);
    if (code == SQLITE_OK) code = last;
    if (code == SQLITE_OK && !api) code = SQLITE_ERROR;
    return code == SQLITE_OK ? api->xCreateFunction(api, "text_score", NULL, score, NULL) : code;
}
