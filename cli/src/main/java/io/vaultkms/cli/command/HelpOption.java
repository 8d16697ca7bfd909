package io.vaultkms.cli.command;

import picocli.CommandLine.Option;

/** What every command has. */
public final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and exit")
  private boolean help;
}
