#include "storage_schema.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char store[] = {
#embed "0001_store.sql"
};

static const unsigned char hooks[] = {
#embed "0002_hooks.sql"
};

static const unsigned char failures[] = {
#embed "0003_failures.sql"
};

static const unsigned char model[] = {
#embed "0004_model.sql"
};

static const unsigned char recall[] = {
#embed "0005_recall.sql"
};

static const unsigned char insert[] = {
#embed "0006_insert.sql"
};

static const unsigned char vocabulary[] = {
#embed "0007_vocabulary.sql"
};

static const unsigned char replace[] = {
#embed "0008_replace.sql"
};

static const struct schema_step steps[] = {
    {"0001_store.sql", store, sizeof store},
    {"0002_hooks.sql", hooks, sizeof hooks},
    {"0003_failures.sql", failures, sizeof failures},
    {"0004_model.sql", model, sizeof model},
    {"0005_recall.sql", recall, sizeof recall},
    {"0006_insert.sql", insert, sizeof insert},
    {"0007_vocabulary.sql", vocabulary, sizeof vocabulary},
    {"0008_replace.sql", replace, sizeof replace},
};
const size_t schema_step_count = sizeof steps / sizeof steps[0];

struct schema_step schema_step(size_t index) { return steps[index]; }
