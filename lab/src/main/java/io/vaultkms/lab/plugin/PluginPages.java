package io.vaultkms.lab.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The plugin's web pages: metrics on localhost, health on all addresses. As in HashiCorp's, {@code
 * /healthz} is always good and {@code /readyz} says that gRPC serves: neither asks Vault.
 */
final class PluginPages implements AutoCloseable {
  private final List<HttpServer> servers = new ArrayList<>();

  void metrics(int port, Supplier<String> text) throws IOException {
    if (port > 0) {
      HttpServer server = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      page(server, "/metrics", text);
    }
  }

  void health(int port) throws IOException {
    if (port > 0) {
      HttpServer server = listen(new InetSocketAddress(port));
      page(server, "/healthz", () -> "ok\n");
      page(server, "/readyz", () -> "ok\n");
    }
  }

  private HttpServer listen(InetSocketAddress address) throws IOException {
    try {
      HttpServer server = HttpServer.create(address, 0);
      server.start();
      servers.add(server);
      return server;
    } catch (IOException e) {
      throw new IOException("cannot listen on port " + address.getPort() + ": it is taken", e);
    }
  }

  private static void page(HttpServer server, String path, Supplier<String> text) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = text.get().getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
  }
}
