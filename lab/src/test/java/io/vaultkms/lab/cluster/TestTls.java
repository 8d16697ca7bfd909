package io.vaultkms.lab.cluster;

import io.vaultkms.lab.apiserver.LabTls;
import io.vaultkms.lab.tls.CertificateAuthority;

/** A certificate authority for one test run. */
public final class TestTls {
  private TestTls() {}

  public static LabTls create() {
    return LabTls.of(CertificateAuthority.create("test CA"));
  }
}
