package io.vaultkms.model.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What events are made of: fields that a reader may find missing, ids and subjects. */
final class Parts {
  private Parts() {}

  static String required(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(field + " of an event must not be empty");
    }
    return value;
  }

  static Instant required(String field, @Nullable Instant value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " of an event must not be empty");
    }
    return value;
  }

  static <E extends Enum<E>> E required(String field, @Nullable E value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " of an event must not be empty");
    }
    return value;
  }

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  static <T> List<T> list(@Nullable List<T> values) {
    return values == null ? List.of() : List.copyOf(values);
  }

  /** Sorted, so that the same event always reads the same. */
  static Map<String, String> map(@Nullable Map<String, String> values) {
    return values == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /**
   * {@code config-changed/<cluster>/<component>/<part>/…}. Parts are escaped so that different
   * parts never give the same id.
   */
  static String id(Event event, Object... parts) {
    StringBuilder id = new StringBuilder(kebab(event.getClass().getSimpleName()));
    id.append('/').append(escaped(event.clusterId()));
    id.append('/').append(escaped(event.component()));
    for (Object part : parts) {
      id.append('/').append(escaped(part.toString()));
    }
    return id.toString();
  }

  /** Stands for a long text within an id, so that ids in a chain do not grow. */
  static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** {@code <component>/<part>/…}; for an event of no component, of the cluster. */
  static String subject(Event event, Object... parts) {
    StringBuilder subject =
        new StringBuilder(event.component().isEmpty() ? "cluster" : escaped(event.component()));
    for (Object part : parts) {
      subject.append('/').append(escaped(part.toString()));
    }
    return subject.toString();
  }

  private static String kebab(String name) {
    return name.replaceAll("(?<!^)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String escaped(String part) {
    return switch (part) {
      case "" -> "-";
      case "-" -> "%2D";
      default -> part.replace("%", "%25").replace("/", "%2F");
    };
  }
}
