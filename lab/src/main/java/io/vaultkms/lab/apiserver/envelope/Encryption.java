package io.vaultkms.lab.apiserver.envelope;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The encryption of one API server: follows its EncryptionConfiguration file. A changed file comes
 * into force as a whole, once it parses and all its KMS plugins are healthy; until then the one
 * before stays. Safe for any thread.
 */
public final class Encryption implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Encryption.class);

  /** What was replaced stays open this long for the requests that still use it. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final @Nullable Path file;
  private final KmsTiming timing;
  private final EncryptionObserver observer;
  private final Consumer<Map<String, List<String>>> inForce;
  private final Thread poller;
  private volatile @Nullable LoadedEncryption loaded;
  private volatile String hash = "";
  private volatile String lastProblem = "";

  private Encryption(
      @Nullable Path file,
      KmsTiming timing,
      EncryptionObserver observer,
      Consumer<Map<String, List<String>>> inForce) {
    this.file = file;
    this.timing = timing;
    this.observer = observer;
    this.inForce = inForce;
    this.poller = Thread.ofVirtual().name("encryption-reload").unstarted(this::follow);
  }

  /**
   * Starts following the file; returns before it is loaded.
   *
   * @param file the EncryptionConfiguration, or null to store everything as plaintext
   * @param inForce told of each configuration that comes into force, before the observer is: for
   *     each resource what its providers store under, as {@link Prefixes#of} has it, the one that
   *     writes first
   */
  public static Encryption follow(
      @Nullable Path file,
      KmsTiming timing,
      EncryptionObserver observer,
      Consumer<Map<String, List<String>>> inForce) {
    Encryption encryption = new Encryption(file, timing, observer, inForce);
    encryption.poller.start();
    return encryption;
  }

  /** True once a configuration is in force. */
  public boolean loaded() {
    return file == null || loaded != null;
  }

  /** True if a configuration is in force and all its KMS plugins are healthy. */
  public boolean healthy() {
    LoadedEncryption current = loaded;
    return file == null || (current != null && current.problem() == null);
  }

  /**
   * @param resource as {@code secrets} or {@code deployments.apps}
   */
  public Transformer transformer(String resource) {
    LoadedEncryption current = loaded;
    if (current != null) {
      return current.transformer(resource);
    }
    if (file == null) {
      return Transformer.PLAINTEXT;
    }
    throw new TransformException("the encryption configuration is not loaded yet");
  }

  private void follow() {
    if (file == null) {
      return;
    }
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look(file);
        Thread.sleep(timing.reload());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      String found = sha256(bytes);
      if (!found.equals(hash)) {
        load(bytes, found);
      }
      lastProblem = "";
    } catch (IOException e) {
      fail("cannot be read: " + e);
    } catch (RuntimeException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private void load(byte[] bytes, String found) {
    var next = new LoadedEncryption(EncryptionConfiguration.parse(bytes), timing, observer);
    String problem = next.probe();
    if (problem != null) {
      next.close();
      throw new IllegalStateException("a KMS plugin is not healthy: " + problem);
    }
    next.keepProbing();
    LoadedEncryption before = loaded;
    loaded = next;
    hash = found;
    inForce.accept(next.providers());
    observer.applied(found, before != null);
    LOG.info("EncryptionConfiguration {} is in force", found);
    if (before != null) {
      before.stopProbing();
      Thread.ofVirtual().start(() -> closeLater(before));
    }
  }

  private void fail(String problem) {
    if (loaded != null) {
      observer.reloadFailed();
    }
    if (!problem.equals(lastProblem)) {
      LOG.warn("EncryptionConfiguration {} not taken: {}", file, problem);
      lastProblem = problem;
    }
  }

  private static void closeLater(LoadedEncryption replaced) {
    try {
      Thread.sleep(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      replaced.close();
    }
  }

  /** {@code sha256:} and the digest in hexadecimal, as the metrics have it. */
  public static String sha256(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    poller.interrupt();
    try {
      poller.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LoadedEncryption current = loaded;
    if (current != null) {
      current.close();
    }
  }
}
