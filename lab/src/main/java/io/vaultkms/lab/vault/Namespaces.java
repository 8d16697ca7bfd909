package io.vaultkms.lab.vault;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces and what is mounted in each. A namespace is named by its path without slashes at
 * the ends; the root namespace by the empty string. The core's lock guards it.
 */
final class Namespaces {
  private final Map<String, Namespace> known = new HashMap<>(Map.of("", new Namespace("")));

  /** One namespace. Mount paths have no slashes at their ends. */
  static final class Namespace {
    private final String path;
    private final NavigableMap<String, TransitMount> transit = new TreeMap<>();
    private final NavigableMap<String, AppRoleMount> appRole = new TreeMap<>();

    private Namespace(String path) {
      this.path = path;
    }

    String path() {
      return path;
    }

    TransitMount transit(String mount) {
      return transit.computeIfAbsent(trim(mount), name -> new TransitMount());
    }

    AppRoleMount appRole(String mount) {
      return appRole.computeIfAbsent(trim(mount), AppRoleMount::new);
    }

    @Nullable Mounted<TransitMount> transitAt(String path) {
      return longest(transit, path, rest -> true);
    }

    /** The AppRole mount whose login this path is, if it is one. */
    @Nullable AppRoleMount loginAt(String path) {
      if (!path.startsWith("auth/")) {
        return null;
      }
      Mounted<AppRoleMount> found =
          longest(appRole, path.substring("auth/".length()), "login"::equals);
      return found == null ? null : found.mount();
    }

    private static <T> @Nullable Mounted<T> longest(
        NavigableMap<String, T> mounts, String path, Function<String, Boolean> accepts) {
      for (Map.Entry<String, T> mount : mounts.descendingMap().entrySet()) {
        String prefix = mount.getKey() + "/";
        if (path.startsWith(prefix) && accepts.apply(path.substring(prefix.length()))) {
          return new Mounted<>(mount.getValue(), path.substring(prefix.length()));
        }
      }
      return null;
    }
  }

  /** What is mounted, and the rest of the path within it. */
  record Mounted<T>(T mount, String rest) {}

  /** A namespace, and the path within it. */
  record Target(Namespace namespace, String path) {}

  /** The namespace of that path, made with all above it if there is none. */
  Namespace create(String path) {
    String wanted = trim(path);
    for (int slash = wanted.indexOf('/'); slash > 0; slash = wanted.indexOf('/', slash + 1)) {
      known.computeIfAbsent(wanted.substring(0, slash), Namespace::new);
    }
    return known.computeIfAbsent(wanted, Namespace::new);
  }

  /**
   * Header and path make one path, and its longest known beginning is the namespace, so that both
   * ways to name a namespace work, also together, and an unknown one ends up in the path.
   */
  Target resolve(String header, String path) {
    String whole = header.isEmpty() ? path : header + "/" + path;
    for (int slash = whole.lastIndexOf('/'); slash > 0; slash = whole.lastIndexOf('/', slash - 1)) {
      Namespace found = known.get(whole.substring(0, slash));
      if (found != null) {
        return new Target(found, whole.substring(slash + 1));
      }
    }
    return new Target(create(""), whole);
  }

  /**
   * What to put before a path of {@code target} to say it relative to {@code from}: empty, or
   * ending in a slash; null if {@code target} is not {@code from} nor below it.
   */
  static @Nullable String below(String from, String target) {
    if (target.equals(from)) {
      return "";
    }
    if (from.isEmpty()) {
      return target + "/";
    }
    return target.startsWith(from + "/") ? target.substring(from.length() + 1) + "/" : null;
  }

  static String trim(String path) {
    int start = 0;
    int end = path.length();
    while (start < end && path.charAt(start) == '/') {
      start++;
    }
    while (end > start && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(start, end);
  }
}
