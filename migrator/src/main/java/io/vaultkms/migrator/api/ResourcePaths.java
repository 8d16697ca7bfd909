package io.vaultkms.migrator.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Where a resource is in the API.
 *
 * @param root {@code /api/v1} or {@code /apis/<group>/<version>}
 * @param resource without its group, such as {@code secrets}
 */
public record ResourcePaths(String root, String resource) {

  /** {@code secrets} of {@code secrets}, {@code routes} of {@code routes.route.openshift.io}. */
  static String resourceOf(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** The group of a name with its group; empty for the core group. */
  static String groupOf(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }

  String list(int limit, String continueToken) {
    String uri = root + "/" + resource + "?limit=" + limit;
    return continueToken.isEmpty() ? uri : uri + "&continue=" + escaped(continueToken);
  }

  String object(Meta meta) {
    return meta.namespace().isEmpty()
        ? root + "/" + resource + "/" + escaped(meta.name())
        : root
            + "/namespaces/"
            + escaped(meta.namespace())
            + "/"
            + resource
            + "/"
            + escaped(meta.name());
  }

  private static String escaped(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
