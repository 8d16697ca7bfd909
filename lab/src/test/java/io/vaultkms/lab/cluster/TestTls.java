package io.vaultkms.lab.cluster;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vaultkms.lab.apiserver.LabTls;
import io.vaultkms.lab.apiserver.TlsPem;

/** A certificate authority for one test run. */
public final class TestTls {
  private TestTls() {}

  public static LabTls create() {
    try {
      X509Bundle ca =
          new CertificateBuilder()
              .subject("CN=test CA")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      return new LabTls(ca.getCertificatePEM(), node -> issue(ca, node));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static TlsPem issue(X509Bundle ca, String node) {
    try {
      X509Bundle leaf =
          new CertificateBuilder()
              .subject("CN=" + node)
              .addSanIpAddress("127.0.0.1")
              .addSanDnsName("localhost")
              .buildIssuedBy(ca);
      return new TlsPem(leaf.getCertificatePathPEM(), leaf.getPrivateKeyPEM());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
