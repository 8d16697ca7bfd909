package io.vaultkms.lab.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS to Vault: whom to trust, and what name to ask for. As in Go, a name given by flag takes the
 * place of the address's host, in the handshake and in the check of the certificate.
 */
final class VaultTls extends SSLSocketFactory {
  private final SSLSocketFactory sockets;
  private final @Nullable String sni;
  private final @Nullable Path caFile;

  private VaultTls(SSLSocketFactory sockets, @Nullable String sni, @Nullable Path caFile) {
    this.sockets = sockets;
    this.sni = sni;
    this.caFile = caFile;
  }

  static VaultTls of(PluginFlags flags) throws BadFlag {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust(flags), null);
      return new VaultTls(context.getSocketFactory(), flags.sni(), flags.caFile());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  private static TrustManager @Nullable [] trust(PluginFlags flags)
      throws GeneralSecurityException, BadFlag {
    if (flags.skipVerify()) {
      return new TrustManager[] {new TrustAll()};
    }
    if (flags.caFile() == null) {
      return null;
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store(flags.caFile()));
    return factory.getTrustManagers();
  }

  private static KeyStore store(Path caFile) throws GeneralSecurityException, BadFlag {
    try (InputStream pem = Files.newInputStream(caFile)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + number++, ca);
      }
      if (number == 0) {
        throw new BadFlag("flag -tls-ca-file names " + caFile + ", which holds no certificate");
      }
      return store;
    } catch (CertificateException e) {
      throw new BadFlag("flag -tls-ca-file names " + caFile + ", which is not PEM certificates");
    } catch (IOException e) {
      throw new BadFlag("flag -tls-ca-file names " + caFile + ", which cannot be read");
    }
  }

  @Override
  public Socket createSocket(Socket connected, String host, int port, boolean autoClose)
      throws IOException {
    String name = sni == null ? host : sni;
    SSLSocket socket = (SSLSocket) sockets.createSocket(connected, name, port, autoClose);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (sni != null) {
      parameters.setServerNames(List.of(new SNIHostName(sni)));
    }
    socket.setSSLParameters(parameters);
    return socket;
  }

  /** Why the handshake failed, in words that say what to change. */
  String explain(SSLException failure, String host) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      switch (t) {
        case CertificateExpiredException e -> {
          return "Vault's certificate has expired";
        }
        case CertificateNotYetValidException e -> {
          return "Vault's certificate is not valid yet";
        }
        case CertPathBuilderException e -> {
          return notSigned();
        }
        case SignatureException e -> {
          return notSigned();
        }
        case CertificateException e when isAboutTheName(e) -> {
          return "Vault's certificate is not for the name "
              + (sni == null ? host : sni)
              + " ("
              + e.getMessage()
              + ")";
        }
        default -> {}
      }
    }
    return failure.getMessage();
  }

  private static boolean isAboutTheName(CertificateException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("No subject alternative") || message.startsWith("No name matching");
  }

  private String notSigned() {
    return "Vault's certificate is not signed by a CA "
        + (caFile == null ? "that this machine trusts" : "in " + caFile);
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("only over a connected socket");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("only over a connected socket");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("only over a connected socket");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("only over a connected socket");
  }

  /** Takes any certificate for any name, because someone asked for it by flag. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
