package io.vaultkms.migrator.api;

/**
 * An answer as it came; its body is not shown to anyone.
 *
 * @param retryAfter the header's value; empty when there is none
 */
record Answer(int code, String contentType, String retryAfter, byte[] body) {
  boolean protobuf() {
    return contentType.startsWith("application/vnd.kubernetes.protobuf");
  }

  boolean json() {
    return contentType.startsWith("application/json");
  }

  boolean good() {
    return code >= 200 && code < 300;
  }

  @Override
  public String toString() {
    return "Answer[code=%d, contentType=%s, bytes=%d]".formatted(code, contentType, body.length);
  }
}
