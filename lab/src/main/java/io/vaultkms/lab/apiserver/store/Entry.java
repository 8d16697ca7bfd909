package io.vaultkms.lab.apiserver.store;

/**
 * A key with its bytes as stored. Whoever holds an entry must not change the bytes: they are shared
 * with the store.
 *
 * @param createRevision the revision that made the key
 * @param modRevision the revision that last wrote it
 */
public record Entry(String key, byte[] value, long createRevision, long modRevision) {
  @Override
  public String toString() {
    return "Entry[" + key + "@" + modRevision + ", " + value.length + " bytes]";
  }
}
