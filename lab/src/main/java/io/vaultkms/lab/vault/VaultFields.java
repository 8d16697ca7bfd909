package io.vaultkms.lab.vault;

import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.OptionalInt;

/** Reads the fields of a request's body as leniently as Vault does: "2" is a number to it. */
record VaultFields(JsonObject body) {

  String text(String field) {
    Object value = body.getValue(field);
    return value == null ? "" : value.toString().strip();
  }

  OptionalInt integer(String field) {
    String text = text(field);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw VaultRefusal.badRequest(
          "Field validation failed: error converting input for field \""
              + field
              + "\": not an integer");
    }
  }

  boolean flag(String field, boolean otherwise) {
    String text = text(field);
    return text.isEmpty() ? otherwise : Boolean.parseBoolean(text);
  }

  byte[] base64(String field) {
    try {
      return Base64.getDecoder().decode(text(field));
    } catch (IllegalArgumentException e) {
      throw VaultRefusal.badRequest("failed to base64-decode " + field);
    }
  }

  boolean has(String field) {
    return body.containsKey(field);
  }
}
