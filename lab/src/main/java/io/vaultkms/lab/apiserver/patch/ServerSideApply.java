package io.vaultkms.lab.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.patch.ManagedFields.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Server-side apply: what a manager applies is merged into the object, what it applied before and
 * no longer does goes, unless another manager has it too. Only applies are tracked; a plain update
 * takes the fields it changes from those who applied them.
 */
public final class ServerSideApply {
  private static final List<String> NOT_OWNED =
      List.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "managedFields");

  private ServerSideApply() {}

  /**
   * @param subresource {@code status} if only that is applied, else empty
   * @param force take fields that other managers have with another value, rather than fail
   * @param now the time of the request, RFC 3339
   */
  public record Apply(String manager, String subresource, boolean force, String now) {}

  /** Fields that other managers have with another value. */
  public static final class ConflictException extends RuntimeException {
    private final List<String> conflicts;

    ConflictException(List<String> conflicts) {
      super(
          "Apply failed with %d conflict%s: %s"
              .formatted(
                  conflicts.size(),
                  conflicts.size() == 1 ? "" : "s",
                  String.join(", ", conflicts)));
      this.conflicts = List.copyOf(conflicts);
    }

    public List<String> conflicts() {
      return conflicts;
    }
  }

  /**
   * Returns the object that results.
   *
   * @param existing the object as it is, or null if it is to be made; changed in place
   * @throws ConflictException if a field belongs to somebody else
   */
  public static ObjectNode apply(@Nullable ObjectNode existing, ObjectNode applied, Apply request) {
    ObjectNode result = existing == null ? JsonNodeFactory.instance.objectNode() : existing;
    ObjectNode wanted = wanted(applied, request.subresource());
    FieldSet fields = FieldSet.of(owned(wanted));
    Owner owner = new Owner(request.manager(), request.subresource());
    ManagedFields managed = new ManagedFields(result);
    settleConflicts(result, wanted, fields, managed, request, owner);
    FieldSet kept = fields.union(managed.ofOthers(owner));
    managed.of(owner).removeFrom(result, kept);
    merge(result, wanted);
    managed.set(owner, applied.path("apiVersion").asText(), fields, request.now());
    managed.writeTo(result);
    return result;
  }

  /** After a plain update: fields with another value now belong to nobody who applied them. */
  public static void updated(ObjectNode before, ObjectNode after) {
    if (after.path("metadata").path("managedFields").isEmpty()) {
      return;
    }
    ManagedFields managed = new ManagedFields(after);
    managed.dropChanged(before, after);
    managed.writeTo(after);
  }

  private static ObjectNode wanted(ObjectNode applied, String subresource) {
    ObjectNode wanted = applied.deepCopy();
    if (!subresource.isEmpty()) {
      wanted.retain("apiVersion", "kind", "metadata", subresource);
      wanted.withObject("/metadata").retain("name", "namespace", "uid", "resourceVersion");
    }
    return wanted;
  }

  private static ObjectNode owned(ObjectNode wanted) {
    ObjectNode owned = wanted.deepCopy();
    owned.remove(List.of("apiVersion", "kind"));
    if (owned.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove(NOT_OWNED);
      if (metadata.isEmpty()) {
        owned.remove("metadata");
      }
    }
    return owned;
  }

  private static void settleConflicts(
      ObjectNode existing,
      ObjectNode wanted,
      FieldSet fields,
      ManagedFields managed,
      Apply request,
      Owner owner) {
    List<String> conflicts = new ArrayList<>();
    new FieldSet(fields.tree().deepCopy())
        .removeLeavesIf(
            (parent, last) -> {
              List<String> path = new ArrayList<>(parent);
              path.add(last);
              String other = managed.managerOf(owner, path);
              JsonNode value = FieldSet.value(wanted, path);
              if (other.isEmpty()
                  || value == null
                  || value.equals(FieldSet.value(existing, path))) {
                return false;
              }
              if (request.force()) {
                managed.take(owner, parent, last);
              } else {
                conflicts.add("conflict with \"%s\": %s".formatted(other, dotted(path)));
              }
              return false;
            });
    if (!conflicts.isEmpty()) {
      throw new ConflictException(conflicts);
    }
  }

  private static String dotted(List<String> path) {
    StringBuilder text = new StringBuilder();
    for (String step : path) {
      text.append(step.startsWith("f:") ? "." + step.substring(2) : step.substring(1));
    }
    return text.toString();
  }

  private static void merge(ObjectNode target, ObjectNode wanted) {
    for (Map.Entry<String, JsonNode> field : wanted.properties()) {
      JsonNode present = target.get(field.getKey());
      JsonNode value = field.getValue();
      if (value instanceof ObjectNode nested && present instanceof ObjectNode into) {
        merge(into, nested);
      } else if (value instanceof ArrayNode list && present instanceof ArrayNode into) {
        mergeList(field.getKey(), target, into, list);
      } else {
        target.set(field.getKey(), value.deepCopy());
      }
    }
  }

  private static void mergeList(String field, ObjectNode target, ArrayNode into, ArrayNode list) {
    String key = ListKeys.keyOf(field, list).orElse(null);
    boolean keyed = key != null && (into.isEmpty() || ListKeys.keyOf(field, into).isPresent());
    if (!keyed) {
      target.set(field, list.deepCopy());
      return;
    }
    for (JsonNode element : list) {
      ObjectNode present = ListKeys.find(into, key, element);
      if (present == null) {
        into.add(element.deepCopy());
      } else {
        merge(present, (ObjectNode) element);
      }
    }
  }
}
