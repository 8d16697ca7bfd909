package io.vaultkms.cli.validate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.cli.command.Nearest;
import io.vaultkms.model.config.Violation;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The shape that a record gives a document: its fields and theirs, each a text or an object. Read
 * off the record types, so that a field that is added to one is known here.
 */
final class RecordShape {
  private final String root;
  private final Map<String, Class<?>> fields = new LinkedHashMap<>();

  /**
   * @param root path of the object that has this shape
   */
  RecordShape(String root, Class<? extends Record> type) {
    this.root = root;
    collect(root, type);
  }

  private void collect(String path, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
      String name =
          renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
      fields.put(path + "." + name, component.getType());
      if (component.getType().isRecord()) {
        collect(path + "." + name, component.getType());
      }
    }
  }

  /** Takes out what does not fit, and names it; a value is never shown, it may be a secret. */
  List<Violation> prune(ObjectNode object) {
    List<Violation> violations = new ArrayList<>();
    prune(root, object, violations);
    return violations;
  }

  private void prune(String path, ObjectNode object, List<Violation> violations) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      String field = path + "." + name;
      JsonNode value = object.get(name);
      Optional<String> rule = brokenRule(path, name, value);
      if (rule.isPresent()) {
        violations.add(new Violation(field, "", rule.get()));
        object.remove(name);
      } else if (value instanceof ObjectNode inner) {
        prune(field, inner, violations);
      }
    }
  }

  private Optional<String> brokenRule(String path, String name, JsonNode value) {
    Class<?> type = fields.get(path + "." + name);
    if (type == null) {
      return Optional.of("must not be there, since there is no such field" + hint(path, name));
    }
    if (value.isNull()) {
      return Optional.empty();
    }
    if (type.isRecord()) {
      return value.isObject() ? Optional.empty() : Optional.of("must be an object");
    }
    return type != String.class || value.isTextual()
        ? Optional.empty()
        : Optional.of("must be a text, in quotes if it looks like something else");
  }

  /** A field that is spelt otherwise, or the same one elsewhere. */
  private String hint(String path, String name) {
    Map<String, String> siblings = new LinkedHashMap<>();
    Map<String, String> elsewhere = new LinkedHashMap<>();
    for (String field : fields.keySet()) {
      int dot = field.lastIndexOf('.');
      (field.substring(0, dot).equals(path) ? siblings : elsewhere)
          .put(field.substring(dot + 1), field);
    }
    if (elsewhere.containsKey(name)) {
      return "; it belongs at " + elsewhere.get(name);
    }
    return Nearest.to(name, siblings.keySet())
        .map(nearest -> "; did you mean " + nearest + "?")
        .or(
            () ->
                Nearest.to(name, elsewhere.keySet())
                    .map(nearest -> "; did you mean " + elsewhere.get(nearest) + "?"))
        .orElse("");
  }
}
