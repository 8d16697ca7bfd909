package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where Vault is: {@code https://host[:port]}. Stricter than URLs are: what a host may be is said
 * in a pattern, since no two libraries agree on it.
 */
final class VaultAddress {
  private static final int LEAST = 1;
  private static final int MOST = 512;
  private static final String URL = "must be a URL";
  private static final String SCHEME = "must have the scheme https";
  private static final String HOST = "must name a host, and may name a port of digits";
  private static final String PATH = "must have no path";
  private static final String QUERY = "must have no query";
  private static final String FRAGMENT = "must have no fragment";
  private static final String USER = "must have no user info";

  private static final String URL_PATTERN = "^[A-Za-z][A-Za-z0-9+.-]*://[!-~]*$";
  private static final String SCHEME_PATTERN = "^[Hh][Tt][Tt][Pp][Ss]:";
  private static final String IPV6_PATTERN =
      "([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
          + "|([0-9A-Fa-f]{1,4}:){1,7}:"
          + "|([0-9A-Fa-f]{1,4}:){1,6}:[0-9A-Fa-f]{1,4}"
          + "|([0-9A-Fa-f]{1,4}:){1,5}(:[0-9A-Fa-f]{1,4}){1,2}"
          + "|([0-9A-Fa-f]{1,4}:){1,4}(:[0-9A-Fa-f]{1,4}){1,3}"
          + "|([0-9A-Fa-f]{1,4}:){1,3}(:[0-9A-Fa-f]{1,4}){1,4}"
          + "|([0-9A-Fa-f]{1,4}:){1,2}(:[0-9A-Fa-f]{1,4}){1,5}"
          + "|[0-9A-Fa-f]{1,4}:(:[0-9A-Fa-f]{1,4}){1,6}"
          + "|:(:[0-9A-Fa-f]{1,4}){1,7}"
          + "|::";
  private static final String HOST_PATTERN =
      "^[^/]*//([^/?#]*@)?([A-Za-z0-9_][A-Za-z0-9._-]*|\\[("
          + IPV6_PATTERN
          + ")\\])"
          + "(:[0-9]{0,5})?([/?#]|$)";
  private static final String PATH_PATTERN = "^[^/]*//[^/?#]*/?([?#]|$)";

  /** What is no URL has no parts. */
  private static final String UNLESS_URL = "!self.matches('" + URL_PATTERN + "') || ";

  /** What API servers check. */
  @JacksonAnnotationsInside
  @Size(min = LEAST, max = MOST)
  @ValidationRule(value = "self.matches('" + URL_PATTERN + "')", message = URL)
  @ValidationRule(value = UNLESS_URL + "self.matches('" + SCHEME_PATTERN + "')", message = SCHEME)
  @ValidationRule(value = UNLESS_URL + "self.matches(r'" + HOST_PATTERN + "')", message = HOST)
  @ValidationRule(value = UNLESS_URL + "self.matches('" + PATH_PATTERN + "')", message = PATH)
  @ValidationRule(value = UNLESS_URL + "!self.contains('?')", message = QUERY)
  @ValidationRule(value = UNLESS_URL + "!self.contains('#')", message = FRAGMENT)
  @ValidationRule(value = UNLESS_URL + "!self.contains('@')", message = USER)
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface Rules {}

  private static final Pattern WHOLE = Pattern.compile(URL_PATTERN);
  private static final Pattern HTTPS = Pattern.compile(SCHEME_PATTERN);
  private static final Pattern NAMED_HOST = Pattern.compile(HOST_PATTERN);
  private static final Pattern NO_PATH = Pattern.compile(PATH_PATTERN);

  private VaultAddress() {}

  static List<String> broken(String value) {
    List<String> broken = Texts.length(value, LEAST, MOST);
    if (value.isEmpty()) {
      return broken;
    }
    if (!WHOLE.matcher(value).matches()) {
      broken.add(URL);
      return broken;
    }
    add(broken, HTTPS.matcher(value).find(), SCHEME);
    add(broken, NAMED_HOST.matcher(value).find(), HOST);
    add(broken, NO_PATH.matcher(value).find(), PATH);
    add(broken, !value.contains("?"), QUERY);
    add(broken, !value.contains("#"), FRAGMENT);
    add(broken, !value.contains("@"), USER);
    return broken;
  }

  private static void add(List<String> broken, boolean kept, String rule) {
    if (!kept) {
      broken.add(rule);
    }
  }

  /** An address as it may be told to others: people put passwords and tokens in URLs. */
  static String withoutCredentials(String address) {
    int at = address.lastIndexOf('@');
    int query = address.indexOf('?');
    int slashes = address.indexOf("//");
    String scheme = slashes < 0 || slashes > at ? "" : address.substring(0, slashes + 2);
    if (query >= 0 && query < at) {
      return scheme + "…";
    }
    String end = query < 0 ? "" : "?…";
    String told = query < 0 ? address : address.substring(0, query);
    return (at < 0 ? told : scheme + "…" + told.substring(at)) + end;
  }
}
