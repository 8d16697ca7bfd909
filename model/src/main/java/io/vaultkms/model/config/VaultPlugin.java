package io.vaultkms.model.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The command line of the Vault plugin. */
final class VaultPlugin {
  private static final String SECRET_ID_FILE = "secret-id";
  private static final String CA_FILE = "ca-bundle.crt";

  private final VaultSpec vault;
  private final ReferencedData data;
  private final List<String> arguments = new ArrayList<>();
  private final SortedMap<String, byte[]> files = new TreeMap<>();

  private VaultPlugin(VaultSpec vault, ReferencedData data) {
    this.vault = vault;
    this.data = data;
  }

  static PluginLaunch launch(VaultSpec vault, String socket, String folder, ReferencedData data) {
    VaultPlugin plugin = new VaultPlugin(vault, data);
    plugin.gather(socket, folder);
    return new PluginLaunch(plugin.arguments, plugin.files);
  }

  private void gather(String socket, String folder) {
    add("listen-address", "unix://" + socket);
    add("vault-address", vault.vaultAddress());
    add("vault-namespace", vault.vaultNamespace());
    add("vault-auth-namespace", vault.vaultAuthNamespace());
    add("vault-key-path", vault.vaultKeyPath());
    add("approle-role-id", new String(appRole(VaultSpec.ROLE_ID), StandardCharsets.UTF_8).strip());
    file("approle-secret-id-path", folder, SECRET_ID_FILE, appRole(VaultSpec.SECRET_ID));
    String ca = vault.caBundleConfigMap();
    if (ca != null) {
      file("tls-ca-file", folder, CA_FILE, entry("configmap-" + ca + "_" + VaultSpec.CA_BUNDLE));
    }
    add("tls-sni", vault.tls() == null ? null : vault.tls().serverName());
    // Two plugins on the host network must not ask for the same port.
    add("metrics-port", "0");
    add("health-port", "0");
  }

  private void add(String flag, @Nullable String value) {
    if (value != null) {
      arguments.add("-" + flag + "=" + value);
    }
  }

  private void file(String flag, String folder, String name, byte[] contents) {
    files.put(name, contents);
    add(flag, folder + "/" + name);
  }

  private byte[] appRole(String dataKey) {
    return entry("secret-" + vault.appRoleSecret() + "_" + dataKey);
  }

  private byte[] entry(String name) {
    byte[] value = data.entries().get(name);
    if (value == null) {
      throw new IllegalStateException("the bundle has no entry " + name + " for this plugin");
    }
    return value;
  }
}
