package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A field selector, {@code metadata.name=a,type!=b}, on the fields a kind can be selected by. */
public final class FieldSelector {
  private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");
  private static final Map<String, Set<String>> BY_KIND =
      Map.of(
          "Secret", Set.of("type"),
          "Pod", Set.of("spec.nodeName", "status.phase"),
          "Namespace", Set.of("status.phase"),
          "Node", Set.of("spec.unschedulable"),
          "Event", Set.of("involvedObject.name", "involvedObject.kind", "reason", "type"));

  private record Term(String field, boolean equal, String value) {
    boolean matches(ObjectNode object) {
      JsonNode found = object;
      for (String step : field.split("\\.")) {
        found = found.path(step);
      }
      return found.asText("").equals(value) == equal;
    }
  }

  private final List<Term> terms;

  private FieldSelector(List<Term> terms) {
    this.terms = terms;
  }

  static FieldSelector parse(ResourceType type, String text) {
    return new FieldSelector(
        Stream.of(text.split(","))
            .filter(part -> !part.isBlank())
            .map(part -> term(type, part.strip()))
            .toList());
  }

  private static Term term(ResourceType type, String part) {
    int at = part.indexOf('=');
    if (at < 1) {
      throw ApiException.badRequest("invalid field selector: '" + part + "'");
    }
    boolean equal = part.charAt(at - 1) != '!';
    String field = part.substring(0, equal ? at : at - 1);
    boolean known =
        ALWAYS.contains(field) || BY_KIND.getOrDefault(type.kind(), Set.of()).contains(field);
    if (!known) {
      throw ApiException.badRequest("field label not supported: " + field);
    }
    return new Term(field, equal, part.substring(at + 1).replaceFirst("^=", ""));
  }

  boolean isEverything() {
    return terms.isEmpty();
  }

  /** The one name that can match, if the selector names one. */
  Optional<String> name() {
    return terms.stream()
        .filter(term -> term.equal() && term.field().equals("metadata.name"))
        .map(Term::value)
        .findFirst();
  }

  boolean matches(ObjectNode object) {
    return terms.stream().allMatch(term -> term.matches(object));
  }
}
