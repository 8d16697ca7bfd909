package io.vaultkms.lab.kubeapi;

import io.vaultkms.lab.tls.CertificateAuthority;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What all API servers of one cluster share: the administrator's token, the key that service
 * account tokens are signed with, and the certificate by which aggregated API servers know them.
 * They lie in files that their owner alone may read.
 *
 * @param tokens the file of static tokens
 * @param signingKey the private key, PEM
 * @param verifyingKey a certificate for it, PEM
 * @param frontProxy who issued the certificate that says of one that it is an API server
 */
record ClusterSecrets(
    String adminToken, Path tokens, Path signingKey, Path verifyingKey, FrontProxy frontProxy) {
  /** The common name of that certificate. */
  static final String FRONT_PROXY = "front-proxy-client";

  /**
   * An authority for nothing but this.
   *
   * @param caPem what others are to know it by
   * @param ca the same as a file
   */
  record FrontProxy(String caPem, Path ca, Path certificate, Path key) {
    static FrontProxy make(Path folder) {
      CertificateAuthority authority = CertificateAuthority.create("front-proxy");
      CertificateAuthority.Issued client = authority.issueClient(FRONT_PROXY);
      return new FrontProxy(
          authority.caPem(),
          PrivateFile.write(folder.resolve("front-proxy-ca.crt"), authority.caPem()),
          PrivateFile.write(folder.resolve("front-proxy.crt"), client.certPem()),
          PrivateFile.write(folder.resolve("front-proxy.key"), client.keyPem()));
    }
  }

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
        PrivateFile.write(folder.resolve("service-accounts.crt"), issued.certPem()),
        FrontProxy.make(folder));
  }

  @Override
  public String toString() {
    return "ClusterSecrets[adminToken=***]";
  }
}
