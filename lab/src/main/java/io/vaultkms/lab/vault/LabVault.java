package io.vaultkms.lab.vault;

import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.tls.CertificateAuthority.Issued;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A stand-in for Vault Enterprise on 127.0.0.1, over TLS with a certificate of the lab's authority.
 * It keeps its state in memory; Transit keys really encrypt (AES-256-GCM). Paths, bodies, status
 * codes and error texts are those of Vault's HTTP API, {@code PUT} being the same as {@code POST};
 * {@code sys/license/status} is answered in every namespace.
 *
 * <p>A write to {@code encrypt/<missing key>} needs the create capability, as in real Vault: a
 * role's policy does not have it, so the answer is 403; with the root token the key is made.
 *
 * <p>Every method may be called from any thread but an event loop; {@link #start}, {@link
 * #disconnect}, {@link #reconnect} and {@link #close} block for as long as the socket takes, at
 * most ten seconds.
 */
public final class LabVault implements AutoCloseable {
  private static final long SOCKET_SECONDS = 10;

  private final Options options;
  private final VaultCore core;
  private HttpServer server;

  /**
   * How to start.
   *
   * @param vertx whose event loops serve; it stays open at {@link LabVault#close}
   * @param authority whose certificate clients shall trust
   * @param certificate what the server shows
   * @param port where to listen on 127.0.0.1; 0 for any free port
   * @param tokenTtl how long a token holds unless it is renewed, at least one second
   * @param tokenMaxTtl how long a token can be kept alive by renewing it
   * @param enterprise whether there are namespaces and a license
   */
  public record Options(
      Vertx vertx,
      CertificateAuthority authority,
      Issued certificate,
      int port,
      Duration tokenTtl,
      Duration tokenMaxTtl,
      boolean enterprise) {

    /** Enterprise, on a free port, as localhost and 127.0.0.1, tokens of an hour. */
    public static Options of(Vertx vertx, CertificateAuthority authority) {
      return new Options(
          vertx,
          authority,
          authority.issue("localhost", "127.0.0.1"),
          0,
          Duration.ofHours(1),
          Duration.ofDays(32),
          true);
    }

    /** With a certificate for these names and addresses only: wrong ones make TLS fail. */
    public Options named(String... names) {
      return certificate(authority.issue(names));
    }

    public Options certificate(Issued shown) {
      return new Options(vertx, authority, shown, port, tokenTtl, tokenMaxTtl, enterprise);
    }

    public Options port(int wanted) {
      return new Options(vertx, authority, certificate, wanted, tokenTtl, tokenMaxTtl, enterprise);
    }

    public Options tokenTtl(Duration ttl) {
      return new Options(vertx, authority, certificate, port, ttl, tokenMaxTtl, enterprise);
    }

    public Options tokenMaxTtl(Duration ttl) {
      return new Options(vertx, authority, certificate, port, tokenTtl, ttl, enterprise);
    }

    /** Vault's community edition: neither namespaces nor a license. */
    public Options community() {
      return new Options(vertx, authority, certificate, port, tokenTtl, tokenMaxTtl, false);
    }
  }

  private LabVault(Options options) {
    this.options = options;
    this.core = new VaultCore(options.tokenTtl(), options.tokenMaxTtl(), options.enterprise());
    this.server = listen(options.port());
  }

  public static LabVault start(Options options) {
    return new LabVault(options);
  }

  private HttpServer listen(int port) {
    HttpServerOptions http =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(options.certificate().certPem()))
                    .setKeyValue(Buffer.buffer(options.certificate().keyPem())));
    return await(
        options
            .vertx()
            .createHttpServer(http)
            .requestHandler(new VaultEndpoint(core)::receive)
            .listen(),
        "listen on port " + port);
  }

  /** {@code https://127.0.0.1:<port>}. */
  public String address() {
    return "https://127.0.0.1:" + server.actualPort();
  }

  /** The certificate of the authority that a client must trust. */
  public String caPem() {
    return options.authority().caPem();
  }

  /** A token that may do everything, for a person with curl. */
  public String rootToken() {
    return core.rootToken();
  }

  /** The key that {@code sys/unseal} wants. */
  public String unsealKey() {
    return core.unsealKey();
  }

  /**
   * Makes a Transit key, and the namespace and the mount if they are missing.
   *
   * @param namespace its path, empty for the root namespace
   */
  public void createTransitKey(String namespace, String mount, String name) {
    core.createTransitKey(namespace, mount, name);
  }

  /** Gives a key a new version, and says which. */
  public int rotate(String namespace, String mount, String name) {
    return core.rotate(namespace, mount, name);
  }

  /**
   * Makes a role that may do what a KMS plugin needs for these keys.
   *
   * @param allowedKeyPaths each {@code <mount>/keys/<name>} relative to the namespace, so that a
   *     key of a namespace below is {@code <child>/<mount>/keys/<name>}
   * @return the role id
   */
  public String createAppRole(String namespace, String authMount, String... allowedKeyPaths) {
    return createAppRole(namespace, authMount, VaultPolicy.forPlugin(allowedKeyPaths));
  }

  /** Makes a role with a policy of one's own, and returns its role id. */
  public String createAppRole(String namespace, String authMount, VaultPolicy policy) {
    return core.createAppRole(namespace, authMount, policy);
  }

  public String newSecretId(String roleId) {
    return core.newSecretId(roleId);
  }

  /** No new login with it; the tokens that it brought stay good, as in real Vault's default. */
  public void revokeSecretId(String roleId, String secretId) {
    core.revokeSecretId(roleId, secretId);
  }

  /** Changes what a role may do, at once and for the tokens that it already has. */
  public void setPolicy(String roleId, VaultPolicy policy) {
    core.setPolicy(roleId, policy);
  }

  /** Every token but the root token stops to hold. */
  public void revokeTokens() {
    core.revokeTokens();
  }

  public void seal() {
    become(VaultState.SEALED);
  }

  public void unseal() {
    become(VaultState.ACTIVE);
  }

  /** Plays another state, for {@code sys/health} and for what it means to all other requests. */
  public void become(VaultState state) {
    core.become(state);
  }

  /**
   * How many requests of each kind have come since the start; a kind that never came is missing.
   */
  public Map<VaultOperation, Long> requests() {
    return core.requests();
  }

  /** Stops listening, as if the machine were gone; all state stays. */
  public void disconnect() {
    await(server.close(), "stop listening");
  }

  /** Listens again, on the port of before. */
  public void reconnect() {
    server = listen(server.actualPort());
  }

  @Override
  public void close() {
    disconnect();
  }

  private static <T> T await(Future<T> future, String what) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SOCKET_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: Vault stand-in could not " + what, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the Vault stand-in could not " + what, e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "the Vault stand-in could not " + what + " in " + SOCKET_SECONDS + " s", e);
    }
  }
}
