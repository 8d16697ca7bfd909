package io.vaultkms.lab.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
  private static final int DNS = 2;
  private static final int IP = 7;

  private final CertificateAuthority authority = CertificateAuthority.create("Lab CA");

  @Test
  void signsServerCertificatesForNamesAndAddresses() throws Exception {
    X509Certificate ca = read(authority.caPem());
    X509Certificate server =
        read(authority.issue("localhost", "127.0.0.1", "vault.example", "::1").certPem());

    server.verify(ca.getPublicKey());
    server.checkValidity();
    assertThat(ca.getBasicConstraints()).isNotNegative();
    assertThat(server.getBasicConstraints()).isEqualTo(-1);
    assertThat(server.getSubjectAlternativeNames())
        .extracting(name -> (Object) name)
        .containsExactlyInAnyOrder(
            List.of(DNS, "localhost"),
            List.of(IP, "127.0.0.1"),
            List.of(DNS, "vault.example"),
            List.of(IP, "0:0:0:0:0:0:0:1"));
  }

  @Test
  void issuesExpiredCertificatesOnRequest() throws Exception {
    X509Certificate server = read(authority.issueExpired("localhost").certPem());

    assertThatThrownBy(server::checkValidity).isInstanceOf(CertificateExpiredException.class);
  }

  @Test
  void showsNoPrivateKeyInItsText() {
    CertificateAuthority.Issued issued = authority.issue("localhost");

    assertThat(issued.keyPem()).startsWith("-----BEGIN PRIVATE KEY-----");
    assertThat(issued.toString()).doesNotContain("BEGIN");
  }

  private static X509Certificate read(String pem) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
  }
}
