package io.vaultkms.lab.apiserver.resource;

import io.vaultkms.lab.apiserver.resource.ApiException.FieldError;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The rules for names of objects. */
final class Names {
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile(LABEL.pattern() + "(\\." + LABEL.pattern() + ")*");

  private Names() {}

  static String generate(String base) {
    StringBuilder name = new StringBuilder(base);
    for (int i = 0; i < 5; i++) {
      name.append(LETTERS.charAt(ThreadLocalRandom.current().nextInt(LETTERS.length())));
    }
    return name.toString();
  }

  static void check(ResourceType type, String name) {
    boolean label = type.kind().equals("Namespace") || type.kind().equals("Service");
    int longest = label ? 63 : 253;
    if (name.length() > longest || !(label ? LABEL : SUBDOMAIN).matcher(name).matches()) {
      String rule =
          (label ? "a lowercase RFC 1123 label" : "a lowercase RFC 1123 subdomain")
              + " must consist of lower case alphanumeric characters"
              + (label ? " or '-'" : ", '-' or '.'")
              + ", must start and end with an alphanumeric character, and be no longer than "
              + longest;
      throw ApiException.invalid(
          type, name, List.of(FieldError.invalid("metadata.name", name, rule)));
    }
  }
}
