package io.vaultkms.lab.vault;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to Vault's HTTP API.
 *
 * @param namespace the namespace header, without slashes at its ends; empty for none
 * @param path what follows {@code /v1/}; it may begin with a namespace too
 * @param query the query parameters, the first value of each
 */
record VaultRequest(
    Verb verb,
    String namespace,
    String path,
    @Nullable String token,
    JsonObject body,
    Map<String, String> query) {

  enum Verb {
    READ,
    LIST,
    WRITE,
    DELETE
  }

  @Override
  public String toString() {
    return verb + " " + path;
  }
}
