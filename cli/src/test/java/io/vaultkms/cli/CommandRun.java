package io.vaultkms.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultkms.cli.command.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Map;

/**
 * One run of the command line in this JVM.
 *
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int exit, String out, String err) {

  public static CommandRun of(String... arguments) {
    return with(Map.of(), "", arguments);
  }

  public static CommandRun with(Map<String, String> environment, String in, String... arguments) {
    Surroundings surroundings =
        new Surroundings(
            environment, new ByteArrayInputStream(in.getBytes(UTF_8)), Clock.systemUTC(), false);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        VaultKms.commandLine(surroundings)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new CommandRun(exit, out.toString(), err.toString());
  }
}
