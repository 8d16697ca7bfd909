package io.vaultkms.lab.apiserver.envelope;

/** Hears what the metrics of an API server tell about encryption. Called from any thread. */
public interface EncryptionObserver {
  /** {@code transformation} is {@code from_storage} or {@code to_storage}. */
  void transformed(String provider, String keyId, String transformation);

  /**
   * A file became the configuration in force.
   *
   * @param reload false at start, true afterwards
   */
  void applied(String configHash, boolean reload);

  /** A changed file was not taken. */
  void reloadFailed();
}
