package io.vaultkms.deployer.contract;

import io.vaultkms.model.config.VaultSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The command line of HashiCorp's plugin. */
public final class PluginArguments {
  private PluginArguments() {}

  /**
   * The flags for a key.
   *
   * @param socket the absolute path of the socket to listen on
   * @param file gives the absolute path at which the plugin finds an entry of the key's data
   * @throws IllegalStateException when an entry is not there
   */
  public static List<String> of(
      long keyId, KeyData key, String socket, UnaryOperator<String> file) {
    VaultSpec vault = Objects.requireNonNull(key.kms().vault(), "vault");
    String secret = "secret-" + vault.appRoleSecret() + "_";
    byte[] roleId = key.data().entries().get(secret + VaultSpec.ROLE_ID);
    if (roleId == null) {
      throw new IllegalStateException("the credentials of key " + keyId + " have no role-id");
    }
    List<String> arguments = new ArrayList<>();
    add(arguments, "listen-address", "unix://" + socket);
    add(arguments, "vault-address", vault.vaultAddress());
    add(arguments, "vault-namespace", vault.vaultNamespace());
    add(arguments, "vault-auth-namespace", vault.vaultAuthNamespace());
    add(arguments, "vault-key-path", vault.vaultKeyPath());
    add(arguments, "approle-role-id", new String(roleId, StandardCharsets.UTF_8).strip());
    add(arguments, "approle-secret-id-path", file.apply(secret + VaultSpec.SECRET_ID));
    String ca = vault.caBundleConfigMap();
    add(
        arguments,
        "tls-ca-file",
        ca == null ? null : file.apply("configmap-" + ca + "_" + VaultSpec.CA_BUNDLE));
    add(arguments, "tls-sni", vault.tls() == null ? null : vault.tls().serverName());
    // Two plugins that share a network must not ask for the same port.
    add(arguments, "metrics-port", "0");
    add(arguments, "health-port", "0");
    return List.copyOf(arguments);
  }

  private static void add(List<String> arguments, String flag, @Nullable String value) {
    if (value != null) {
      arguments.add("-" + flag + "=" + value);
    }
  }
}
