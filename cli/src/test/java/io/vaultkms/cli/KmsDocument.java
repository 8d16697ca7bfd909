package io.vaultkms.cli;

/** What an admin writes who wants a key in Vault. */
public final class KmsDocument {
  public static final String YAML =
      """
      apiVersion: config.openshift.io/v1
      kind: APIServer
      metadata: {name: cluster}
      spec:
        encryption:
          type: KMS
          kms:
            type: Vault
            vault:
              kmsPluginImage: registry.example.com/vault-plugin@sha256:%s
              vaultAddress: https://vault.example.com:8200
              vaultKeyPath: transit/keys/my-key
              authentication:
                type: AppRole
                appRole:
                  secret: {name: vault-approle}
      """
          .formatted("0".repeat(64));

  private KmsDocument() {}
}
