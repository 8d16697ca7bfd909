package io.vaultkms.cli.command;

/** A command could not do what it was asked; the message is one sentence for people. */
public final class CommandFailed extends RuntimeException {
  private final int exitCode;

  /** Fails with exit code 1. */
  public CommandFailed(String sentence) {
    this(1, sentence);
  }

  public CommandFailed(int exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
