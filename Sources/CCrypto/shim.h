// Makes the digests of OpenSSL's libcrypto visible to Swift.
#ifndef CCRYPTO_SHIM_H
#define CCRYPTO_SHIM_H
#include <openssl/evp.h>
#endif
