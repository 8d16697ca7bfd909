package io.vaultkms.lab.vault;

import io.vaultkms.lab.vault.VaultRequest.Verb;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes HTTP requests apart for the core, on the event loop, and sends its answers. */
final class VaultEndpoint {
  private final VaultCore core;

  VaultEndpoint(VaultCore core) {
    this.core = core;
  }

  void receive(HttpServerRequest http) {
    http.body().onSuccess(body -> answer(http, body)).onFailure(e -> http.connection().close());
  }

  private void answer(HttpServerRequest http, Buffer body) {
    VaultAnswer answer;
    try {
      answer = core.answer(request(http, body));
    } catch (DecodeException | ClassCastException e) {
      answer = VaultAnswer.errors(400, List.of("failed to parse JSON input"));
    } catch (VaultRefusal e) {
      answer = e.answer();
    }
    http.response().setStatusCode(answer.status()).putHeader("Cache-Control", "no-store");
    if (answer.body() == null) {
      http.response().end();
    } else {
      http.response()
          .putHeader("Content-Type", "application/json")
          .end(answer.body().toBuffer().appendString("\n"));
    }
  }

  private static VaultRequest request(HttpServerRequest http, Buffer body) {
    if (!http.path().startsWith("/v1/")) {
      throw VaultRefusal.notFound();
    }
    Map<String, String> query = new HashMap<>();
    http.params().forEach(query::putIfAbsent);
    String namespace = http.getHeader("X-Vault-Namespace");
    return new VaultRequest(
        verb(http.method(), query),
        namespace == null ? "" : Namespaces.trim(namespace),
        http.path().substring("/v1/".length()),
        token(http),
        body.length() == 0 ? new JsonObject() : body.toJsonObject(),
        query);
  }

  private static String token(HttpServerRequest http) {
    String token = http.getHeader("X-Vault-Token");
    String bearer = http.getHeader("Authorization");
    if (token == null && bearer != null && bearer.startsWith("Bearer ")) {
      return bearer.substring("Bearer ".length());
    }
    return token == null ? "" : token;
  }

  private static Verb verb(HttpMethod method, Map<String, String> query) {
    return switch (method.name()) {
      case "GET", "HEAD" -> query.getOrDefault("list", "").equals("true") ? Verb.LIST : Verb.READ;
      case "LIST" -> Verb.LIST;
      case "POST", "PUT" -> Verb.WRITE;
      case "DELETE" -> Verb.DELETE;
      default -> throw VaultRefusal.unsupportedOperation();
    };
  }
}
