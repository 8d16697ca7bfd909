package io.vaultkms.lab.plugin;

/** The program was started wrongly; the message is the one sentence to print before exit 2. */
final class BadFlag extends Exception {
  BadFlag(String message) {
    super(message, null, false, false);
  }
}
