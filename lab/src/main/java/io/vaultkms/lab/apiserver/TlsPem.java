package io.vaultkms.lab.apiserver;

/**
 * What a server shows and proves itself with.
 *
 * @param certificates its certificate chain, PEM
 * @param key its private key, PEM (PKCS #8)
 */
public record TlsPem(String certificates, String key) {
  @Override
  public String toString() {
    return "TlsPem[key=***]";
  }
}
