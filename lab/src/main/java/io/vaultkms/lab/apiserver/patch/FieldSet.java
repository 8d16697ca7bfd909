package io.vaultkms.lab.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a manager owns, as a tree in the form of {@code fieldsV1}: {@code f:name} leads
 * to a field, {@code k:{…}} to an element of a keyed list, an empty object is a leaf.
 */
record FieldSet(ObjectNode tree) {
  private static final String SELF = ".";

  static FieldSet empty() {
    return new FieldSet(JsonNodeFactory.instance.objectNode());
  }

  /** The fields that an object sets. */
  static FieldSet of(ObjectNode object) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      tree.set("f:" + field.getKey(), treeOf(field.getKey(), field.getValue()));
    }
    return new FieldSet(tree);
  }

  private static ObjectNode treeOf(String name, JsonNode value) {
    if (value instanceof ObjectNode object) {
      return of(object).tree();
    }
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    ListKeys.keyOf(name, value)
        .ifPresent(
            key -> {
              for (JsonNode element : value) {
                ObjectNode fields = JsonNodeFactory.instance.objectNode();
                fields.putObject(SELF);
                fields.setAll(of((ObjectNode) element).tree());
                tree.set(ListKeys.step(key, element), fields);
              }
            });
    return tree;
  }

  boolean isEmpty() {
    return tree.isEmpty();
  }

  /** True if this path, from the root, is a field of the set. */
  boolean contains(List<String> path) {
    JsonNode at = tree;
    for (String step : path) {
      at = at.path(step);
    }
    return !at.isMissingNode();
  }

  /** Takes out the leaves that a predicate names by path, and what becomes empty by that. */
  void removeLeavesIf(BiPredicate<List<String>, String> predicate) {
    removeLeaves(tree, new ArrayList<>(), predicate);
  }

  private static void removeLeaves(
      ObjectNode tree, List<String> path, BiPredicate<List<String>, String> predicate) {
    for (String step : List.copyOf(names(tree))) {
      if (step.equals(SELF)) {
        continue;
      }
      ObjectNode child = (ObjectNode) tree.get(step);
      if (child.isEmpty()) {
        if (predicate.test(List.copyOf(path), step)) {
          tree.remove(step);
        }
        continue;
      }
      path.add(step);
      removeLeaves(child, path, predicate);
      path.removeLast();
      if (child.isEmpty()) {
        tree.remove(step);
      }
    }
  }

  private static List<String> names(ObjectNode tree) {
    return tree.properties().stream().map(Map.Entry::getKey).toList();
  }

  /**
   * Takes out of an object what this set has, but for what others have too.
   *
   * @param kept the fields that stay
   */
  void removeFrom(ObjectNode object, FieldSet kept) {
    remove(tree, kept.tree(), object);
  }

  private static void remove(ObjectNode tree, JsonNode kept, ObjectNode object) {
    for (Map.Entry<String, JsonNode> each : tree.properties()) {
      if (!each.getKey().startsWith("f:")) {
        continue;
      }
      String field = each.getKey().substring(2);
      ObjectNode owned = (ObjectNode) each.getValue();
      JsonNode keptHere = kept.path(each.getKey());
      JsonNode value = object.get(field);
      if (value instanceof ObjectNode nested && !owned.isEmpty()) {
        remove(owned, keptHere, nested);
        if (nested.isEmpty() && keptHere.isMissingNode()) {
          object.remove(field);
        }
      } else if (value instanceof ArrayNode list && !owned.isEmpty()) {
        removeElements(owned, keptHere, list, field);
        if (list.isEmpty() && keptHere.isMissingNode()) {
          object.remove(field);
        }
      } else if (keptHere.isMissingNode()) {
        object.remove(field);
      }
    }
  }

  private static void removeElements(
      ObjectNode owned, JsonNode kept, ArrayNode list, String field) {
    String key = ListKeys.keyOf(field, list).orElse(null);
    if (key == null) {
      return;
    }
    for (int i = list.size() - 1; i >= 0; i--) {
      String step = ListKeys.step(key, list.get(i));
      if (!(owned.get(step) instanceof ObjectNode ownedElement)) {
        continue;
      }
      if (kept.path(step).isMissingNode()) {
        list.remove(i);
      } else {
        remove(ownedElement, kept.path(step), (ObjectNode) list.get(i));
      }
    }
  }

  /** The value that a path leads to in an object; null if there is none. */
  static @Nullable JsonNode value(ObjectNode object, List<String> path) {
    JsonNode at = object;
    String field = "";
    for (String step : path) {
      if (step.startsWith("f:")) {
        field = step.substring(2);
        at = at.get(field);
      } else {
        at = at instanceof ArrayNode list ? element(list, field, step) : null;
      }
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  private static @Nullable JsonNode element(ArrayNode list, String field, String step) {
    String key = ListKeys.keyOf(field, list).orElse(null);
    if (key == null) {
      return null;
    }
    for (JsonNode element : list) {
      if (ListKeys.step(key, element).equals(step)) {
        return element;
      }
    }
    return null;
  }

  FieldSet union(FieldSet other) {
    ObjectNode union = tree.deepCopy();
    MergePatch.apply(union, other.tree());
    return new FieldSet(union);
  }
}
