package io.vaultkms.lab.cluster;

import io.vaultkms.lab.apiserver.LabTls;
import io.vaultkms.lab.apiserver.TlsPem;
import io.vaultkms.lab.tls.CertificateAuthority;

/** A certificate authority for one test run. */
public final class TestTls {
  private TestTls() {}

  public static LabTls create() {
    CertificateAuthority authority = CertificateAuthority.create("test CA");
    return new LabTls(
        authority.caPem(),
        node -> {
          var issued = authority.issue("127.0.0.1", "localhost");
          return new TlsPem(issued.certPem(), issued.keyPem());
        });
  }
}
