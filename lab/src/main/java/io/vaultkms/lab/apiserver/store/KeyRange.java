package io.vaultkms.lab.apiserver.store;

/** All keys that begin with a prefix, or one key. */
public record KeyRange(String prefix, boolean exact) {
  public static KeyRange startingWith(String prefix) {
    return new KeyRange(prefix, false);
  }

  public static KeyRange only(String key) {
    return new KeyRange(key, true);
  }

  public boolean contains(String key) {
    return exact ? key.equals(prefix) : key.startsWith(prefix);
  }
}
