package io.vaultkms.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.cli.command.Printable;
import io.vaultkms.cli.command.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** The option that names a file with {@code APIServer} objects, and what is in it. */
public final class DocumentFile {
  private final InputStream in;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      required = true,
      description = "YAML or JSON, of one document or several; - reads standard input")
  private String file = "";

  private DocumentFile(Surroundings surroundings) {
    this.in = surroundings.in();
  }

  /** As it was named. */
  public String name() {
    return file;
  }

  /**
   * The {@code APIServer} objects, at least one.
   *
   * @throws CommandFailed with exit code 2 when it cannot be read or has none
   */
  public List<JsonNode> read() {
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
}
