package io.vaultkms.lab.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Who owns which fields of an object: the entries of {@code metadata.managedFields}. */
final class ManagedFields {
  private final List<ObjectNode> entries = new ArrayList<>();

  ManagedFields(ObjectNode object) {
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      if (entry instanceof ObjectNode known) {
        entries.add(known.deepCopy());
      }
    }
  }

  /** A manager that applies: its fields through one subresource (empty for the main resource). */
  record Owner(String manager, String subresource) {
    boolean owns(ObjectNode entry) {
      return entry.path("operation").asText().equals("Apply")
          && entry.path("manager").asText().equals(manager)
          && entry.path("subresource").asText("").equals(subresource);
    }
  }

  FieldSet of(Owner owner) {
    return entries.stream()
        .filter(owner::owns)
        .map(ManagedFields::fields)
        .findFirst()
        .orElseGet(FieldSet::empty);
  }

  private static FieldSet fields(ObjectNode entry) {
    return new FieldSet(entry.withObject("/fieldsV1"));
  }

  /** The fields of everybody else. */
  FieldSet ofOthers(Owner owner) {
    return others(owner).stream()
        .map(ManagedFields::fields)
        .reduce(FieldSet.empty(), FieldSet::union);
  }

  private List<ObjectNode> others(Owner owner) {
    return entries.stream().filter(entry -> !owner.owns(entry)).toList();
  }

  /** The manager other than the owner that has a field; empty if none has. */
  String managerOf(Owner owner, List<String> path) {
    return others(owner).stream()
        .filter(entry -> fields(entry).contains(path))
        .map(entry -> entry.path("manager").asText())
        .findFirst()
        .orElse("");
  }

  /** Takes a field from everybody but the owner. */
  void take(Owner owner, List<String> parent, String last) {
    for (ObjectNode entry : others(owner)) {
      fields(entry).removeLeavesIf((path, step) -> path.equals(parent) && step.equals(last));
    }
  }

  /** Takes the fields from everybody whose value is another one now. */
  void dropChanged(ObjectNode before, ObjectNode after) {
    for (ObjectNode entry : entries) {
      fields(entry)
          .removeLeavesIf(
              (parent, last) -> {
                List<String> path = new ArrayList<>(parent);
                path.add(last);
                JsonNode old = FieldSet.value(before, path);
                return old != null && !old.equals(FieldSet.value(after, path));
              });
    }
    entries.removeIf(entry -> fields(entry).isEmpty());
  }

  /** Sets what the owner has; its time changes only if that does. */
  void set(Owner owner, String apiVersion, FieldSet fields, String now) {
    if (of(owner).equals(fields)) {
      return;
    }
    entries.removeIf(owner::owns);
    ObjectNode entry = fields.tree().objectNode();
    entry.put("manager", owner.manager()).put("operation", "Apply");
    entry.put("apiVersion", apiVersion).put("time", now).put("fieldsType", "FieldsV1");
    entry.set("fieldsV1", fields.tree());
    if (!owner.subresource().isEmpty()) {
      entry.put("subresource", owner.subresource());
    }
    entries.add(entry);
  }

  void writeTo(ObjectNode object) {
    entries.removeIf(entry -> fields(entry).isEmpty());
    ArrayNode list = object.withObject("/metadata").putArray("managedFields");
    entries.forEach(list::add);
  }
}
