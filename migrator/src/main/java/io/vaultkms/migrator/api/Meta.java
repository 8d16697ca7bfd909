package io.vaultkms.migrator.api;

/**
 * What is read of a stored object, and all that is.
 *
 * @param namespace empty for an object without one
 */
public record Meta(String namespace, String name, String uid, String resourceVersion) {

  /** {@code namespace/name}, as people are told of it. */
  public String path() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /**
   * The resource version as the number that it is wherever the store is etcd or keeps its contract.
   *
   * @throws IllegalArgumentException when it is not a number
   */
  public long version() {
    return version(resourceVersion);
  }

  static long version(String resourceVersion) {
    try {
      return Long.parseLong(resourceVersion);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "resourceVersion '" + resourceVersion + "' is not a number, so nothing can be proved", e);
    }
  }
}
