package io.vaultkms.lab.kubeapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What {@code deploy/} puts into a cluster before any pod: namespaces, custom resources and RBAC.
 * The build copies these files beside this class, so that the lab tries the very permissions that a
 * cluster is given, wherever it runs from.
 */
final class DeployFiles {
  private static final List<String> NAMESPACES =
      List.of("base/namespaces.yaml", "overlays/kubernetes/contract-namespaces.yaml");
  private static final int ESTABLISH_LIMIT_SECONDS = 60;
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("lab")
          .withForce(true)
          .build();

  private DeployFiles() {}

  /** Applies what there is for OpenShift's own components; their namespaces have to be there. */
  static void componentsTo(KubernetesClient client) {
    for (HasMetadata object : read(client, "overlays/openshift/components.yaml")) {
      client.resource(object).patch(APPLY);
    }
  }

  /** Applies all of them and returns when the custom resources are served. */
  static void applyTo(KubernetesClient client) {
    List<String> files = new ArrayList<>(NAMESPACES);
    files.addAll(resources("crds"));
    files.addAll(resources("rbac"));
    List<CustomResourceDefinition> definitions = new ArrayList<>();
    for (String file : files) {
      for (HasMetadata object : read(client, file)) {
        HasMetadata applied = client.resource(object).patch(APPLY);
        if (applied instanceof CustomResourceDefinition definition) {
          definitions.add(definition);
        }
      }
    }
    definitions.forEach(definition -> awaitServed(client, definition));
  }

  /** The files that a kustomization names, as kustomize finds them. */
  private static List<String> resources(String folder) {
    try (InputStream stream = open(folder + "/kustomization.yaml")) {
      List<String> files = new ArrayList<>();
      for (JsonNode file : new YAMLMapper().readTree(stream).path("resources")) {
        files.add(folder + "/" + file.asText());
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<HasMetadata> read(KubernetesClient client, String file) {
    try (InputStream stream = open(file)) {
      return client.load(stream).items();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String file) {
    InputStream stream = DeployFiles.class.getResourceAsStream("deploy/" + file);
    if (stream == null) {
      throw new IllegalStateException("deploy/" + file + " was not there when this was built");
    }
    return stream;
  }

  private static void awaitServed(KubernetesClient client, CustomResourceDefinition definition) {
    client
        .resource(definition)
        .waitUntilCondition(
            seen ->
                seen != null
                    && seen.getStatus() != null
                    && seen.getStatus().getConditions().stream()
                        .anyMatch(
                            condition ->
                                condition.getType().equals("Established")
                                    && condition.getStatus().equals("True")),
            ESTABLISH_LIMIT_SECONDS,
            TimeUnit.SECONDS);
  }
}
