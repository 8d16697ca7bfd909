package io.vaultkms.lab.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.time.Instant;

/**
 * A certificate authority that lives as long as the lab: it is made at start, issues certificates
 * for TLS servers and clients (ECDSA P-256, valid for 30 days), and its key is never written
 * anywhere. Immutable; any thread may issue.
 */
public final class CertificateAuthority {
  private static final Duration LIFETIME = Duration.ofDays(30);
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private final X509Bundle root;

  private CertificateAuthority(X509Bundle root) {
    this.root = root;
  }

  /** A certificate and its private key (PKCS #8), both PEM. {@link #toString} shows neither. */
  public record Issued(String certPem, String keyPem) {
    @Override
    public String toString() {
      return "Issued[certificate and key]";
    }
  }

  /**
   * Makes an authority with a key of its own.
   *
   * @param name its common name: letters, digits, blanks, dots and dashes
   */
  public static CertificateAuthority create(String name) {
    try {
      return new CertificateAuthority(
          startingNow()
              .subject("CN=" + name)
              .setIsCertificateAuthority(true)
              .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
              .buildSelfSigned());
    } catch (Exception e) {
      throw new IllegalStateException("cannot make the certificate authority " + name, e);
    }
  }

  /** The authority's own certificate, for the one who verifies. */
  public String caPem() {
    return root.getCertificatePEM();
  }

  /**
   * A certificate for a TLS server.
   *
   * @param names what the server may be called: DNS names, IPv4 and IPv6 addresses; at least one
   */
  public Issued issue(String... names) {
    return issue(startingNow(), names);
  }

  /**
   * A certificate for a TLS client.
   *
   * @param name its common name
   */
  public Issued issueClient(String name) {
    try {
      X509Bundle issued =
          startingNow()
              .subject("CN=" + name)
              .setKeyUsage(true, KeyUsage.digitalSignature)
              .addExtendedKeyUsageClientAuth()
              .buildIssuedBy(root);
      return new Issued(issued.getCertificatePEM(), issued.getPrivateKeyPEM());
    } catch (Exception e) {
      throw new IllegalArgumentException("cannot issue a certificate for " + name, e);
    }
  }

  /** A certificate whose time ran out an hour ago, to provoke the failure that it causes. */
  public Issued issueExpired(String... names) {
    Instant now = Instant.now();
    return issue(
        startingNow().notBefore(now.minus(LIFETIME)).notAfter(now.minus(Duration.ofHours(1))),
        names);
  }

  private Issued issue(CertificateBuilder builder, String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("a certificate needs at least one name");
    }
    try {
      builder
          .subject("CN=" + names[0])
          .setKeyUsage(true, KeyUsage.digitalSignature)
          .addExtendedKeyUsageServerAuth();
      for (String name : names) {
        addName(builder, name);
      }
      X509Bundle issued = builder.buildIssuedBy(root);
      return new Issued(issued.getCertificatePEM(), issued.getPrivateKeyPEM());
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "cannot issue a certificate for " + String.join(", ", names), e);
    }
  }

  private static void addName(CertificateBuilder builder, String name) {
    if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
      builder.addSanIpAddress(name);
    } else {
      builder.addSanDnsName(name);
    }
  }

  private static CertificateBuilder startingNow() {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .ecp256()
        .notBefore(now.minus(CLOCK_SKEW))
        .notAfter(now.plus(LIFETIME));
  }
}
