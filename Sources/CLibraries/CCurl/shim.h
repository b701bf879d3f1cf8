#pragma once
#include <curl/curl.h>
#include <sys/socket.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift does not import.
static inline CURLcode shim_set_long(CURL *curl, CURLoption option, long value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode shim_set_size(CURL *curl, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode shim_set_text(CURL *curl, CURLoption option, const char *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode shim_set_pointer(CURL *curl, CURLoption option, void *value) {
    return curl_easy_setopt(curl, option, value);
}

typedef size_t (*shim_take)(char *, size_t, size_t, void *);

static inline CURLcode shim_set_take(CURL *curl, CURLoption option, shim_take function) {
    return curl_easy_setopt(curl, option, function);
}

static inline long shim_status(CURL *curl) {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static inline CURLcode shim_set_debug(CURL *curl, curl_debug_callback function) {
    return curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, function);
}

static inline long shim_connects(CURL *curl) {
    long count = 0;
    curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &count);
    return count;
}

static inline CURLMcode shim_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// Ends the connection of the last call, if it is still kept: it is found dead, and not used again.
static inline void shim_abandon(CURL *curl) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK && socket != CURL_SOCKET_BAD)
        shutdown(socket, SHUT_RDWR);
}
