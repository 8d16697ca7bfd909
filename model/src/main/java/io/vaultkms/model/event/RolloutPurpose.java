package io.vaultkms.model.event;

/** What a new bundle is for. */
public enum RolloutPurpose {
  /** Every API server can read a key, and none writes with it yet. */
  READ_KEY,
  /** Every API server writes with a key that all can read. */
  WRITE_KEY,
  /** A key that nothing is stored under goes away. */
  RETIRE,
  /** The plugin of a key is configured otherwise. */
  IN_PLACE
}
