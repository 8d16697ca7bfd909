package io.vaultkms.model.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of single fields of the Vault configuration, each a list of broken sentences. */
final class FieldRules {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?<host>[A-Za-z0-9.-]+)(:[0-9]{2,5})?");
  private static final Pattern IMAGE_SEGMENT = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Pattern KEY_PATH_CHARACTERS = Pattern.compile("[A-Za-z0-9._~/-]*");
  private static final Pattern KEY_NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?");
  private static final String LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
  private static final Pattern SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  /** A host that Go's URLs know and Java's do not, such as one with an underscore. */
  private static final Pattern LENIENT_HOST =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(:[0-9]{0,5})?");

  private static final Set<String> RESERVED_NAMESPACES =
      Set.of("root", "sys", "audit", "auth", "cubbyhole", "identity");

  private FieldRules() {}

  static List<String> image(String value) {
    List<String> broken = length(value, 75, 447);
    int at = value.indexOf('@');
    if (at < 0 || at != value.lastIndexOf('@')) {
      broken.add("must have exactly one @, between the name and the digest");
      return broken;
    }
    if (!DIGEST.matcher(value.substring(at + 1)).matches()) {
      broken.add("must end with a digest, sha256: and 64 lowercase hex digits");
    }
    imageName(value.substring(0, at), broken);
    return broken;
  }

  private static void imageName(String name, List<String> broken) {
    List<String> parts = Arrays.asList(name.split("/", -1));
    var host = HOST_AND_PORT.matcher(parts.getFirst());
    if (!host.matches() || !dotted(host.group("host"))) {
      broken.add(
          "must begin with a registry host that has a dot, and may have a port of 2 to 5 digits");
    }
    List<String> segments = parts.subList(1, parts.size());
    if (segments.isEmpty()) {
      broken.add("must have a path behind the registry host");
    }
    if (segments.stream().anyMatch(segment -> !IMAGE_SEGMENT.matcher(segment).matches())) {
      broken.add("must have only letters, digits, '-', '_' and '.' in its path, and no tag");
    }
  }

  private static boolean dotted(String host) {
    List<String> labels = Arrays.asList(host.split("\\.", -1));
    return labels.size() > 1 && !labels.contains("");
  }

  static List<String> address(String value) {
    List<String> broken = length(value, 1, 512);
    if (value.isEmpty()) {
      return broken;
    }
    URI uri;
    try {
      uri = new URI(value);
    } catch (URISyntaxException e) {
      broken.add("must be a URL");
      return broken;
    }
    if (!"https".equalsIgnoreCase(uri.getScheme())) {
      broken.add("must have the scheme https");
    }
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    int user = authority.lastIndexOf('@');
    if (uri.getHost() == null && !LENIENT_HOST.matcher(authority.substring(user + 1)).matches()) {
      broken.add("must name a host");
    }
    if (uri.getRawPath() != null && !uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/")) {
      broken.add("must have no path");
    }
    if (uri.getRawQuery() != null) {
      broken.add("must have no query");
    }
    if (uri.getRawFragment() != null) {
      broken.add("must have no fragment");
    }
    if (user >= 0) {
      broken.add("must have no user info");
    }
    return broken;
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

  static List<String> namespace(String value) {
    List<String> broken = length(value, 1, 4096);
    if (value.endsWith("/")) {
      broken.add("must not end with /");
    }
    if (value.contains(" ")) {
      broken.add("must not have a space");
    }
    if (RESERVED_NAMESPACES.contains(value)) {
      broken.add("must not be one of root, sys, audit, auth, cubbyhole, identity");
    }
    return broken;
  }

  static List<String> keyPath(String value) {
    List<String> broken = length(value, 8, 1542);
    if (value.startsWith("/") || value.endsWith("/") || value.contains("//")) {
      broken.add("must have no leading, trailing or doubled /");
    }
    if (!KEY_PATH_CHARACTERS.matcher(value).matches()) {
      broken.add("must have only letters, digits, '-', '.', '_', '~' and '/'");
    }
    List<String> segments = Arrays.asList(value.split("/", -1));
    if (segments.contains(".") || segments.contains("..")) {
      broken.add("must have no segment . or ..");
    }
    int last = segments.size() - 1;
    if (last < 2 || !segments.get(last - 1).equals("keys")) {
      broken.add("must have the form <mount>/keys/<name>");
    } else if (!KEY_NAME.matcher(segments.get(last)).matches()) {
      broken.add(
          "must have a key name that starts and ends with a letter, digit or '_'"
              + " and has only letters, digits, '_', '-' and '.' between");
    }
    return broken;
  }

  static List<String> subdomain(String value) {
    return domain(value, "must be a DNS subdomain: lower case letters, digits, '-' and '.'");
  }

  static List<String> hostname(String value) {
    List<String> broken = domain(value, "must be a DNS hostname in lower case");
    if (broken.isEmpty()
        && Arrays.stream(value.split("\\.", -1)).anyMatch(label -> label.length() > 63)) {
      broken.add("must have no label longer than 63 characters");
    }
    return broken;
  }

  private static List<String> domain(String value, String rule) {
    List<String> broken = length(value, 1, 253);
    // The pattern nests as deep as the name has labels: it must never see a long one.
    if (broken.isEmpty() && !SUBDOMAIN.matcher(value).matches()) {
      broken.add(rule);
    }
    return broken;
  }

  private static List<String> length(String value, int least, int most) {
    List<String> broken = new ArrayList<>();
    int length = value.codePointCount(0, value.length());
    if (length < least || length > most) {
      broken.add("must have %d to %d characters and has %d".formatted(least, most, length));
    }
    return broken;
  }
}
