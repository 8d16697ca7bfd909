package io.vaultkms.cli.command;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.platform.env.BadConfiguration;
import io.vaultkms.platform.log.EventLogUnavailable;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells failures in one sentence on standard error: 2 for wrong usage, 1 for the rest. */
public final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched, command)
            : Printable.line(e.getMessage()).replaceFirst("^Error: ", ""));
    err.printf("'%s --help' says more%n", command.getCommandSpec().qualifiedName());
    err.flush();
    return ExitCode.USAGE;
  }

  private static String unmatched(UnmatchedArgumentException e, CommandLine command) {
    List<String> suggestions = e.getSuggestions();
    return "'%s' is not %s of %s%s"
        .formatted(
            Printable.line(e.getUnmatched().getFirst()),
            e.isUnknownOption() ? "an option" : "a command or argument",
            command.getCommandSpec().qualifiedName(),
            suggestions.isEmpty() ? "" : "; did you mean " + suggestions.getFirst() + "?");
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    command.getOut().flush();
    command.getErr().println(sentence(e));
    command.getErr().flush();
    return switch (e) {
      case CommandFailed failed -> failed.exitCode();
      case BadConfiguration _ -> ExitCode.USAGE;
      default -> ExitCode.SOFTWARE;
    };
  }

  private static String sentence(Exception e) {
    return switch (e) {
      case CommandFailed _, EventLogUnavailable _ -> Printable.line(e.getMessage());
      case BadConfiguration _ -> EnvironmentDefaults.inWordsOfOptions(e.getMessage());
      case KubernetesClientException failed ->
          "The cluster refuses or does not answer: " + reason(failed);
      default -> e.getClass().getSimpleName() + ": " + reason(e);
    };
  }

  /** What failed at the bottom says more than what failed because of it. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : Printable.line(message);
  }
}
