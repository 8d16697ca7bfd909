package io.vaultkms.lab.apiserver.resource;

/**
 * How a write is done.
 *
 * @param dryRun do everything but the write itself
 * @param beforeCommit called when the value is encrypted, just before the store's transaction;
 *     whatever it waits for holds the write in flight
 * @param afterStore called when the store has it, and nobody has been told yet
 */
public record WriteOptions(boolean dryRun, Runnable beforeCommit, Runnable afterStore) {
  public static final WriteOptions PLAIN = new WriteOptions(false, () -> {}, () -> {});
}
