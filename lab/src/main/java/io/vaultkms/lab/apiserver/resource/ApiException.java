package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A refusal as a Kubernetes API server words it: a Status object with its HTTP code. */
public final class ApiException extends RuntimeException {
  private final int code;
  private final String reason;
  private final ObjectNode details;
  private final ObjectNode metadata = JsonNodeFactory.instance.objectNode();

  public ApiException(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = JsonNodeFactory.instance.objectNode();
  }

  /** One rule that an object breaks. */
  public record FieldError(String field, String reason, String message) {
    public static FieldError invalid(String field, String value, String rule) {
      return new FieldError(
          field, "FieldValueInvalid", "Invalid value: \"" + value + "\": " + rule);
    }

    public static FieldError required(String field, String rule) {
      return new FieldError(field, "FieldValueRequired", "Required value: " + rule);
    }
  }

  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  /** Seconds that the client is asked to wait, or null. */
  public @Nullable Integer retryAfter() {
    return details.has("retryAfterSeconds") ? details.get("retryAfterSeconds").intValue() : null;
  }

  public static ApiException badRequest(String message) {
    return new ApiException(400, "BadRequest", message);
  }

  public static ApiException unauthorized() {
    return new ApiException(401, "Unauthorized", "Unauthorized");
  }

  public static ApiException noSuchPath() {
    return new ApiException(404, "NotFound", "the server could not find the requested resource");
  }

  public static ApiException notFound(ResourceType type, String name) {
    return new ApiException(404, "NotFound", type.qualified() + " \"" + name + "\" not found")
        .about(type, name);
  }

  public static ApiException exists(ResourceType type, String name) {
    return new ApiException(
            409, "AlreadyExists", type.qualified() + " \"" + name + "\" already exists")
        .about(type, name);
  }

  public static ApiException conflict(ResourceType type, String name, String why) {
    return new ApiException(
            409,
            "Conflict",
            "Operation cannot be fulfilled on %s \"%s\": %s".formatted(type.qualified(), name, why))
        .about(type, name);
  }

  public static ApiException modified(ResourceType type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  public static ApiException invalid(ResourceType type, String name, List<FieldError> errors) {
    List<String> sentences =
        errors.stream().map(each -> each.field() + ": " + each.message()).toList();
    String what =
        sentences.size() == 1 ? sentences.getFirst() : "[" + String.join(", ", sentences) + "]";
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    ApiException invalid =
        new ApiException(422, "Invalid", "%s \"%s\" is invalid: %s".formatted(kind, name, what))
            .about(type, name);
    invalid.details.put("kind", type.kind());
    for (FieldError error : errors) {
      invalid
          .details
          .withArray("causes")
          .addObject()
          .put("reason", error.reason())
          .put("message", error.message())
          .put("field", error.field());
    }
    return invalid;
  }

  public static ApiException expired(String message) {
    return new ApiException(410, "Expired", message);
  }

  public static ApiException internal(String message) {
    return new ApiException(500, "InternalError", "Internal error occurred: " + message);
  }

  public ApiException about(ResourceType type, String name) {
    details.put("name", name);
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    details.put("kind", type.plural());
    return this;
  }

  public ApiException retryAfter(int seconds) {
    details.put("retryAfterSeconds", seconds);
    return this;
  }

  ApiException continueWith(String token) {
    metadata.put("continue", token);
    return this;
  }

  /** The Status object. */
  public ObjectNode status() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.set("metadata", metadata);
    status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    return status.put("code", code);
  }
}
