// One exchange over HTTP by libcurl, whose calls take a variable number of arguments, which Swift can't pass.
#pragma once
#include <stddef.h>

struct transfer_request {
    const char *method;
    const char *url;
    // Lines of "Name: value", ended by NULL.
    const char *const *headers;
    const unsigned char *body;
    size_t body_length;
    // Until the connection stands, and in all.
    long connect_milliseconds;
    long total_milliseconds;
    // An answer that is longer ends the transfer.
    size_t largest_answer;
    // Whether it goes straight to the host, whatever proxy the environment names.
    int is_direct;
    // A file of certificates to trust in place of the system's; NULL for those.
    const char *certificates;
    const char *user_agent;
};

enum transfer_outcome {
    TRANSFER_ANSWERED,
    // The name, the connection, TLS, or a connection that ended too early: `words` say which.
    TRANSFER_FAILED,
    // TLS stands, but nobody that is trusted vouches for the certificate, or it is another host's: `details` say which.
    TRANSFER_MISTRUSTED,
    TRANSFER_TIMED_OUT,
    TRANSFER_TOO_LONG,
    // No memory, or a libcurl without what is needed.
    TRANSFER_IMPOSSIBLE,
};

struct transfer_answer {
    enum transfer_outcome outcome;
    // libcurl's words for its own code: they name no host, no header and no byte of what was sent.
    const char *words;
    // What went wrong in this very exchange, as CURLOPT_ERRORBUFFER has it; it may quote the certificate. Empty when there is nothing to say.
    char details[256];
    long status;
    // Belongs to the caller, who frees it by transfer_free; NULL when there is none.
    unsigned char *body;
    size_t body_length;
    // Where a redirect leads, absolute; NULL when there is none. Belongs to the caller.
    char *redirect;
    // Seconds of `retry-after`; -1 without.
    long retry_after;
    // What `x-should-retry` says: 1, 0, or -1 without.
    int should_retry;
};

// Sends a request and reads the answer. Certificates are always verified, redirects never followed; only http and https are spoken.
void transfer_perform(const struct transfer_request *request, struct transfer_answer *answer);

void transfer_free(struct transfer_answer *answer);

// The version of libcurl, as "libcurl/8.5.0 OpenSSL/3.0.13 …".
const char *transfer_version(void);
