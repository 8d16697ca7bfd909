package io.vaultkms.migrator.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param verb the Kubernetes verb, for metrics
 * @param accept what may be answered
 * @param body a merge patch; none for a read
 */
record Call(String verb, HttpMethod method, String uri, String accept, @Nullable Buffer body) {
  static final String MERGE_PATCH = "application/merge-patch+json";

  static Call read(String verb, String uri, String accept) {
    return new Call(verb, HttpMethod.GET, uri, accept, null);
  }

  static Call mergePatch(String uri, String accept, String json) {
    return new Call("patch", HttpMethod.PATCH, uri, accept, Buffer.buffer(json));
  }
}
