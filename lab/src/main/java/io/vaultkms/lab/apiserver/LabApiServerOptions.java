package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.envelope.KmsTiming;
import io.vaultkms.lab.apiserver.resource.Admission;
import io.vaultkms.lab.apiserver.resource.ResourceTypes;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one API server is to run.
 *
 * @param name its name, for logs and metrics
 * @param port where it listens on the loopback address, 0 for a free port (kept over restarts)
 * @param tls what it shows to clients, or null for plain HTTP
 * @param encryptionConfig its EncryptionConfiguration file, or null to store plaintext
 * @param timing how often files and plugins are looked at
 * @param bookmarks how often a watch that nothing happens in hears where it is
 * @param aggregation the groups that others answer for; their types are served in discovery alone
 */
public record LabApiServerOptions(
    String name,
    int port,
    @Nullable TlsPem tls,
    @Nullable Path encryptionConfig,
    KmsTiming timing,
    Duration bookmarks,
    ResourceTypes types,
    Admission admission,
    Authorizer authorizer,
    Aggregation aggregation) {

  /** Plain HTTP on a free port, plaintext in the store, everything allowed. */
  public static LabApiServerOptions named(String name) {
    return new LabApiServerOptions(
        name,
        0,
        null,
        null,
        KmsTiming.LAB,
        Duration.ofSeconds(10),
        ResourceTypes.LAB,
        Admission.NONE,
        Authorizer.ANYTHING,
        Aggregation.NONE);
  }

  public LabApiServerOptions withAggregation(Aggregation aggregation) {
    return new LabApiServerOptions(
        name,
        port,
        tls,
        encryptionConfig,
        timing,
        bookmarks,
        types,
        admission,
        authorizer,
        aggregation);
  }

  public LabApiServerOptions withPort(int port) {
    return new LabApiServerOptions(
        name,
        port,
        tls,
        encryptionConfig,
        timing,
        bookmarks,
        types,
        admission,
        authorizer,
        aggregation);
  }

  public LabApiServerOptions withTls(@Nullable TlsPem tls) {
    return new LabApiServerOptions(
        name,
        port,
        tls,
        encryptionConfig,
        timing,
        bookmarks,
        types,
        admission,
        authorizer,
        aggregation);
  }

  public LabApiServerOptions withEncryptionConfig(@Nullable Path encryptionConfig) {
    return new LabApiServerOptions(
        name,
        port,
        tls,
        encryptionConfig,
        timing,
        bookmarks,
        types,
        admission,
        authorizer,
        aggregation);
  }

  public LabApiServerOptions withTiming(KmsTiming timing) {
    return new LabApiServerOptions(
        name,
        port,
        tls,
        encryptionConfig,
        timing,
        bookmarks,
        types,
        admission,
        authorizer,
        aggregation);
  }

  public LabApiServerOptions withBookmarks(Duration bookmarks) {
    return new LabApiServerOptions(
        name,
        port,
        tls,
        encryptionConfig,
        timing,
        bookmarks,
        types,
        admission,
        authorizer,
        aggregation);
  }

  public LabApiServerOptions withTypes(ResourceTypes types) {
    return new LabApiServerOptions(
        name,
        port,
        tls,
        encryptionConfig,
        timing,
        bookmarks,
        types,
        admission,
        authorizer,
        aggregation);
  }

  public LabApiServerOptions withAdmission(Admission admission) {
    return new LabApiServerOptions(
        name,
        port,
        tls,
        encryptionConfig,
        timing,
        bookmarks,
        types,
        admission,
        authorizer,
        aggregation);
  }

  public LabApiServerOptions withAuthorizer(Authorizer authorizer) {
    return new LabApiServerOptions(
        name,
        port,
        tls,
        encryptionConfig,
        timing,
        bookmarks,
        types,
        admission,
        authorizer,
        aggregation);
  }
}
