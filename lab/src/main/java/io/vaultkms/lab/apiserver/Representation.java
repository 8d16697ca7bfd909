package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.resource.ApiException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How objects are answered: whole, or their metadata alone. */
enum Representation {
  WHOLE,
  METADATA;

  /**
   * Picks the first of the accepted types that can be had, as clients send several to fall back on.
   *
   * @param list whether a list is to be answered, which has a kind of its own
   */
  static Representation negotiate(@Nullable String accept, boolean list) {
    if (accept == null || accept.isBlank()) {
      return WHOLE;
    }
    for (String each : accept.split(",")) {
      String[] parts = each.strip().split(";");
      String type = parts[0].strip();
      if (!type.equals("application/json")
          && !type.equals("application/*")
          && !type.equals("*/*")) {
        continue;
      }
      Representation found = of(parameters(parts), list);
      if (found != null) {
        return found;
      }
    }
    throw new ApiException(
        406,
        "NotAcceptable",
        "only the following media types are accepted: application/json, also as"
            + " PartialObjectMetadata and PartialObjectMetadataList of meta.k8s.io/v1");
  }

  private static Map<String, String> parameters(String[] parts) {
    return Arrays.stream(parts)
        .skip(1)
        .map(part -> part.strip().split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> first));
  }

  private static @Nullable Representation of(Map<String, String> parameters, boolean list) {
    String as = parameters.get("as");
    if (as == null) {
      return WHOLE;
    }
    String kind = list ? "PartialObjectMetadataList" : "PartialObjectMetadata";
    boolean meta = "meta.k8s.io".equals(parameters.get("g")) && "v1".equals(parameters.get("v"));
    return meta && as.equals(kind) ? METADATA : null;
  }
}
