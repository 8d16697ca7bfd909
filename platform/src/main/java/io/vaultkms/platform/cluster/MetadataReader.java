package io.vaultkms.platform.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads Secrets' metadata and nothing else of them: their contents never enter the process. Blocks.
 */
public final class MetadataReader {
  private static final String ONE = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
  private static final String MANY =
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

  private final KubernetesClient client;
  private final Duration timeout;

  public MetadataReader(KubernetesClient client) {
    this.client = client;
    this.timeout = Duration.ofMillis(client.getConfiguration().getRequestTimeout());
  }

  /** The metadata of one Secret; empty when there is none of that name. */
  public Optional<ObjectMeta> secret(String namespace, String name)
      throws IOException, InterruptedException {
    return get("/api/v1/namespaces/%s/secrets/%s".formatted(namespace, name), ONE)
        .map(object -> meta(object.path("metadata")));
  }

  /** The metadata of all Secrets that a selector finds; an empty one finds all. */
  public List<ObjectMeta> secrets(String namespace, String labelSelector)
      throws IOException, InterruptedException {
    String path =
        "/api/v1/namespaces/%s/secrets?labelSelector=%s"
            .formatted(namespace, URLEncoder.encode(labelSelector, StandardCharsets.UTF_8));
    List<ObjectMeta> found = new ArrayList<>();
    get(path, MANY)
        .ifPresent(list -> list.path("items").forEach(o -> found.add(meta(o.path("metadata")))));
    return found;
  }

  /** How many objects there are behind a path, as the API server says without reading them. */
  Optional<Long> count(String path) throws IOException, InterruptedException {
    return get(path + "?limit=1", MANY)
        .map(list -> list.path("items").size() + list.at("/metadata/remainingItemCount").asLong(0));
  }

  /** A document of discovery. */
  Optional<JsonNode> discovery(String path) throws IOException, InterruptedException {
    return get(path, "application/json");
  }

  private Optional<JsonNode> get(String path, String accept)
      throws IOException, InterruptedException {
    URI uri =
        client.getMasterUrl().toString().endsWith("/")
            ? URI.create(client.getMasterUrl() + path.substring(1))
            : URI.create(client.getMasterUrl() + path);
    HttpResponse<String> response;
    try {
      response =
          client
              .getHttpClient()
              .sendAsync(
                  client
                      .getHttpClient()
                      .newHttpRequestBuilder()
                      .uri(uri)
                      .header("Accept", accept)
                      .build(),
                  String.class)
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("GET %s failed: %s".formatted(uri, cause.getMessage()), cause);
    }
    if (response.code() == 404) {
      return Optional.empty();
    }
    if (!response.isSuccessful()) {
      throw new IOException("GET %s was answered with %d".formatted(uri, response.code()));
    }
    return Optional.of(Json.MAPPER.readTree(response.body()));
  }

  private static ObjectMeta meta(JsonNode node) {
    Map<String, String> annotations = new HashMap<>();
    node.path("annotations").forEachEntry((key, value) -> annotations.put(key, value.asText()));
    Map<String, String> labels = new HashMap<>();
    node.path("labels").forEachEntry((key, value) -> labels.put(key, value.asText()));
    return new ObjectMetaBuilder()
        .withLabels(labels)
        .withName(node.path("name").asText())
        .withNamespace(node.path("namespace").asText())
        .withUid(node.path("uid").asText())
        .withResourceVersion(node.path("resourceVersion").asText())
        .withCreationTimestamp(node.path("creationTimestamp").asText(null))
        .withAnnotations(annotations)
        .build();
  }
}
