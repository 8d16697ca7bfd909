package io.vaultkms.model.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with the fields below one path, in the order in which it is asked. */
final class Violations {
  private final String root;
  private final List<Violation> found = new ArrayList<>();

  /**
   * @param root the path that the fields are below
   */
  Violations(String root) {
    this.root = root;
  }

  /**
   * One rule for one value: each sentence it does not keep, as a half sentence that begins with
   * "must".
   */
  @FunctionalInterface
  interface FieldRule {
    List<String> broken(String value);
  }

  void required(String field, @Nullable String value, FieldRule rule) {
    if (value == null) {
      missing(field);
    } else {
      optional(field, value, rule);
    }
  }

  void optional(String field, @Nullable String value, FieldRule rule) {
    if (value != null) {
      rule.broken(value).forEach(broken -> add(field, value, broken));
    }
  }

  void missing(String field) {
    add(field, null, "must be set");
  }

  void add(String field, @Nullable String value, String rule) {
    found.add(new Violation(root + "." + field, value == null ? "" : shorten(value), rule));
  }

  void addAll(List<Violation> more) {
    found.addAll(more);
  }

  List<Violation> found() {
    return List.copyOf(found);
  }

  /** A value of thousands of characters makes no sentence clearer. */
  private static String shorten(String value) {
    return value.length() <= 200 ? value : value.substring(0, 200) + "…";
  }
}
