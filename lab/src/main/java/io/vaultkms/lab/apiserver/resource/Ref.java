package io.vaultkms.lab.apiserver.resource;

import io.vaultkms.lab.apiserver.store.KeyRange;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a request is about: a collection, an object, or a subresource of one. */
public record Ref(
    ResourceType type,
    @Nullable String namespace,
    @Nullable String name,
    @Nullable String subresource) {

  public boolean ofStatus() {
    return "status".equals(subresource);
  }

  Ref named(String name) {
    return new Ref(type, namespace, name, subresource);
  }

  String objectName() {
    return Objects.requireNonNull(name, "a request for one object");
  }

  String key() {
    return type.key(namespace, objectName());
  }

  KeyRange range() {
    return KeyRange.startingWith(type.keyPrefix(type.namespaced() ? namespace : null));
  }
}
