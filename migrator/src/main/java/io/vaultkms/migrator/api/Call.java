package io.vaultkms.migrator.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param verb the Kubernetes verb, for metrics
 * @param accept what may be answered
 * @param patch none for a read
 */
record Call(String verb, HttpMethod method, String uri, String accept, @Nullable Patch patch) {

  /** What a patch says, and how that is to be understood. */
  record Patch(PatchKind kind, Buffer json) {}

  /** The kinds of patch that mean the same where only single values are set. */
  enum PatchKind {
    /** Every API server knows it for every resource, and writes the whole object as JSON for it. */
    MERGE("application/merge-patch+json"),

    /** Cheaper for the API server; unknown to custom resources. */
    STRATEGIC("application/strategic-merge-patch+json");

    private final String contentType;

    PatchKind(String contentType) {
      this.contentType = contentType;
    }

    String contentType() {
      return contentType;
    }
  }

  static Call read(String verb, String uri, String accept) {
    return new Call(verb, HttpMethod.GET, uri, accept, null);
  }

  static Call patch(String uri, String accept, PatchKind kind, String json) {
    return new Call("patch", HttpMethod.PATCH, uri, accept, new Patch(kind, Buffer.buffer(json)));
  }
}
