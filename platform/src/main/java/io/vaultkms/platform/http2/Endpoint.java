package io.vaultkms.platform.http2;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

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

  /**
   * TLS over a connection, agreed on HTTP/2; blocks.
   *
   * @throws NoHttp2 when the server speaks something else
   */
  SSLSocket handshake(Socket plain) throws IOException {
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
    if (verifyHost) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (!"h2".equals(socket.getApplicationProtocol())) {
      throw new NoHttp2(authority());
    }
    return socket;
  }
}
