package io.vaultkms.lab.kubeapi;

import io.vaultkms.lab.tls.CertificateAuthority;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What all API servers of one cluster share: the administrator's token, and the key that service
 * account tokens are signed with. They lie in files that their owner alone may read.
 *
 * @param tokens the file of static tokens
 * @param signingKey the private key, PEM
 * @param verifyingKey a certificate for it, PEM
 */
record ClusterSecrets(String adminToken, Path tokens, Path signingKey, Path verifyingKey) {
  static ClusterSecrets make(Path folder, CertificateAuthority authority) {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String adminToken = HexFormat.of().formatHex(random);
    CertificateAuthority.Issued issued = authority.issue("service-accounts");
    return new ClusterSecrets(
        adminToken,
        PrivateFile.write(
            folder.resolve("tokens.csv"), adminToken + ",admin,admin,\"system:masters\"\n"),
        PrivateFile.write(folder.resolve("service-accounts.key"), issued.keyPem()),
        PrivateFile.write(folder.resolve("service-accounts.crt"), issued.certPem()));
  }

  @Override
  public String toString() {
    return "ClusterSecrets[adminToken=***]";
  }
}
