package io.vaultkms.lab.apiserver.resource;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A kind of object that the API servers serve.
 *
 * @param group the API group, empty for core
 * @param status whether status is a subresource, which the main resource leaves alone
 * @param generation whether metadata.generation counts the changes of what is wanted
 * @param custom whether it is a custom resource, which must be updated with a resourceVersion
 * @param storage the folder of its keys under {@code /registry/}
 */
public record ResourceType(
    String group,
    String version,
    String plural,
    String kind,
    boolean namespaced,
    boolean status,
    boolean generation,
    boolean custom,
    String storage) {

  /** A core resource. */
  static ResourceType core(String plural, String kind, boolean namespaced) {
    return new ResourceType("", "v1", plural, kind, namespaced, false, false, false, plural);
  }

  /** A custom resource, with generation as every one has. */
  public static ResourceType custom(
      String group,
      String version,
      String plural,
      String kind,
      boolean namespaced,
      boolean status) {
    return new ResourceType(
        group, version, plural, kind, namespaced, status, true, true, group + "/" + plural);
  }

  ResourceType withStatus(boolean counted) {
    return new ResourceType(
        group, version, plural, kind, namespaced, true, counted, custom, storage);
  }

  ResourceType in(String group) {
    return new ResourceType(
        group, version, plural, kind, namespaced, status, generation, custom, storage);
  }

  ResourceType storedIn(String folder) {
    return new ResourceType(
        group, version, plural, kind, namespaced, status, generation, custom, folder);
  }

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  public String singular() {
    return kind.toLowerCase(Locale.ROOT);
  }

  /** The name of the resource in an EncryptionConfiguration and in messages. */
  public String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  String keyPrefix(@Nullable String namespace) {
    String all = "/registry/" + storage + "/";
    return namespace == null ? all : all + namespace + "/";
  }

  String key(@Nullable String namespace, String name) {
    return keyPrefix(namespaced ? namespace : null) + name;
  }
}
