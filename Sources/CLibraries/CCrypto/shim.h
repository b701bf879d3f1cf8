#pragma once
#include <openssl/evp.h>
#include <openssl/hmac.h>

// HMAC-SHA1 of RFC 2104. 0: it could not be made.
static inline int kabinet_hmac_sha1(
    const unsigned char *key, int key_length, const unsigned char *bytes, size_t length,
    unsigned char out[20]) {
    unsigned int written = 0;
    return HMAC(EVP_sha1(), key, key_length, bytes, length, out, &written) != NULL && written == 20;
}
