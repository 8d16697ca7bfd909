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

/**
 * A plugin's image, by digest. As in its neighbours each rule has one sentence, which an API server
 * says in front of its CEL and {@link ConfigRules} in front of its Java; {@code
 * KubeConfigurationIT} holds the two to each other.
 */
final class PluginImage {
  private static final int LEAST = 75;
  private static final int MOST = 447;
  private static final String ONE_AT = "must have exactly one @, between the name and the digest";
  private static final String DIGEST =
      "must end with a digest, sha256: and 64 lowercase hex digits";
  private static final String HOST =
      "must begin with a registry host that has a dot, and may have a port of 2 to 5 digits";
  private static final String PATH = "must have a path behind the registry host";
  private static final String PATH_CHARACTERS =
      "must have only letters, digits, '-', '_' and '.' in its path, and no tag";

  private static final String DIGEST_PATTERN = "sha256:[0-9a-f]{64}";
  private static final String HOST_PATTERN = "([A-Za-z0-9-]+[.])+[A-Za-z0-9-]+(:[0-9]{2,5})?";
  private static final String SEGMENT_PATTERN = "[A-Za-z0-9_.-]+";

  /** Where there is not exactly one @ nobody knows which part is which. */
  private static final String UNLESS_PARTS = "self.split('@').size() != 2 || ";

  /** What API servers check. */
  @JacksonAnnotationsInside
  @Size(min = LEAST, max = MOST)
  @ValidationRule(value = "self.split('@').size() == 2", message = ONE_AT)
  @ValidationRule(
      value = UNLESS_PARTS + "self.matches('@" + DIGEST_PATTERN + "$')",
      message = DIGEST)
  @ValidationRule(
      value = UNLESS_PARTS + "self.matches('^" + HOST_PATTERN + "[/@]')",
      message = HOST)
  @ValidationRule(value = UNLESS_PARTS + "self.split('@')[0].contains('/')", message = PATH)
  @ValidationRule(
      value = UNLESS_PARTS + "self.matches('^[^/@]*(/" + SEGMENT_PATTERN + ")*@')",
      message = PATH_CHARACTERS)
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface Rules {}

  private static final Pattern DIGEST_PART = Pattern.compile(DIGEST_PATTERN);
  private static final Pattern HOST_PART = Pattern.compile(HOST_PATTERN);
  private static final Pattern SEGMENT = Pattern.compile(SEGMENT_PATTERN);

  private PluginImage() {}

  static List<String> broken(String value) {
    List<String> broken = Texts.length(value, LEAST, MOST);
    int at = value.indexOf('@');
    if (at < 0 || at != value.lastIndexOf('@')) {
      broken.add(ONE_AT);
      return broken;
    }
    if (!DIGEST_PART.matcher(value.substring(at + 1)).matches()) {
      broken.add(DIGEST);
    }
    name(value.substring(0, at), broken);
    return broken;
  }

  private static void name(String name, List<String> broken) {
    List<String> parts = Arrays.asList(name.split("/", -1));
    // The pattern nests as deep as the host has labels: it must never see a long one.
    if (parts.getFirst().length() > MOST || !HOST_PART.matcher(parts.getFirst()).matches()) {
      broken.add(HOST);
    }
    List<String> segments = parts.subList(1, parts.size());
    if (segments.isEmpty()) {
      broken.add(PATH);
    }
    if (segments.stream().anyMatch(segment -> !SEGMENT.matcher(segment).matches())) {
      broken.add(PATH_CHARACTERS);
    }
  }
}
