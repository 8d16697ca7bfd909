package io.vaultkms.platform.http2;

import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * A server, and how to talk to it.
 *
 * @param verifyHost whether its certificate must be for that host
 * @param connectTimeout for the connection and everything until the first request can be sent
 * @param longestBody of an answer, in bytes
 */
public record Endpoint(
    String host,
    int port,
    SSLContext tls,
    boolean verifyHost,
    Duration connectTimeout,
    int longestBody) {
  String authority() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
