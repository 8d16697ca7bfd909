package io.vaultkms.lab.vault;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What Vault answers: a status code, and a JSON body or none. */
record VaultAnswer(int status, @Nullable JsonObject body) {

  static VaultAnswer noContent() {
    return new VaultAnswer(204, null);
  }

  /** A secret's or an engine's data, in the envelope that all of them share. */
  static VaultAnswer data(JsonObject data) {
    return new VaultAnswer(200, envelope().put("data", data));
  }

  /** A login or a renewed token, in the same envelope. */
  static VaultAnswer auth(JsonObject auth) {
    return new VaultAnswer(200, envelope().put("auth", auth));
  }

  static VaultAnswer errors(int status, List<String> errors) {
    return new VaultAnswer(status, new JsonObject().put("errors", new JsonArray(errors)));
  }

  private static JsonObject envelope() {
    return new JsonObject()
        .put("request_id", UUID.randomUUID().toString())
        .put("lease_id", "")
        .put("renewable", false)
        .put("lease_duration", 0)
        .putNull("data")
        .putNull("wrap_info")
        .putNull("warnings")
        .putNull("auth");
  }

  @Override
  public String toString() {
    return "VaultAnswer[" + status + "]";
  }
}
