#include "transfer.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct sink {
    unsigned char *bytes;
    size_t length, capacity, limit;
    int is_too_long;
};

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
    struct sink *sink = context;
    size_t length = size * count;
    if (length > sink->limit - sink->length) {
        sink->is_too_long = 1;
        return 0;
    }
    if (sink->length + length > sink->capacity) {
        size_t capacity = sink->capacity ? sink->capacity : 16384;
        while (capacity < sink->length + length) capacity *= 2;
        unsigned char *grown = realloc(sink->bytes, capacity);
        if (!grown) return 0;
        sink->bytes = grown;
        sink->capacity = capacity;
    }
    memcpy(sink->bytes + sink->length, bytes, length);
    sink->length += length;
    return length;
}

// The value behind the name of a header line, without white space around it; 0 when the line is another.
static int value_of(const char *line, size_t length, const char *name, char *value, size_t capacity) {
    size_t named = strlen(name);
    if (length <= named || strncasecmp(line, name, named) != 0) return 0;
    while (named < length && (line[named] == ' ' || line[named] == '\t')) named++;
    while (length > named && (line[length - 1] == '\r' || line[length - 1] == '\n' || line[length - 1] == ' ')) length--;
    if (length - named >= capacity) return 0;
    memcpy(value, line + named, length - named);
    value[length - named] = 0;
    return 1;
}

static size_t read_header(char *line, size_t size, size_t count, void *context) {
    struct transfer_answer *answer = context;
    size_t length = size * count;
    char value[32];
    if (length > 5 && strncasecmp(line, "HTTP/", 5) == 0) {
        // The headers of a proxy, or of an answer before the last, do not count.
        answer->retry_after = -1;
        answer->should_retry = -1;
    } else if (value_of(line, length, "retry-after:", value, sizeof value)) {
        char *end;
        long seconds = strtol(value, &end, 10);
        // The other form is a date, which would need a clock that both agree on.
        if (end != value && *end == 0 && seconds >= 0) answer->retry_after = seconds;
    } else if (value_of(line, length, "x-should-retry:", value, sizeof value)) {
        answer->should_retry = strcasecmp(value, "true") == 0 ? 1 : strcasecmp(value, "false") == 0 ? 0 : -1;
    }
    return length;
}

static struct curl_slist *lines(const char *const *headers) {
    // libcurl asks for leave before it sends a longer body, which costs a second where nobody answers that.
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (; list && *headers; headers++) {
        struct curl_slist *longer = curl_slist_append(list, *headers);
        if (!longer) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return list;
}

// Each must hold, or nothing is sent.
static int is_prepared(CURL *curl, const struct transfer_request *request, struct curl_slist *headers) {
    int is_right = 1;
#define SET(option, value) is_right = is_right && curl_easy_setopt(curl, option, value) == CURLE_OK
    SET(CURLOPT_URL, request->url);
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (request->certificates) SET(CURLOPT_CAINFO, request->certificates);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    if (request->is_direct) SET(CURLOPT_NOPROXY, "*");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect_milliseconds);
    SET(CURLOPT_TIMEOUT_MS, request->total_milliseconds);
    SET(CURLOPT_USERAGENT, request->user_agent);
    SET(CURLOPT_HTTPHEADER, headers);
    if (strcmp(request->method, "POST") == 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        SET(CURLOPT_POSTFIELDS, request->body_length ? (const void *)request->body : "");
    } else {
        SET(CURLOPT_HTTPGET, 1L);
    }
#undef SET
    return is_right;
}

void transfer_perform(const struct transfer_request *request, struct transfer_answer *answer) {
    memset(answer, 0, sizeof *answer);
    answer->outcome = TRANSFER_IMPOSSIBLE;
    answer->words = "libcurl can't be prepared";
    answer->retry_after = -1;
    answer->should_retry = -1;
    struct sink sink = {.limit = request->largest_answer};
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = lines(request->headers);
    int can_send = curl && headers && is_prepared(curl, request, headers) &&
                   curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK &&
                   curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink) == CURLE_OK &&
                   curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, read_header) == CURLE_OK &&
                   curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer) == CURLE_OK &&
                   curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, answer->details) == CURLE_OK;
    if (can_send) {
        CURLcode code = curl_easy_perform(curl);
        answer->words = curl_easy_strerror(code);
        if (code == CURLE_OK) {
            answer->outcome = TRANSFER_ANSWERED;
            curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
            char *target = NULL;
            if (curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &target) == CURLE_OK && target)
                answer->redirect = strdup(target);
            answer->body = sink.bytes;
            answer->body_length = sink.length;
            sink.bytes = NULL;
        } else if (sink.is_too_long) {
            answer->outcome = TRANSFER_TOO_LONG;
        } else if (code == CURLE_OPERATION_TIMEDOUT) {
            answer->outcome = TRANSFER_TIMED_OUT;
        } else {
            answer->outcome = code == CURLE_PEER_FAILED_VERIFICATION ? TRANSFER_MISTRUSTED : TRANSFER_FAILED;
        }
    }
    free(sink.bytes);
    curl_slist_free_all(headers);
    // Also lets go of `details`.
    curl_easy_cleanup(curl);
}

void transfer_free(struct transfer_answer *answer) {
    free(answer->body);
    free(answer->redirect);
    answer->body = NULL;
    answer->redirect = NULL;
}

const char *transfer_version(void) { return curl_version(); }
