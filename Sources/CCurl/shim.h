#include <curl/curl.h>

// What takes any number of arguments cannot be called from Swift: one function for each kind of argument.

static inline CURLcode gosset_curl_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode gosset_curl_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode gosset_curl_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*gosset_curl_taker)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode gosset_curl_taker_of(CURL *handle, CURLoption option, gosset_curl_taker taker) {
    return curl_easy_setopt(handle, option, taker);
}

typedef int (*gosset_curl_watcher)(void *context, curl_off_t toRead, curl_off_t read, curl_off_t toSend, curl_off_t sent);

static inline CURLcode gosset_curl_watch(CURL *handle, gosset_curl_watcher watcher) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watcher);
}

static inline long gosset_curl_status(CURL *handle) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}
