package io.vaultkms.deployer;

import java.time.Instant;

/**
 * One death of a process.
 *
 * @param of the write that was its last, in words
 */
record Death(Instant time, String of) {
  static Death read(String line) {
    int space = line.indexOf(' ');
    return new Death(Instant.parse(line.substring(0, space)), line.substring(space + 1));
  }
}
