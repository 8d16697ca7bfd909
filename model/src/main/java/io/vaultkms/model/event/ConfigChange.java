package io.vaultkms.model.event;

/** What a new configuration asks for, compared with the one before. */
public enum ConfigChange {
  /** Encryption with a key of Vault, where there was none. */
  ENABLE,
  /** No encryption, where there was some. */
  DISABLE,
  /** Another key: everything is to be rewritten. */
  NEW_KEY,
  /** The same key, reached otherwise. */
  IN_PLACE,
  /** The same key, with other credentials or another CA. */
  CREDENTIALS,
  /** Nothing that the nodes would notice. */
  NONE
}
