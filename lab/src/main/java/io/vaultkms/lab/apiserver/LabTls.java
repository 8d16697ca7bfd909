package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.tls.CertificateAuthority;
import java.util.function.Function;

/**
 * Where the API servers of a lab get their certificates.
 *
 * @param caCertificate what clients are to trust, PEM
 * @param issuer makes the certificate of a node's API server, valid for 127.0.0.1 and localhost
 */
public record LabTls(String caCertificate, Function<String, TlsPem> issuer) {
  /** From one authority. */
  public static LabTls of(CertificateAuthority authority) {
    return new LabTls(
        authority.caPem(),
        node -> {
          CertificateAuthority.Issued issued = authority.issue("localhost", "127.0.0.1", node);
          return new TlsPem(issued.certPem(), issued.keyPem());
        });
  }
}
