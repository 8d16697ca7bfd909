import com.google.googlejavaformat.java.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Formats every Java file of the repository ("write"), or fails on one that is not formatted ("check"). */
class Format {
  public static void main(String[] args) throws Exception {
    List<String> arguments = new ArrayList<>();
    switch (args[0]) {
      case "write" -> arguments.add("--replace");
      case "check" -> arguments.addAll(List.of("--dry-run", "--set-exit-if-changed"));
      default -> {
        System.err.println("format is '" + args[0] + "', and must be check or write");
        System.exit(2);
      }
    }
    try (var files = Files.walk(Path.of(args[1]))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.equals(Path.of(args[1], "build", "Format.java")))
          .map(Path::toString)
          .sorted()
          .forEach(arguments::add);
    }
    if (arguments.stream().noneMatch(argument -> argument.endsWith(".java"))) {
      return;
    }
    java.io.PrintWriter out = new java.io.PrintWriter(System.out, true);
    java.io.PrintWriter err = new java.io.PrintWriter(System.err, true);
    int code = new Main(out, err, System.in).format(arguments.toArray(String[]::new));
    if (code != 0) {
      System.err.println("The files named above are not formatted: run ./mvnw -N verify -Dformat=write");
    }
    System.exit(code);
  }
}
