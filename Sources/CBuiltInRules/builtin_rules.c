// #embed (C23; clang from 19 on) takes milliseconds where SwiftPM's .embedInCode makes an array literal that the Swift
// compiler needs a minute for, and it notices when a file changes.
#include "builtin_rules.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char constraints[] = {
#embed "../../Rules/constraints.yaml"
};
static const unsigned char decisions[] = {
#embed "../../Rules/decisions.yaml"
};
static const unsigned char bugs[] = {
#embed "../../Rules/bugs.yaml"
};
static const unsigned char results[] = {
#embed "../../Rules/results.yaml"
};
static const unsigned char config[] = {
#embed "../../Rules/config.yaml"
};
static const unsigned char tasks[] = {
#embed "../../Rules/tasks.yaml"
};
static const unsigned char architecture[] = {
#embed "../../Rules/architecture.yaml"
};
static const unsigned char notes[] = {
#embed "../../Rules/notes.yaml"
};
static const unsigned char tools[] = {
#embed "../../Rules/tools.yaml"
};
static const unsigned char chinese[] = {
#embed "../../Rules/chinese.yaml"
};
static const unsigned char domain_ml[] = {
#embed "../../Rules/domains/ml.yaml"
};
static const unsigned char domain_web[] = {
#embed "../../Rules/domains/web.yaml"
};
static const unsigned char domain_embedded[] = {
#embed "../../Rules/domains/embedded.yaml"
};
static const unsigned char domain_data[] = {
#embed "../../Rules/domains/data.yaml"
};
static const unsigned char domain_ops[] = {
#embed "../../Rules/domains/ops.yaml"
};
static const unsigned char domain_es[] = {
#embed "../../Rules/domains/es.yaml"
};
static const unsigned char scoring[] = {
#embed "../../Rules/scoring.yaml"
};

static const unsigned char secrets[] = {
#embed "../../Rules/secrets.yaml"
};

static const unsigned char schema[] = {
#embed "../../Rules/rulepack.schema.json"
};

static const struct builtin_file builtin_packs[] = {
    {"constraints.yaml", constraints, sizeof constraints},
    {"decisions.yaml", decisions, sizeof decisions},
    {"bugs.yaml", bugs, sizeof bugs},
    {"results.yaml", results, sizeof results},
    {"config.yaml", config, sizeof config},
    {"tasks.yaml", tasks, sizeof tasks},
    {"architecture.yaml", architecture, sizeof architecture},
    {"notes.yaml", notes, sizeof notes},
    {"tools.yaml", tools, sizeof tools},
    {"chinese.yaml", chinese, sizeof chinese},
};
const size_t builtin_pack_count = sizeof builtin_packs / sizeof builtin_packs[0];

struct builtin_file builtin_pack(size_t index) { return builtin_packs[index]; }

// In the order of DomainPackName.
static const struct builtin_file domain_packs[] = {
    {"domains/ml.yaml", domain_ml, sizeof domain_ml},
    {"domains/web.yaml", domain_web, sizeof domain_web},
    {"domains/embedded.yaml", domain_embedded, sizeof domain_embedded},
    {"domains/data.yaml", domain_data, sizeof domain_data},
    {"domains/ops.yaml", domain_ops, sizeof domain_ops},
    {"domains/es.yaml", domain_es, sizeof domain_es},
};
const size_t domain_pack_count = sizeof domain_packs / sizeof domain_packs[0];

struct builtin_file domain_pack(size_t index) { return domain_packs[index]; }

const struct builtin_file builtin_scoring = {"scoring.yaml", scoring, sizeof scoring};

const struct builtin_file builtin_secrets = {"secrets.yaml", secrets, sizeof secrets};

const struct builtin_file builtin_schema = {"rulepack.schema.json", schema, sizeof schema};
