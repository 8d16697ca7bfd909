package io.vaultkms.model.event;

/**
 * What a migration did with the objects of one resource.
 *
 * @param resource the resource, such as {@code secrets}
 * @param seen objects that were looked at
 * @param rewritten objects that were written anew
 * @param fresh objects that were stored under the key already
 * @param gone objects that were deleted meanwhile
 * @param conflicts writes that lost against another writer, whose own write made the object fresh
 * @param retries calls that had to be repeated
 * @param seconds time it took
 */
public record ResourceCounts(
    String resource,
    long seen,
    long rewritten,
    long fresh,
    long gone,
    long conflicts,
    long retries,
    double seconds) {
  public ResourceCounts {
    resource = Parts.text(resource);
  }
}
