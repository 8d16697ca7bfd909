package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A label selector in its text form: {@code a=b,c!=d,e in (f,g),h notin (i),j,!k}. */
public final class LabelSelector {
  static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  private static final Pattern SET =
      Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)", Pattern.CASE_INSENSITIVE);
  private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(==|=|!=)\\s*(\\S*)");
  private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*([^=!\\s]+)");

  /**
   * @param wanted whether the label must be among the values (or, without values, be there at all)
   */
  private record Requirement(String label, boolean wanted, Set<String> values, boolean existence) {
    boolean matches(JsonNode labels) {
      JsonNode value = labels.get(label);
      if (existence) {
        return (value != null) == wanted;
      }
      return value == null ? !wanted : values.contains(value.asText()) == wanted;
    }
  }

  private final List<Requirement> requirements;

  private LabelSelector(List<Requirement> requirements) {
    this.requirements = requirements;
  }

  static LabelSelector parse(String text) {
    if (text.isBlank()) {
      return EVERYTHING;
    }
    return new LabelSelector(split(text).map(LabelSelector::requirement).toList());
  }

  /** At the commas that are not within parentheses. */
  private static Stream<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char here = i == text.length() ? ',' : text.charAt(i);
      depth += here == '(' ? 1 : here == ')' ? -1 : 0;
      if (here == ',' && depth <= 0) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    return parts.stream().filter(part -> !part.isEmpty());
  }

  private static Requirement requirement(String part) {
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      Set<String> values =
          Stream.of(set.group(3).split(",")).map(String::strip).collect(Collectors.toSet());
      return new Requirement(set.group(1), set.group(2).equalsIgnoreCase("in"), values, false);
    }
    Matcher equality = EQUALITY.matcher(part);
    if (equality.matches()) {
      boolean wanted = !equality.group(2).equals("!=");
      return new Requirement(equality.group(1), wanted, Set.of(equality.group(3)), false);
    }
    Matcher existence = EXISTENCE.matcher(part);
    if (existence.matches()) {
      return new Requirement(existence.group(2), existence.group(1).isEmpty(), Set.of(), true);
    }
    throw ApiException.badRequest("unable to parse requirement: '" + part + "'");
  }

  boolean isEverything() {
    return requirements.isEmpty();
  }

  boolean matches(ObjectNode object) {
    JsonNode labels = object.path("metadata").path("labels");
    return requirements.stream().allMatch(requirement -> requirement.matches(labels));
  }
}
