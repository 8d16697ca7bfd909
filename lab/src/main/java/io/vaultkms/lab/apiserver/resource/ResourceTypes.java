package io.vaultkms.lab.apiserver.resource;

import static io.vaultkms.lab.apiserver.resource.ResourceType.core;
import static io.vaultkms.lab.apiserver.resource.ResourceType.custom;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The table of what is served. */
public record ResourceTypes(List<ResourceType> all) {
  /** What the pipeline and the lab need; add to it by {@link #with}. */
  public static final ResourceTypes LAB =
      new ResourceTypes(
          List.of(
              core("namespaces", "Namespace", false).withStatus(false),
              core("nodes", "Node", false).withStatus(false).storedIn("minions"),
              core("pods", "Pod", true).withStatus(true),
              core("secrets", "Secret", true),
              core("configmaps", "ConfigMap", true),
              core("events", "Event", true),
              core("serviceaccounts", "ServiceAccount", true),
              core("services", "Service", true).withStatus(false).storedIn("services/specs"),
              core("deployments", "Deployment", true).in("apps").withStatus(true),
              core("leases", "Lease", true).in("coordination.k8s.io"),
              custom("config.openshift.io", "v1", "apiservers", "APIServer", false, true),
              custom("vaultkms.io", "v1alpha1", "encryptionnodes", "EncryptionNode", false, true),
              custom(
                  "vaultkms.io",
                  "v1alpha1",
                  "encryptionstatuses",
                  "EncryptionStatus",
                  false,
                  true)));

  public ResourceTypes {
    all = List.copyOf(all);
  }

  /** This table with one type more. */
  public ResourceTypes with(ResourceType type) {
    List<ResourceType> more = new ArrayList<>(all);
    more.add(type);
    return new ResourceTypes(more);
  }

  public Optional<ResourceType> find(String group, String version, String plural) {
    return all.stream()
        .filter(type -> type.group().equals(group))
        .filter(type -> type.version().equals(version))
        .filter(type -> type.plural().equals(plural))
        .findFirst();
  }

  public List<ResourceType> in(String group, String version) {
    return all.stream()
        .filter(type -> type.group().equals(group) && type.version().equals(version))
        .toList();
  }

  /** The API groups but core, with their one version, as {@code apps/v1}. */
  public List<String> groupVersions() {
    return versions().filter(each -> each.contains("/")).toList();
  }

  private Stream<String> versions() {
    return all.stream().map(ResourceType::apiVersion).distinct();
  }

  /** The resource that a storage key belongs to, as an EncryptionConfiguration names it. */
  public Optional<String> resourceOf(String key) {
    return all.stream()
        .filter(type -> key.startsWith(type.keyPrefix(null)))
        .map(ResourceType::qualified)
        .findFirst();
  }
}
