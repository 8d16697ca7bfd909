package io.vaultkms.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.cli.command.Printable;
import io.vaultkms.model.config.Violation;
import io.vaultkms.platform.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
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
  @Spec private CommandSpec spec;
  @Mixin private DocumentFile file;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  /** What {@code --json} prints. */
  record Report(boolean valid, List<Judged> documents) {}

  /** One document; its number counts from 1. */
  record Judged(int number, String name, boolean valid, List<Violation> violations) {}

  @Override
  public Integer call() {
    List<JsonNode> documents = file.read();
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

  private static Judged judge(int number, JsonNode document) {
    List<Violation> violations = DocumentCheck.violations(document);
    return new Judged(
        number, document.at("/metadata/name").asText(), violations.isEmpty(), violations);
  }

  private void print(Judged document, boolean several, PrintWriter out) {
    String where =
        several ? "%s, APIServer %d".formatted(file.name(), document.number()) : file.name();
    if (document.valid()) {
      out.printf("%s: valid%n", where);
    }
    document
        .violations()
        .forEach(violation -> out.printf("%s: %s%n", where, Printable.line(violation.toString())));
  }
}
