// A version that was shipped is never edited, since memories name it: a change is a new file.
#include "prompts.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char refine[] = {
#embed "../../Prompts/refine-v1.md"
};
static const unsigned char refine_form[] = {
#embed "../../Prompts/refine-v1.schema.json"
};
static const unsigned char tidy[] = {
#embed "../../Prompts/tidy-v1.md"
};
static const unsigned char tidy_form[] = {
#embed "../../Prompts/tidy-v1.schema.json"
};

const struct prompt_file prompt_refine = {refine, sizeof refine};
const struct prompt_file prompt_refine_form = {refine_form, sizeof refine_form};
const struct prompt_file prompt_tidy = {tidy, sizeof tidy};
const struct prompt_file prompt_tidy_form = {tidy_form, sizeof tidy_form};
