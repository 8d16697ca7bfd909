package io.vaultkms.lab.world;

/**
 * The {@code APIServer} document as an admin of a world writes it. Nothing is checked: broken ones
 * are written too.
 *
 * @param type of the encryption; all that follows is left out of the document unless it is KMS
 */
public record WantedDocument(
    String type, String image, String address, String keyPath, String secret) {
  static final String CA_CONFIG_MAP = "vault-ca-bundle";
  private static final String KMS = "KMS";

  static WantedDocument vault(String image, String address, String keyPath, String secret) {
    return new WantedDocument(KMS, image, address, keyPath, secret);
  }

  /** Another mode: {@code identity}, {@code aescbc} or {@code aesgcm}. */
  public WantedDocument withType(String other) {
    return new WantedDocument(other, image, address, keyPath, secret);
  }

  public WantedDocument withImage(String other) {
    return new WantedDocument(type, other, address, keyPath, secret);
  }

  public WantedDocument withAddress(String other) {
    return new WantedDocument(type, image, other, keyPath, secret);
  }

  public WantedDocument withKeyPath(String other) {
    return new WantedDocument(type, image, address, other, secret);
  }

  public WantedDocument withSecret(String other) {
    return new WantedDocument(type, image, address, keyPath, other);
  }

  /** The document. */
  public String yaml() {
    String head =
        """
        apiVersion: config.openshift.io/v1
        kind: APIServer
        metadata:
          name: cluster
        spec:
          encryption:
            type: %s
        """
            .formatted(type);
    return type.equals(KMS) ? head + kms() : head;
  }

  private String kms() {
    return """
        kms:
          type: Vault
          vault:
            kmsPluginImage: %s
            vaultAddress: %s
            vaultKeyPath: %s
            tls:
              caBundle:
                name: %s
            authentication:
              type: AppRole
              appRole:
                secret:
                  name: %s
    """
        .formatted(image, address, keyPath, CA_CONFIG_MAP, secret);
  }
}
