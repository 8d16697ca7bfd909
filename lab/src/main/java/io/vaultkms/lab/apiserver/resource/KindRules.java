package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.resource.ApiException.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the real API server does to some kinds on every write: defaults and rules. */
final class KindRules {
  private static final Pattern DATA_KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");

  private KindRules() {}

  /** Fills in what the server fills in; {@code existing} is null for a new object. */
  static void complete(ResourceType type, @Nullable ObjectNode existing, ObjectNode object) {
    switch (type.kind()) {
      case "Secret" -> completeSecret(object);
      case "Namespace" -> completeNamespace(existing, object);
      case "Pod" -> {
        if (existing == null) {
          object.withObject("/status").put("phase", "Pending");
        }
      }
      default -> {}
    }
  }

  private static void completeSecret(ObjectNode secret) {
    if (secret.remove("stringData") instanceof ObjectNode texts) {
      ObjectNode data = secret.withObject("/data");
      for (Map.Entry<String, JsonNode> text : texts.properties()) {
        byte[] bytes = text.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
    if (!secret.hasNonNull("type")) {
      secret.put("type", "Opaque");
    }
  }

  private static void completeNamespace(@Nullable ObjectNode existing, ObjectNode namespace) {
    Metadata metadata = Metadata.of(namespace);
    metadata.node().withObject("/labels").put("kubernetes.io/metadata.name", metadata.name());
    if (existing == null) {
      namespace.withObject("/spec").putArray("finalizers").add("kubernetes");
      namespace.putObject("status").put("phase", "Active");
    }
  }

  /** The rules that an object breaks; {@code existing} is null for a new object. */
  static List<FieldError> violations(
      ResourceType type, @Nullable ObjectNode existing, ObjectNode object) {
    boolean data = type.kind().equals("Secret") || type.kind().equals("ConfigMap");
    List<FieldError> found = new ArrayList<>();
    if (data) {
      checkKeys(object.path("data"), found);
      if (existing != null) {
        checkImmutable(type, existing, object, found);
      }
    }
    if (type.kind().equals("Secret")) {
      checkBase64(object.path("data"));
    }
    return found;
  }

  private static void checkKeys(JsonNode data, List<FieldError> found) {
    for (Map.Entry<String, JsonNode> each : data.properties()) {
      if (!DATA_KEY.matcher(each.getKey()).matches()) {
        found.add(
            FieldError.invalid(
                "data[" + each.getKey() + "]",
                each.getKey(),
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"));
      }
    }
  }

  private static void checkBase64(JsonNode data) {
    for (Map.Entry<String, JsonNode> each : data.properties()) {
      try {
        Base64.getDecoder().decode(each.getValue().asText());
      } catch (IllegalArgumentException e) {
        throw ApiException.badRequest(
            "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data in data["
                + each.getKey()
                + "]");
      }
    }
  }

  private static void checkImmutable(
      ResourceType type, ObjectNode existing, ObjectNode object, List<FieldError> found) {
    if (type.kind().equals("Secret") && !object.path("type").equals(existing.path("type"))) {
      found.add(FieldError.invalid("type", object.path("type").asText(), "field is immutable"));
    }
    if (!existing.path("immutable").asBoolean()) {
      return;
    }
    for (String field : List.of("immutable", "data", "binaryData")) {
      if (!object.path(field).equals(existing.path(field))) {
        found.add(
            new FieldError(
                field,
                "FieldValueForbidden",
                "Forbidden: field is immutable when `immutable` is set"));
      }
    }
  }
}
