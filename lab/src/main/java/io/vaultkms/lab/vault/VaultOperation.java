package io.vaultkms.lab.vault;

/** What a request asks for, as the stand-in counts them. */
public enum VaultOperation {
  LOGIN,
  TOKEN,
  ENCRYPT,
  DECRYPT,
  KEY_READ,
  KEY_WRITE,
  SYS;

  static VaultOperation of(VaultRequest request) {
    String path = "/" + request.path();
    if (path.contains("/auth/")) {
      return path.endsWith("/login") ? LOGIN : TOKEN;
    }
    if (path.contains("/encrypt/")) {
      return ENCRYPT;
    }
    if (path.contains("/decrypt/")) {
      return DECRYPT;
    }
    if (path.contains("/keys/")) {
      return request.verb() == VaultRequest.Verb.READ ? KEY_READ : KEY_WRITE;
    }
    return SYS;
  }
}
