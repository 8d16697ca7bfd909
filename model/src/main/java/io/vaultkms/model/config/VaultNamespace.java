package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Set;

/** A Vault namespace. */
final class VaultNamespace {
  private static final int LEAST = 1;
  private static final int MOST = 4096;
  private static final String TRAILING_SLASH = "must not end with /";
  private static final String SPACE = "must not have a space";
  private static final String RESERVED =
      "must not be one of root, sys, audit, auth, cubbyhole, identity";

  /** What API servers check. */
  @JacksonAnnotationsInside
  @Size(min = LEAST, max = MOST)
  @ValidationRule(value = "!self.endsWith('/')", message = TRAILING_SLASH)
  @ValidationRule(value = "!self.contains(' ')", message = SPACE)
  @ValidationRule(
      value = "!(self in ['root', 'sys', 'audit', 'auth', 'cubbyhole', 'identity'])",
      message = RESERVED)
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface Rules {}

  private static final Set<String> RESERVED_NAMES =
      Set.of("root", "sys", "audit", "auth", "cubbyhole", "identity");

  private VaultNamespace() {}

  static List<String> broken(String value) {
    List<String> broken = Texts.length(value, LEAST, MOST);
    if (value.endsWith("/")) {
      broken.add(TRAILING_SLASH);
    }
    if (value.contains(" ")) {
      broken.add(SPACE);
    }
    if (RESERVED_NAMES.contains(value)) {
      broken.add(RESERVED);
    }
    return broken;
  }
}
