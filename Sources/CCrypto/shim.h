// Makes the digests and the version of OpenSSL's libcrypto visible to Swift.
#ifndef CCRYPTO_SHIM_H
#define CCRYPTO_SHIM_H
#include <openssl/crypto.h>
#include <openssl/evp.h>
#endif
