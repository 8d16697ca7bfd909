package io.vaultkms.migrator.api;

/** What an API server answers: what was asked for, or why not. */
public sealed interface Reply<T> {
  /** What was asked for. */
  record Good<T>(T value) implements Reply<T> {}

  /** Something else. */
  record Bad<T>(Failure failure) implements Reply<T> {}
}
