package io.vaultkms.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.cli.command.Printable;
import io.vaultkms.cli.command.Surroundings;
import io.vaultkms.model.config.Violation;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says everything that is wrong with a configuration, without any cluster. */
@Command(
    name = "validate",
    header = "Checks every APIServer in a file by all rules of spec.encryption.",
    description = {
      "No cluster is asked: whether the Secret and the ConfigMap are there, and whether Vault lets"
          + " us in, is not checked.",
      "",
      "Exit codes: 0 valid, 1 not valid, 2 cannot be read or holds no APIServer.",
    })
public final class ValidateCommand implements Callable<Integer> {
  private final InputStream in;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      required = true,
      description = "YAML or JSON, of one document or several; - reads standard input")
  private String file = "";

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  private ValidateCommand(Surroundings surroundings) {
    this.in = surroundings.in();
  }

  /** What {@code --json} prints. */
  record Report(boolean valid, List<Judged> documents) {}

  /** One document; its number counts from 1. */
  record Judged(int number, String name, boolean valid, List<Violation> violations) {}

  @Override
  public Integer call() {
    List<JsonNode> documents = read();
    List<Judged> judged =
        IntStream.range(0, documents.size()).mapToObj(i -> judge(i + 1, documents.get(i))).toList();
    Report report = new Report(judged.stream().allMatch(Judged::valid), judged);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(report));
    } else {
      judged.forEach(document -> print(document, documents.size() > 1, out));
    }
    return report.valid() ? ExitCode.OK : 1;
  }

  private List<JsonNode> read() {
    List<JsonNode> documents;
    try {
      documents = ApiServerDocuments.in(text());
    } catch (NoSuchFileException e) {
      throw unreadable("there is no such file");
    } catch (IOException | ApiServerDocuments.Unreadable e) {
      throw unreadable(e.getMessage());
    }
    if (documents.isEmpty()) {
      throw new CommandFailed(ExitCode.USAGE, "--file '" + file + "' holds no APIServer");
    }
    return documents;
  }

  private CommandFailed unreadable(String why) {
    return new CommandFailed(
        ExitCode.USAGE, "--file '%s' cannot be read: %s".formatted(file, Printable.line(why)));
  }

  private String text() throws IOException {
    return file.equals("-")
        ? new String(in.readAllBytes(), StandardCharsets.UTF_8)
        : Files.readString(Path.of(file));
  }

  private static Judged judge(int number, JsonNode document) {
    List<Violation> violations = DocumentCheck.violations(document);
    return new Judged(
        number, document.at("/metadata/name").asText(), violations.isEmpty(), violations);
  }

  private void print(Judged document, boolean several, PrintWriter out) {
    String where = several ? "%s, APIServer %d".formatted(file, document.number()) : file;
    if (document.valid()) {
      out.printf("%s: valid%n", where);
    }
    document
        .violations()
        .forEach(violation -> out.printf("%s: %s%n", where, Printable.line(violation.toString())));
  }
}
