package io.vaultkms.platform.http2;

import java.util.Map;

/**
 * One request.
 *
 * @param headers names in lower case; those that come back often are sent once for a connection
 * @param body empty for none
 */
public record Request(String method, String path, Map<String, String> headers, byte[] body) {
  /** Headers may hold credentials. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
