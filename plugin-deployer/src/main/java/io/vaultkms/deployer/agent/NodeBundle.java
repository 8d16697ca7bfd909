package io.vaultkms.deployer.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.deployer.contract.EncryptionConfiguration;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.Mode;
import io.vaultkms.platform.cluster.BundleSummary;
import io.vaultkms.platform.cluster.Contract;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A bundle as this node is to have it: the plugins, and the API server's file with the endpoints
 * below this node's root. Holds secrets; never shown.
 */
record NodeBundle(
    long revision, byte[] encryptionConfig, SortedMap<Long, KeyData> plugins, Bundle bundle) {

  /** Whether it is noted what is in a bundle; before that, nobody has taken it over from others. */
  static boolean isNoted(Secret secret) {
    Map<String, String> annotations = secret.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(Contract.BUNDLE);
  }

  /**
   * Reads what the deployer wrote.
   *
   * @throws IllegalArgumentException when it is something else; the message has none of it
   */
  static NodeBundle read(Secret secret, HostPaths paths) {
    Map<String, String> annotations = secret.getMetadata().getAnnotations();
    Bundle bundle = BundleSummary.read(annotations.get(Contract.BUNDLE));
    SortedMap<Long, KeyData> plugins = new TreeMap<>();
    bundle
        .keys()
        .forEach(
            (id, key) -> {
              if (key.mode() == Mode.KMS) {
                plugins.put(id, KeyData.fromBundle(secret.getData(), id));
              }
            });
    byte[] document = Base64.getDecoder().decode(secret.getData().get(Contract.ENCRYPTION_CONFIG));
    return new NodeBundle(
        Long.parseLong(annotations.get(Contract.REVISION)),
        belowRoot(document, paths),
        plugins,
        bundle);
  }

  /** What the API server shows once it uses this file: {@code sha256:} and the hex digest. */
  String configHash() {
    return hash(encryptionConfig);
  }

  /** The handshake of a key as this bundle has it. */
  String handshake(long keyId) {
    return bundle.keys().get(keyId).hash().orElse("");
  }

  static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] belowRoot(byte[] document, HostPaths paths) {
    JsonNode tree = EncryptionConfiguration.read(document);
    String prefix = "unix://" + EncryptionConfiguration.SOCKET_FOLDER;
    for (JsonNode resource : tree.path("resources")) {
      for (JsonNode provider : resource.path("providers")) {
        String endpoint = provider.path("kms").path("endpoint").asText();
        if (endpoint.startsWith(prefix)) {
          ((ObjectNode) provider.path("kms"))
              .put("endpoint", "unix://" + paths.sockets() + endpoint.substring(prefix.length()));
        }
      }
    }
    return (tree.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "NodeBundle[revision=" + revision + ", plugins=" + plugins.keySet() + "]";
  }
}
