package io.vaultkms.lab.apiserver.envelope;

import io.vaultkms.platform.kms.KmsPlugin;
import io.vaultkms.platform.kms.KmsPlugin.PluginStatus;
import io.vaultkms.platform.kms.KmsPlugin.Wrapped;
import io.vaultkms.platform.kms.KmsPluginException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * KMS v2: values are encrypted here under a seed that the plugin wraps. A new seed is made when the
 * plugin's key id changes; reads never expire, writes stop when no Status was good for too long.
 */
final class KmsProvider implements Provider, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KmsProvider.class);
  private static final int CACHED_SEEDS = 1000;

  /** The seed that writes use, as of the last good Status. */
  private record WriteState(DataKeySeed seed, Wrapped source, Instant writesUntil) {}

  private final String name;
  private final KmsPlugin plugin;
  private final KmsTiming timing;
  private final EncryptionObserver observer;
  private final Map<String, DataKeySeed> seeds =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, DataKeySeed> eldest) {
              return size() > CACHED_SEEDS;
            }
          });
  private volatile @Nullable WriteState state;
  private volatile @Nullable String problem = "not probed yet";
  private volatile @Nullable Thread prober;

  KmsProvider(
      String name, Path socket, Duration timeout, KmsTiming timing, EncryptionObserver observer) {
    this.name = name;
    this.plugin = new KmsPlugin(socket, timeout);
    this.timing = timing;
    this.observer = observer;
  }

  @Override
  public String prefix() {
    return "k8s:enc:kms:v2:" + name + ":";
  }

  /** Why the plugin is not healthy, or null if it is. */
  @Nullable String problem() {
    return problem;
  }

  /** Asks for Status once, makes a new seed if it is time to; remembers and returns the problem. */
  @Nullable String probe() {
    Instant writesUntil = Instant.now().plus(timing.writeLimit());
    try {
      PluginStatus status = plugin.status();
      String found = complaint(status);
      if (found == null) {
        found = renew(status.keyId(), writesUntil);
      }
      return become(found);
    } catch (KmsPluginException e) {
      return become(e.getMessage());
    }
  }

  private @Nullable String become(@Nullable String found) {
    boolean stopping = Thread.currentThread().isInterrupted();
    if (found != null && problem == null && !stopping) {
      LOG.warn("KMS provider {} is not healthy: {}", name, found);
    }
    problem = found;
    return found;
  }

  private static @Nullable String complaint(PluginStatus status) {
    if (!status.healthy()) {
      return "got unexpected healthz status: " + status.healthz();
    }
    if (!status.version().equals("v2") && !status.version().equals("v2beta1")) {
      return "expected KMS version v2 or v2beta1, got " + status.version();
    }
    int length = status.keyId().getBytes(StandardCharsets.UTF_8).length;
    return length < 1 || length > 1024
        ? "the key id has " + length + " bytes, not 1 to 1024"
        : null;
  }

  private @Nullable String renew(String keyId, Instant writesUntil) {
    WriteState present = state;
    if (present != null && present.source().keyId().equals(keyId)) {
      state = new WriteState(present.seed(), present.source(), writesUntil);
      return null;
    }
    byte[] bytes = DataKeySeed.generate();
    Wrapped source = plugin.encrypt(bytes, UUID.randomUUID().toString());
    if (source.ciphertext().length == 0 || source.ciphertext().length > 1024) {
      return "the wrapped seed has " + source.ciphertext().length + " bytes, not 1 to 1024";
    }
    if (!source.keyId().equals(keyId)) {
      return "Encrypt used another key id than Status names";
    }
    DataKeySeed seed = DataKeySeed.of(bytes);
    seeds.put(EncryptedObject.fingerprint(source), seed);
    state = new WriteState(seed, source, writesUntil);
    return null;
  }

  /** Goes on probing until closed. */
  void keepProbing() {
    prober = Thread.ofVirtual().name("kms-probe-" + name).start(this::probeForever);
  }

  private void probeForever() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(problem == null ? timing.healthy() : timing.failing());
        probe();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Decoded read(byte[] stored, String key) {
    EncryptedObject object = EncryptedObject.decode(stored);
    Wrapped source = object.source();
    DataKeySeed seed = seed(source);
    byte[] plaintext = seed.open(object.data(), key);
    WriteState present = state;
    if (present == null) {
      throw new TransformException("KMS provider " + name + " has no data key yet");
    }
    observer.transformed(name, source.keyId(), "from_storage");
    return new Decoded(plaintext, !present.source().keyId().equals(source.keyId()));
  }

  private DataKeySeed seed(Wrapped source) {
    String fingerprint = EncryptedObject.fingerprint(source);
    DataKeySeed cached = seeds.get(fingerprint);
    if (cached != null) {
      return cached;
    }
    try {
      byte[] bytes = plugin.decrypt(source, UUID.randomUUID().toString());
      DataKeySeed seed = DataKeySeed.of(bytes);
      seeds.put(fingerprint, seed);
      return seed;
    } catch (KmsPluginException e) {
      throw new TransformException("failed to decrypt DEK, error: " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] write(byte[] plaintext, String key) {
    WriteState present = state;
    if (present == null) {
      throw new TransformException("KMS provider " + name + " has no data key yet");
    }
    if (Instant.now().isAfter(present.writesUntil())) {
      throw new TransformException(
          "encryptedDEKSource of KMS provider " + name + " expired at " + present.writesUntil());
    }
    byte[] stored =
        new EncryptedObject(present.seed().seal(plaintext, key), present.source()).encode();
    observer.transformed(name, present.source().keyId(), "to_storage");
    return stored;
  }

  void stopProbing() {
    Thread running = prober;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public void close() {
    stopProbing();
    plugin.close();
  }
}
