package io.vaultkms.model.config;

import java.util.List;

/**
 * A Secret or ConfigMap in {@code openshift-config} that a provider's configuration names.
 *
 * @param field path of the field that holds the name
 * @param dataKeys the data keys the plugin needs, and the only ones that are ever copied
 */
public record Reference(Kind kind, String name, List<String> dataKeys, String field) {
  /** The two kinds of object that can be referenced. */
  public enum Kind {
    SECRET("secret", "Secret"),
    CONFIG_MAP("configmap", "ConfigMap");

    private final String infix;
    private final String kind;

    Kind(String infix, String kind) {
      this.infix = infix;
      this.kind = kind;
    }

    /** As it stands in the data keys of key Secrets: {@code kms-plugin-secret-…}. */
    public String infix() {
      return infix;
    }

    /** The Kubernetes kind. */
    public String kind() {
      return kind;
    }
  }

  public Reference {
    dataKeys = List.copyOf(dataKeys);
  }

  /**
   * The part of a data key that names one value of this reference: {@code secret-<name>_<dataKey>}.
   */
  public String entry(String dataKey) {
    return kind.infix() + "-" + name + "_" + dataKey;
  }
}
