package io.vaultkms.cli.demo;

/** The demo did not come to its end; the message is the one sentence that says what is not so. */
final class DemoFailure extends RuntimeException {
  DemoFailure(String message) {
    super(message);
  }
}
