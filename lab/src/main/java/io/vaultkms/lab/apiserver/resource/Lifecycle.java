package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.resource.ApiException.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the server makes of an object that a client sends, before it is stored. */
final class Lifecycle {
  private final Admission admission;

  Lifecycle(Admission admission) {
    this.admission = admission;
  }

  /** Checks that the object is of the kind, name and namespace that the request is about. */
  static void checkIdentity(Ref ref, ObjectNode object) {
    ResourceType type = ref.type();
    String kind = object.path("kind").asText(type.custom() ? "" : type.kind());
    String version = object.path("apiVersion").asText(type.custom() ? "" : type.apiVersion());
    if (!kind.equals(type.kind()) || !version.equals(type.apiVersion())) {
      throw ApiException.badRequest(
          "%s in version \"%s\" cannot be handled as a %s in version \"%s\""
              .formatted(kind, version, type.kind(), type.apiVersion()));
    }
    object.put("kind", kind).put("apiVersion", version);
    Metadata metadata = Metadata.of(object);
    if (!type.namespaced()) {
      metadata.node().remove("namespace");
    } else if (metadata.namespace().isEmpty()) {
      metadata.node().put("namespace", ref.namespace());
    } else if (!metadata.namespace().equals(ref.namespace())) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    String name = ref.name();
    if (name != null && metadata.name().isEmpty()) {
      metadata.node().put("name", name);
    } else if (name != null && !metadata.name().equals(name)) {
      throw ApiException.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(metadata.name(), name));
    }
  }

  /** Makes the object ready to be created. */
  void prepareCreate(ResourceType type, ObjectNode object) {
    Metadata metadata = Metadata.of(object);
    if (!metadata.resourceVersion().isEmpty()) {
      throw ApiException.internal("resourceVersion should not be set on objects to be created");
    }
    Metadata.dropNulls(object);
    nameIt(type, metadata);
    metadata
        .node()
        .without(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "generation"));
    metadata.dropEmpty();
    metadata.node().put("uid", UUID.randomUUID().toString());
    metadata.node().put("creationTimestamp", Metadata.now());
    if (type.generation()) {
      metadata.node().put("generation", 1);
    }
    if (type.status() && !type.kind().equals("Node")) {
      object.remove("status");
    }
    KindRules.complete(type, null, object);
    validate(type, null, object);
  }

  private static void nameIt(ResourceType type, Metadata metadata) {
    String base = metadata.text("generateName");
    if (metadata.name().isEmpty() && base.isEmpty()) {
      throw ApiException.invalid(
          type,
          "",
          List.of(FieldError.required("metadata.name", "name or generateName is required")));
    }
    if (metadata.name().isEmpty()) {
      metadata.node().put("name", Names.generate(base));
    }
    Names.check(type, metadata.name());
  }

  /** Makes of a client's object what is to replace the existing one. */
  ObjectNode prepareUpdate(Ref ref, ObjectNode existing, ObjectNode sent) {
    ResourceType type = ref.type();
    Metadata old = Metadata.of(existing);
    Metadata.dropNulls(sent);
    ObjectNode object = ref.ofStatus() ? withStatusOf(existing, sent) : sent;
    if (type.status() && !ref.ofStatus()) {
      keep("status", existing, object);
    }
    Metadata metadata = Metadata.of(object);
    String uid = metadata.uid();
    for (String field :
        List.of("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "uid")) {
      metadata.take(field, old);
    }
    metadata.take("generation", old);
    if (!metadata.node().has("managedFields")) {
      metadata.take("managedFields", old);
    }
    metadata.dropEmpty();
    KindRules.complete(type, existing, object);
    if (type.generation() && !wanted(type, object).equals(wanted(type, existing))) {
      metadata.node().put("generation", old.node().path("generation").asLong() + 1);
    }
    checkUpdate(type, old, metadata, uid);
    validate(type, existing, object);
    return object;
  }

  private static ObjectNode withStatusOf(ObjectNode existing, ObjectNode sent) {
    ObjectNode object = existing.deepCopy();
    keep("status", sent, object);
    Metadata.of(object).take("managedFields", Metadata.of(sent));
    return object;
  }

  private static void keep(String field, ObjectNode from, ObjectNode in) {
    JsonNode value = from.get(field);
    if (value == null) {
      in.remove(field);
    } else {
      in.set(field, value.deepCopy());
    }
  }

  /** The part of an object whose changes its generation counts. */
  private static ObjectNode wanted(ResourceType type, ObjectNode object) {
    ObjectNode wanted = object.objectNode();
    wanted.setAll(object);
    wanted.remove("metadata");
    if (type.status()) {
      wanted.remove("status");
    }
    return wanted;
  }

  private static void checkUpdate(ResourceType type, Metadata old, Metadata metadata, String uid) {
    List<FieldError> errors = new ArrayList<>();
    if (!uid.isEmpty() && !uid.equals(old.uid())) {
      errors.add(FieldError.invalid("metadata.uid", uid, "field is immutable"));
    }
    if (old.deleting()) {
      for (JsonNode finalizer : metadata.node().path("finalizers")) {
        boolean known = false;
        for (JsonNode before : old.node().path("finalizers")) {
          known |= before.equals(finalizer);
        }
        if (!known) {
          errors.add(
              new FieldError(
                  "metadata.finalizers",
                  "FieldValueForbidden",
                  "Forbidden: no new finalizers can be added if the object is being deleted, found"
                      + " new finalizers []string{"
                      + finalizer
                      + "}"));
        }
      }
    }
    refuse(type, old.name(), errors);
  }

  private void validate(ResourceType type, @Nullable ObjectNode existing, ObjectNode object) {
    List<FieldError> errors = new ArrayList<>(KindRules.violations(type, existing, object));
    errors.addAll(admission.violations(type, object));
    refuse(type, Metadata.of(object).name(), errors);
  }

  private static void refuse(ResourceType type, String name, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw ApiException.invalid(type, name, errors);
    }
  }
}
