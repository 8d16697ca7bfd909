package io.vaultkms.lab.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists whose elements are told apart by a key, and are merged one by one. */
final class ListKeys {
  private ListKeys() {}

  /** The key of a list's elements: {@code type} for conditions, {@code name} where all have one. */
  static Optional<String> keyOf(String field, JsonNode list) {
    String key = field.equals("conditions") ? "type" : "name";
    if (!list.isArray() || list.isEmpty()) {
      return Optional.empty();
    }
    for (JsonNode element : list) {
      if (!element.path(key).isTextual()) {
        return Optional.empty();
      }
    }
    return Optional.of(key);
  }

  /** The step of a field set that leads to an element: {@code k:{"type":"Ready"}}. */
  static String step(String key, JsonNode element) {
    ObjectNode keys = JsonNodeFactory.instance.objectNode();
    keys.set(key, element.path(key));
    return "k:" + keys;
  }

  static @Nullable ObjectNode find(ArrayNode list, String key, JsonNode like) {
    for (JsonNode element : list) {
      if (element instanceof ObjectNode object && element.path(key).equals(like.path(key))) {
        return object;
      }
    }
    return null;
  }
}
