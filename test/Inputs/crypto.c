// AES-GCM, ChaCha20-Poly1305 and SHA-3 of OpenSSL over a megabyte, with fixed keys: what
// `openssl` itself has no command for, or asks random numbers for.
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { Size = 1 << 20 };

static void print(const char *name, const unsigned char *bytes, unsigned count) {
  printf("%s ", name);
  for (unsigned i = 0; i < count; ++i)
    printf("%02x", bytes[i]);
  printf("\n");
}

static void digest(const char *name, const unsigned char *data, size_t size) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
  if (!md || !EVP_Digest(data, size, out, &length, md, NULL))
    exit(1);
  EVP_MD_free(md);
  print(name, out, length);
}

static void seal(const char *name, const unsigned char *plain) {
  unsigned char key[32], iv[12] = {7}, tag[16];
  static unsigned char sealed[Size], opened[Size];
  int length = 0;
  for (int i = 0; i < 32; ++i)
    key[i] = (unsigned char)(i * 11);
  EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
  EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
  if (!cipher || !EVP_EncryptInit_ex(ctx, cipher, NULL, key, iv) || !EVP_EncryptUpdate(ctx, NULL, &length, iv, 12))
    exit(2);
  // Pieces of all sizes, for the code at the ends.
  for (int at = 0, piece = 1; at < Size; at += piece, piece = piece * 3 % 4099 + 1) {
    int n = piece < Size - at ? piece : Size - at;
    if (!EVP_EncryptUpdate(ctx, sealed + at, &length, plain + at, n))
      exit(3);
  }
  EVP_EncryptFinal_ex(ctx, sealed, &length);
  EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, tag);
  digest("SHA256", sealed, Size);
  print(name, tag, 16);
  if (!EVP_DecryptInit_ex(ctx, cipher, NULL, key, iv) || !EVP_DecryptUpdate(ctx, NULL, &length, iv, 12) ||
      !EVP_DecryptUpdate(ctx, opened, &length, sealed, Size) || !EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, 16, tag))
    exit(4);
  if (EVP_DecryptFinal_ex(ctx, opened + length, &length) <= 0 || memcmp(opened, plain, Size) != 0)
    exit(5);
  EVP_CIPHER_CTX_free(ctx);
  EVP_CIPHER_free(cipher);
}

int main(void) {
  static unsigned char plain[Size];
  for (unsigned i = 0; i < Size; ++i)
    plain[i] = (unsigned char)(i * 2654435761u >> 13);
  const char *digests[] = {"SHA1", "SHA256", "SHA512", "SHA3-256", "SHAKE128", "BLAKE2S-256"};
  for (unsigned i = 0; i < sizeof digests / sizeof *digests; ++i)
    digest(digests[i], plain, Size);
  const char *ciphers[] = {"AES-128-GCM", "AES-256-GCM", "ChaCha20-Poly1305"};
  for (unsigned i = 0; i < sizeof ciphers / sizeof *ciphers; ++i)
    seal(ciphers[i], plain);
  return 0;
}
