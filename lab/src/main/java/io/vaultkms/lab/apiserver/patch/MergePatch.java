package io.vaultkms.lab.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** JSON Merge Patch (RFC 7386). */
public final class MergePatch {
  private MergePatch() {}

  /** Changes {@code target} in place. */
  public static void apply(ObjectNode target, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        target.remove(field.getKey());
      } else if (value instanceof ObjectNode nested) {
        if (!(target.get(field.getKey()) instanceof ObjectNode)) {
          target.putObject(field.getKey());
        }
        apply((ObjectNode) target.get(field.getKey()), nested);
      } else {
        target.set(field.getKey(), value.deepCopy());
      }
    }
  }
}
