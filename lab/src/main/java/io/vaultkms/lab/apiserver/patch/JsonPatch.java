package io.vaultkms.lab.apiserver.patch;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON Patch (RFC 6902). */
public final class JsonPatch {
  private JsonPatch() {}

  /** An operation cannot be done, or a test does not hold. */
  public static final class PatchException extends RuntimeException {
    PatchException(String message) {
      super(message);
    }
  }

  /**
   * Changes {@code target} in place.
   *
   * @throws PatchException naming the operation that failed; the target is then half changed
   */
  public static void apply(ObjectNode target, JsonNode patch) {
    if (!patch.isArray()) {
      throw new PatchException("a JSON patch is a list of operations");
    }
    for (JsonNode operation : patch) {
      apply(target, operation, operation.path("op").asText());
    }
  }

  private static void apply(ObjectNode target, JsonNode operation, String name) {
    JsonPointer path = pointer(operation, "path");
    switch (name) {
      case "add" -> add(target, path, value(operation));
      case "replace" -> {
        remove(target, path);
        add(target, path, value(operation));
      }
      case "remove" -> remove(target, path);
      case "move" -> {
        JsonNode moved = existing(target, pointer(operation, "from"));
        remove(target, pointer(operation, "from"));
        add(target, path, moved);
      }
      case "copy" -> add(target, path, existing(target, pointer(operation, "from")).deepCopy());
      case "test" -> {
        if (!target.at(path).equals(value(operation))) {
          throw new PatchException("testing value " + path + " failed");
        }
      }
      default -> throw new PatchException("unexpected kind of operation: '" + name + "'");
    }
  }

  private static JsonPointer pointer(JsonNode operation, String field) {
    try {
      return JsonPointer.compile(operation.path(field).asText());
    } catch (IllegalArgumentException e) {
      throw new PatchException(field + " is not a JSON pointer");
    }
  }

  private static JsonNode value(JsonNode operation) {
    if (!operation.has("value")) {
      throw new PatchException("operation at " + operation.path("path") + " has no value");
    }
    return operation.get("value");
  }

  private static JsonNode existing(ObjectNode target, JsonPointer path) {
    JsonNode found = target.at(path);
    if (found.isMissingNode()) {
      throw new PatchException("path " + path + " does not exist");
    }
    return found;
  }

  private static void add(ObjectNode target, JsonPointer path, JsonNode value) {
    String last = lastStep(path);
    switch (existing(target, path.head())) {
      case ObjectNode object -> object.set(last, value.deepCopy());
      case ArrayNode array when last.equals("-") -> array.add(value.deepCopy());
      case ArrayNode array -> array.insert(index(array, last, array.size()), value.deepCopy());
      default -> throw new PatchException("path " + path + " is not in an object or a list");
    }
  }

  private static void remove(ObjectNode target, JsonPointer path) {
    existing(target, path);
    String last = lastStep(path);
    switch (existing(target, path.head())) {
      case ObjectNode object -> object.remove(last);
      case ArrayNode array -> array.remove(index(array, last, array.size() - 1));
      default -> throw new PatchException("path " + path + " is not in an object or a list");
    }
  }

  private static String lastStep(JsonPointer path) {
    if (path.matches()) {
      throw new PatchException("the whole object cannot be replaced");
    }
    return path.last().getMatchingProperty();
  }

  private static int index(ArrayNode array, String step, int highest) {
    try {
      int index = Integer.parseInt(step);
      if (index >= 0 && index <= highest) {
        return index;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new PatchException("'" + step + "' is not an index in a list of " + array.size());
  }
}
