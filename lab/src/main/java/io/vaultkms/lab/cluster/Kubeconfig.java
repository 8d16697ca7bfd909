package io.vaultkms.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/**
 * What a client needs to reach a cluster, in the form of a kubeconfig file.
 *
 * @param caCertificate what the server is trusted by, PEM
 */
public record Kubeconfig(URI server, String caCertificate, String token) {
  /** The text of the file. It holds the token. */
  public String text() {
    String ca = Base64.getEncoder().encodeToString(caCertificate.getBytes(StandardCharsets.UTF_8));
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: lab
      cluster:
        server: %s
        certificate-authority-data: %s
    users:
    - name: lab
      user:
        token: %s
    contexts:
    - name: lab
      context:
        cluster: lab
        user: lab
    current-context: lab
    """
        .formatted(server, ca, token);
  }

  /** Writes the file, readable by its owner alone. */
  public Path write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path next = file.resolveSibling(file.getFileName() + ".tmp");
      Files.deleteIfExists(next);
      Files.createFile(
          next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(next, text());
      return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "Kubeconfig[server=" + server + ", token=***]";
  }
}
