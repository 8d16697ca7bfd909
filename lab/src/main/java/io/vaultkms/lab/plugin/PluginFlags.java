package io.vaultkms.lab.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the plugin was started: the flags of HashiCorp's {@code vault-kube-kms}, and {@code
 * -key-poll-interval}.
 *
 * @param caFile whom to trust, or null for those that the machine trusts
 * @param sni the name to ask for in the TLS handshake and to find in the certificate, or null for
 *     the host of the address
 * @param metricsPort on 127.0.0.1; 0 or less for none
 * @param healthPort on all addresses; 0 or less for none
 * @param pollInterval how often to ask Vault for the key's newest version
 */
record PluginFlags(
    Path socket,
    URI vaultAddress,
    String namespace,
    KeyPath key,
    String authNamespace,
    String authMount,
    String roleId,
    Path secretIdFile,
    @Nullable Path caFile,
    @Nullable String sni,
    boolean skipVerify,
    Duration timeout,
    int metricsPort,
    int healthPort,
    Duration pollInterval) {

  static final String USAGE =
      """
      A KMS v2 plugin that keeps the key in Vault. Flags take one dash or two:
        -listen-address            unix:///tmp/vault-kube-kms.socket   the socket, mode 0770
        -vault-address             required   https://host[:port]
        -vault-key-path            required   <mount>/keys/<name>
        -approle-role-id           required   AppRole role id
        -approle-secret-id-path    required   file with the secret id, read once
        -auth-mount                approle    where AppRole is mounted
        -vault-namespace           none       namespace of the key
        -vault-auth-namespace      none       namespace of AppRole; the key's unless given
        -tls-ca-file               none       PEM certificates to trust
        -tls-sni                   none       name that Vault's certificate must have
        -tls-skip-verify           false      trust any certificate
        -vault-connection-timeout  30s        for one request to Vault
        -metrics-port              9090       on localhost, 0 for none
        -health-port               8081       on all addresses, 0 for none
        -key-poll-interval         10s        how often to look for a new version of the key
      """;

  private static final List<String> REQUIRED =
      List.of("vault-address", "vault-key-path", "approle-role-id", "approle-secret-id-path");
  private static final Set<String> KNOWN =
      Set.of(
          "listen-address",
          "vault-address",
          "vault-key-path",
          "approle-role-id",
          "approle-secret-id-path",
          "auth-mount",
          "vault-namespace",
          "vault-auth-namespace",
          "tls-ca-file",
          "tls-sni",
          "tls-skip-verify",
          "vault-connection-timeout",
          "metrics-port",
          "health-port",
          "key-poll-interval");
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  /** Where a Transit key is: {@code <mount>/keys/<name>}. */
  record KeyPath(String mount, String name) {
    String read() {
      return mount + "/keys/" + name;
    }

    String encrypt() {
      return mount + "/encrypt/" + name;
    }

    String decrypt() {
      return mount + "/decrypt/" + name;
    }
  }

  static PluginFlags parse(List<String> args) throws BadFlag {
    GoFlags flags = GoFlags.parse(KNOWN, Set.of("tls-skip-verify"), args);
    flags.require(REQUIRED);
    String namespace = vaultPath(flags, "vault-namespace", "");
    String caFile = flags.text("tls-ca-file");
    return new PluginFlags(
        socket(flags),
        address(flags),
        namespace,
        keyPath(flags),
        vaultPath(flags, "vault-auth-namespace", namespace),
        vaultPath(flags, "auth-mount", "approle"),
        flags.text("approle-role-id", ""),
        Path.of(flags.text("approle-secret-id-path", "")),
        caFile == null ? null : Path.of(caFile),
        flags.text("tls-sni"),
        flags.isOn("tls-skip-verify"),
        flags.duration("vault-connection-timeout", "30s"),
        flags.port("metrics-port", 9090),
        flags.port("health-port", 8081),
        flags.duration("key-poll-interval", "10s"));
  }

  private static Path socket(GoFlags flags) throws BadFlag {
    String address = flags.text("listen-address", "unix:///tmp/vault-kube-kms.socket");
    if (!address.startsWith("unix:///")) {
      throw flags.bad("listen-address", "be unix:// and an absolute path");
    }
    String path = address.substring("unix://".length());
    if (path.getBytes(UTF_8).length > MAX_SOCKET_PATH_BYTES) {
      throw flags.bad("listen-address", "have a path of at most 107 bytes, a limit of Linux");
    }
    return Path.of(path);
  }

  private static URI address(GoFlags flags) throws BadFlag {
    String rule = "be https://host[:port]";
    try {
      URI uri = new URI(trim(flags.text("vault-address", "")));
      boolean plain =
          "https".equals(uri.getScheme())
              && uri.getHost() != null
              && uri.getRawPath().isEmpty()
              && uri.getRawQuery() == null
              && uri.getRawUserInfo() == null;
      if (!plain) {
        throw flags.bad("vault-address", rule);
      }
      return uri;
    } catch (URISyntaxException e) {
      throw flags.bad("vault-address", rule);
    }
  }

  private static KeyPath keyPath(GoFlags flags) throws BadFlag {
    String path = vaultPath(flags, "vault-key-path", "");
    int keys = path.lastIndexOf("/keys/");
    String name = keys < 0 ? "" : path.substring(keys + "/keys/".length());
    if (keys <= 0 || name.isEmpty() || name.contains("/")) {
      throw flags.bad("vault-key-path", "be <mount>/keys/<name>");
    }
    return new KeyPath(path.substring(0, keys), name);
  }

  /** A path as it goes into a URL, without slashes at its ends. */
  private static String vaultPath(GoFlags flags, String name, String otherwise) throws BadFlag {
    String path = trim(flags.text(name, otherwise));
    if (!path.matches("[A-Za-z0-9._~/-]*")) {
      throw flags.bad(name, "have only letters, digits, '.', '_', '~', '-' and '/' in it");
    }
    return path;
  }

  private static String trim(String path) {
    return path.replaceAll("^/+|/+$", "");
  }
}
