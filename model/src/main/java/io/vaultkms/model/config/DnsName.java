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

/** Names of objects and of hosts. */
final class DnsName {
  private static final int LEAST = 1;
  private static final int MOST = 253;
  private static final String SUBDOMAIN =
      "must be a DNS subdomain: lower case letters, digits, '-' and '.'";
  private static final String HOSTNAME = "must be a DNS hostname in lower case";
  private static final String LABEL = "must have no label longer than 63 characters";

  private static final String LABEL_PATTERN = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
  private static final String NAME_PATTERN = LABEL_PATTERN + "([.]" + LABEL_PATTERN + ")*";
  private static final String MATCHES = "self.matches('^" + NAME_PATTERN + "$')";

  /** What API servers check of an object's name. */
  @JacksonAnnotationsInside
  @Size(min = LEAST, max = MOST)
  @ValidationRule(value = MATCHES, message = SUBDOMAIN)
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface Subdomain {}

  /** What API servers check of a host's name. */
  @JacksonAnnotationsInside
  @Size(min = LEAST, max = MOST)
  @ValidationRule(value = MATCHES, message = HOSTNAME)
  @ValidationRule(value = "!self.matches('[^.]{64}')", message = LABEL)
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface Hostname {}

  private static final Pattern NAME = Pattern.compile(NAME_PATTERN);

  private DnsName() {}

  static List<String> subdomain(String value) {
    return domain(value, SUBDOMAIN);
  }

  static List<String> hostname(String value) {
    List<String> broken = domain(value, HOSTNAME);
    if (broken.isEmpty()
        && Arrays.stream(value.split("\\.", -1)).anyMatch(label -> label.length() > 63)) {
      broken.add(LABEL);
    }
    return broken;
  }

  private static List<String> domain(String value, String rule) {
    List<String> broken = Texts.length(value, LEAST, MOST);
    // The pattern nests as deep as the name has labels: it must never see a long one.
    if (broken.isEmpty() && !NAME.matcher(value).matches()) {
      broken.add(rule);
    }
    return broken;
  }
}
