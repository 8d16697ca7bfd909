package io.vaultkms.cli.bench;

import java.util.Arrays;
import java.util.Optional;

/** A way to write every object, each measured in every round. */
enum Way {
  FULL_10("a", "list in full, PUT in full, 10 workers", 10),
  FULL_32("b", "list in full, PUT in full, 32 workers", 32),
  MIGRATOR("c", "migrator", 0),
  CREATE_32("d", "create, 32 workers", 32);

  private final String letter;
  private final String words;
  private final int workers;

  Way(String letter, String words, int workers) {
    this.letter = letter;
    this.words = words;
    this.workers = workers;
  }

  static Optional<Way> of(String letter) {
    return Arrays.stream(values()).filter(way -> way.letter.equals(letter)).findFirst();
  }

  String letter() {
    return letter;
  }

  String words() {
    return words;
  }

  /** Requests under way at once; 0 when the program itself finds out how many. */
  int workers() {
    return workers;
  }

  /** Whether it rewrites what is there, so that all of it must be stale before. */
  boolean rewrites() {
    return this != CREATE_32;
  }
}
