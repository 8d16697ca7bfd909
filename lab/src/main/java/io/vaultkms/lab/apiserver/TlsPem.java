package io.vaultkms.lab.apiserver;

import org.jspecify.annotations.Nullable;

/**
 * What a server shows and proves itself with, and whom it believes.
 *
 * @param certificates its certificate chain, PEM
 * @param key its private key, PEM (PKCS #8)
 * @param frontProxyCa whoever shows a certificate of this CA is a proxy, and says in headers for
 *     whom it asks, PEM; null when nobody is
 */
public record TlsPem(String certificates, String key, @Nullable String frontProxyCa) {
  /** There is no front proxy. */
  public TlsPem(String certificates, String key) {
    this(certificates, key, null);
  }

  @Override
  public String toString() {
    return "TlsPem[key=***]";
  }
}
