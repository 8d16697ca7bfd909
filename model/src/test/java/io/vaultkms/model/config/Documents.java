package io.vaultkms.model.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Documents of {@code spec.encryption}, by what they change of a good one. */
final class Documents {
  static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GOOD =
      """
      {"type": "KMS", "kms": {"type": "Vault", "vault": {
        "kmsPluginImage": "registry.example.com/vault-plugin%s",
        "vaultAddress": "https://vault.example.com:8200",
        "vaultNamespace": "my-namespace",
        "vaultAuthNamespace": "my-auth-namespace",
        "vaultKeyPath": "transit/keys/my-key",
        "tls": {"caBundle": {"name": "vault-ca-bundle"}, "serverName": "vault.example.com"},
        "authentication": {"type": "AppRole", "appRole": {"secret": {"name": "vault-approle"}}}}}}
      """
          .formatted(DIGEST);

  private final ObjectNode root;

  private Documents(ObjectNode root) {
    this.root = root;
  }

  static Documents good() {
    return of(GOOD);
  }

  static Documents of(String json) {
    try {
      return new Documents((ObjectNode) JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** The same with another text at that path, such as {@code kms.vault.vaultAddress}. */
  Documents with(String path, String text) {
    parent(path).put(leaf(path), text);
    return this;
  }

  Documents withJson(String path, String json) {
    try {
      parent(path).set(leaf(path), JSON.readTree(json));
      return this;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  Documents without(String path) {
    parent(path).remove(leaf(path));
    return this;
  }

  EncryptionSpec spec() {
    return JSON.convertValue(root, EncryptionSpec.class);
  }

  /** The document for a wire: half of a surrogate pair is no character in UTF-8. */
  static String ascii(ObjectNode document) {
    try {
      return JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  ObjectNode json() {
    return root;
  }

  private ObjectNode parent(String path) {
    JsonNode node = root;
    String[] steps = path.split("\\.");
    for (int i = 0; i < steps.length - 1; i++) {
      node = node.get(steps[i]);
    }
    return (ObjectNode) node;
  }

  private static String leaf(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
