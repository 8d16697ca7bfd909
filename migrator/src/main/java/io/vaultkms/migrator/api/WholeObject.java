package io.vaultkms.migrator.api;

import java.io.IOException;

/**
 * An API server answered with something else than metadata. Its contents must not be read any
 * further: they may be secret.
 */
public final class WholeObject extends IOException {
  private static final long serialVersionUID = 1;

  static final String ONE = "PartialObjectMetadata";
  static final String MANY = "PartialObjectMetadataList";

  private WholeObject(String message) {
    super(message);
  }

  static void refuseUnless(String kind, String wanted) throws WholeObject {
    if (!kind.equals(wanted)) {
      throw new WholeObject(
          "the API server answered with kind '%s' where %s was asked for"
              .formatted(kind.length() > 63 ? "?" : kind, wanted));
    }
  }
}
