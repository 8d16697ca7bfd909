package io.vaultkms.cli.events;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands about the event log. */
@Command(
    name = "events",
    header = "The event log: what happened, and what is happening.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {TailCommand.class, ExportCommand.class})
public final class EventsCommand implements Runnable {
  @Spec private CommandSpec spec;

  private EventsCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "A command is missing: one of " + String.join(", ", spec.subcommands().keySet()));
  }
}
