package io.vaultkms.lab.plugin;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Command-line flags as Go programs take them: one dash or two, {@code -flag=value} or {@code -flag
 * value}; a flag that is on or off takes its value only after {@code =}; the last one wins.
 */
final class GoFlags {
  private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");
  private static final Map<String, LongFunction<Duration>> UNITS =
      Map.of(
          "ms", Duration::ofMillis,
          "s", Duration::ofSeconds,
          "m", Duration::ofMinutes,
          "h", Duration::ofHours);

  private final Map<String, String> given;

  private GoFlags(Map<String, String> given) {
    this.given = given;
  }

  /**
   * @param known the names of all flags, without dashes
   * @param switches those of them that are on or off
   */
  static GoFlags parse(Set<String> known, Set<String> switches, List<String> args) throws BadFlag {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (!arg.startsWith("-") || arg.equals("-") || arg.equals("--")) {
        throw new BadFlag("'" + arg + "' is not a flag, and flags are all this program takes");
      }
      String bare = arg.substring(arg.startsWith("--") ? 2 : 1);
      int equals = bare.indexOf('=');
      String name = equals < 0 ? bare : bare.substring(0, equals);
      if (!known.contains(name)) {
        throw new BadFlag("unknown flag -" + name);
      }
      if (equals >= 0) {
        given.put(name, bare.substring(equals + 1));
      } else if (switches.contains(name)) {
        given.put(name, "true");
      } else if (++i < args.size()) {
        given.put(name, args.get(i));
      } else {
        throw new BadFlag("flag -" + name + " needs a value");
      }
    }
    return new GoFlags(given);
  }

  void require(List<String> names) throws BadFlag {
    List<String> missing =
        names.stream()
            .filter(name -> given.getOrDefault(name, "").isBlank())
            .map(name -> "-" + name)
            .toList();
    if (!missing.isEmpty()) {
      throw new BadFlag(
          "missing required flag" + (missing.size() > 1 ? "s " : " ") + String.join(", ", missing));
    }
  }

  /** The value, or null where it was not given or is empty. */
  @Nullable String text(String name) {
    String value = given.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  String text(String name, String otherwise) {
    String value = text(name);
    return value == null ? otherwise : value;
  }

  boolean isOn(String name) throws BadFlag {
    return switch (text(name, "false")) {
      case "true", "TRUE", "True", "t", "T", "1" -> true;
      case "false", "FALSE", "False", "f", "F", "0" -> false;
      default -> throw bad(name, "be true or false");
    };
  }

  int port(String name, int otherwise) throws BadFlag {
    String rule = "be a port up to 65535, 0 or less to switch it off";
    try {
      int port = Integer.parseInt(text(name, "" + otherwise));
      if (port > 65535) {
        throw bad(name, rule);
      }
      return port;
    } catch (NumberFormatException e) {
      throw bad(name, rule);
    }
  }

  /** A positive duration such as 30s, 500ms, 1m30s. */
  Duration duration(String name, String otherwise) throws BadFlag {
    Matcher part = DURATION_PART.matcher(text(name, otherwise));
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      long thousandths = Math.round(Double.parseDouble(part.group(1)) * 1000);
      sum = sum.plus(UNITS.get(part.group(2)).apply(thousandths).dividedBy(1000));
      end = part.end();
    }
    if (end != text(name, otherwise).length() || sum.isZero()) {
      throw bad(name, "be a positive duration such as 30s");
    }
    return sum;
  }

  BadFlag bad(String name, String rule) {
    return new BadFlag("flag -" + name + " is '" + given.get(name) + "', and must " + rule);
  }
}
