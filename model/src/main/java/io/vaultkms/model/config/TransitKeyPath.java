package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A Transit key: {@code <mount>/keys/<name>}; the mount may have several segments. */
final class TransitKeyPath {
  private static final int LEAST = 8;
  private static final int MOST = 1542;
  private static final String SLASHES = "must have no leading, trailing or doubled /";
  private static final String CHARACTERS =
      "must have only letters, digits, '-', '.', '_', '~' and '/'";
  private static final String DOTS = "must have no segment . or ..";
  private static final String FORM = "must have the form <mount>/keys/<name>";
  private static final String NAME =
      "must have a key name that starts and ends with a letter, digit or '_'"
          + " and has only letters, digits, '_', '-' and '.' between";

  private static final String CHARACTERS_PATTERN = "[A-Za-z0-9._~/-]*";
  private static final String NAME_PATTERN = "[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?";

  /** What API servers check. */
  @JacksonAnnotationsInside
  @Size(min = LEAST, max = MOST)
  @ValidationRule(
      value = "!self.startsWith('/') && !self.endsWith('/') && !self.contains('//')",
      message = SLASHES)
  @ValidationRule(value = "self.matches('^" + CHARACTERS_PATTERN + "$')", message = CHARACTERS)
  @ValidationRule(value = "!self.matches('(^|/)[.][.]?(/|$)')", message = DOTS)
  @ValidationRule(value = "self.matches('(?s)/keys/[^/]*$')", message = FORM)
  @ValidationRule(
      value =
          "!self.matches('(?s)/keys/[^/]*$') || self.matches('(?s)/keys/" + NAME_PATTERN + "$')",
      message = NAME)
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface Rules {}

  private static final Pattern ALL_CHARACTERS = Pattern.compile(CHARACTERS_PATTERN);
  private static final Pattern KEY_NAME = Pattern.compile(NAME_PATTERN);

  private TransitKeyPath() {}

  static List<String> broken(String value) {
    List<String> broken = Texts.length(value, LEAST, MOST);
    if (value.startsWith("/") || value.endsWith("/") || value.contains("//")) {
      broken.add(SLASHES);
    }
    if (!ALL_CHARACTERS.matcher(value).matches()) {
      broken.add(CHARACTERS);
    }
    List<String> segments = Arrays.asList(value.split("/", -1));
    if (segments.contains(".") || segments.contains("..")) {
      broken.add(DOTS);
    }
    int last = segments.size() - 1;
    if (last < 2 || !segments.get(last - 1).equals("keys")) {
      broken.add(FORM);
    } else if (!KEY_NAME.matcher(segments.get(last)).matches()) {
      broken.add(NAME);
    }
    return broken;
  }
}
