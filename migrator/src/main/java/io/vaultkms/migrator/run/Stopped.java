package io.vaultkms.migrator.run;

/** A run must not go on, which is no failure: the next look decides anew. */
public final class Stopped extends Exception {
  private static final long serialVersionUID = 1;

  Stopped(String reason) {
    super(reason);
  }
}
