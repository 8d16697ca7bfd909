package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Base64;

/**
 * Where the next page of a list begins.
 *
 * @param revision the revision the list is pinned to, or -1 to go on at the present one
 * @param start the last key of the page before, relative to the collection
 */
record ContinueToken(long revision, String start) {
  private static final String VERSION = "meta.k8s.io/v1";

  String encode() {
    byte[] json =
        Json.write(
            JsonNodeFactory.instance
                .objectNode()
                .put("v", VERSION)
                .put("rv", revision)
                .put("start", start));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
  }

  static ContinueToken decode(String token) {
    try {
      JsonNode json = Json.read(Base64.getUrlDecoder().decode(token));
      if (json.path("v").asText().equals(VERSION) && json.path("rv").isIntegralNumber()) {
        return new ContinueToken(json.path("rv").asLong(), json.path("start").asText());
      }
    } catch (IllegalArgumentException | ApiException e) {
      // Told below.
    }
    throw ApiException.badRequest("continue key is not valid");
  }
}
