package io.vaultkms.cli;

import io.vaultkms.cli.command.EnvironmentDefaults;
import io.vaultkms.cli.command.Failures;
import io.vaultkms.cli.command.HelpOption;
import io.vaultkms.cli.command.LengthOfTime;
import io.vaultkms.cli.command.PointInTime;
import io.vaultkms.cli.command.Surroundings;
import io.vaultkms.cli.demo.DemoCommand;
import io.vaultkms.cli.events.EventsCommand;
import io.vaultkms.cli.plan.PlanCommand;
import io.vaultkms.cli.replay.ReplayCommand;
import io.vaultkms.cli.status.StatusCommand;
import io.vaultkms.cli.validate.ValidateCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code vaultkms}: puts the commands together and runs the one that is asked for. */
@Command(
    name = "vaultkms",
    mixinStandardHelpOptions = true,
    version = "vaultkms 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeOnExecutionException = 1,
    usageHelpAutoWidth = true,
    description = "Encryption at rest with a key that stays in Vault: what is going on, and why.",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage; what else a command has is in its --help.",
    })
public final class VaultKms implements Runnable {
  /** Every command, in the order of the help. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          StatusCommand.class,
          EventsCommand.class,
          ReplayCommand.class,
          ValidateCommand.class,
          PlanCommand.class);

  @Spec private CommandSpec spec;

  private VaultKms() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Surroundings surroundings =
        new Surroundings(
            System.getenv(), System.in, Clock.systemUTC(), Boolean.getBoolean("vaultkms.terminal"));
    CommandLine commandLine =
        commandLine(surroundings)
            .setOut(writer(FileDescriptor.out))
            .setErr(writer(FileDescriptor.err));
    int exit = commandLine.execute(arguments);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    System.exit(exit);
  }

  /** The whole command line, for a process or for a test. */
  static CommandLine commandLine(Surroundings surroundings) {
    CommandLine commandLine = new CommandLine(new VaultKms(), surroundings.factory());
    COMMANDS.forEach(commandLine::addSubcommand);
    addHelp(commandLine);
    Failures failures = new Failures();
    return commandLine
        .registerConverter(Instant.class, new PointInTime(surroundings.clock()))
        .registerConverter(Duration.class, new LengthOfTime())
        .setDefaultValueProvider(new EnvironmentDefaults(surroundings.environment()))
        .setColorScheme(
            Help.defaultColorScheme(surroundings.terminal() ? Help.Ansi.ON : Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  private static void addHelp(CommandLine commandLine) {
    for (CommandLine command : commandLine.getSubcommands().values()) {
      if (command.getCommandSpec().findOption("--help") == null) {
        command.addMixin("help", new HelpOption());
      }
      command.setUsageHelpAutoWidth(true);
      addHelp(command);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "A command is missing: one of " + String.join(", ", spec.subcommands().keySet()));
  }

  /** UTF-8 whatever the locale: JSON is. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), false);
  }
}
