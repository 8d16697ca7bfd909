package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.store.KeyRange;

/** Which objects of a collection a list or a watch is about. */
public record Selection(Ref ref, FieldSelector fields, LabelSelector labels) {
  /** Parses the selectors of a request; an empty one selects everything. */
  public static Selection of(Ref ref, String fieldSelector, String labelSelector) {
    return new Selection(
        ref, FieldSelector.parse(ref.type(), fieldSelector), LabelSelector.parse(labelSelector));
  }

  boolean isEverything() {
    return fields.isEverything() && labels.isEverything();
  }

  boolean matches(ObjectNode object) {
    return fields.matches(object) && labels.matches(object);
  }

  /** Decides by the key alone where it can, so that nothing else is decrypted. */
  boolean mayMatch(String key) {
    return fields.name().map(name -> key.endsWith("/" + name)).orElse(true);
  }

  KeyRange range() {
    ResourceType type = ref.type();
    boolean one = !type.namespaced() || ref.namespace() != null;
    return fields
        .name()
        .filter(name -> one)
        .map(name -> KeyRange.only(type.key(ref.namespace(), name)))
        .orElseGet(ref::range);
  }
}
