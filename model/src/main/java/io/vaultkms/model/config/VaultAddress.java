package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/** Where Vault is: {@code https://host[:port]}. */
final class VaultAddress {
  private static final int LEAST = 1;
  private static final int MOST = 512;
  private static final String URL = "must be a URL";
  private static final String SCHEME = "must have the scheme https";
  private static final String HOST = "must name a host";
  private static final String PATH = "must have no path";
  private static final String QUERY = "must have no query";
  private static final String FRAGMENT = "must have no fragment";
  private static final String USER = "must have no user info";

  private static final String UNLESS_URL = "!isURL(self) || ";

  /** What API servers check. */
  @JacksonAnnotationsInside
  @Size(min = LEAST, max = MOST)
  @ValidationRule(value = "isURL(self)", message = URL)
  @ValidationRule(value = UNLESS_URL + "url(self).getScheme() == 'https'", message = SCHEME)
  @ValidationRule(value = UNLESS_URL + "url(self).getHostname() != ''", message = HOST)
  @ValidationRule(value = UNLESS_URL + "url(self).getEscapedPath() in ['', '/']", message = PATH)
  @ValidationRule(value = "!self.contains('?')", message = QUERY)
  @ValidationRule(value = "!self.contains('#')", message = FRAGMENT)
  @ValidationRule(value = "!self.contains('@')", message = USER)
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface Rules {}

  /** A host that Go's URLs know and Java's do not, such as one with an underscore. */
  private static final Pattern LENIENT_HOST =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(:[0-9]{0,5})?");

  private VaultAddress() {}

  static List<String> broken(String value) {
    List<String> broken = Texts.length(value, LEAST, MOST);
    if (value.isEmpty()) {
      return broken;
    }
    URI uri;
    try {
      uri = new URI(value);
    } catch (URISyntaxException e) {
      broken.add(URL);
      return broken;
    }
    if (!"https".equalsIgnoreCase(uri.getScheme())) {
      broken.add(SCHEME);
    }
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    int user = authority.lastIndexOf('@');
    if (uri.getHost() == null && !LENIENT_HOST.matcher(authority.substring(user + 1)).matches()) {
      broken.add(HOST);
    }
    behindTheHost(uri, broken);
    if (user >= 0) {
      broken.add(USER);
    }
    return broken;
  }

  private static void behindTheHost(URI uri, List<String> broken) {
    if (uri.getRawPath() != null && !uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/")) {
      broken.add(PATH);
    }
    if (uri.getRawQuery() != null) {
      broken.add(QUERY);
    }
    if (uri.getRawFragment() != null) {
      broken.add(FRAGMENT);
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
