package io.vaultkms.migrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.migrator.api.Call.PatchKind;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a migration asks of an API server: metadata, and nothing else. Every request names the
 * metadata kinds as all that it accepts, so that an API server which cannot give them refuses.
 * Blocks; for virtual threads. An {@link IOException} means that no answer came or that it could
 * not be read.
 */
public final class MetadataApi {
  static final String ACCEPT_ONE = accept(WholeObject.ONE);
  static final String ACCEPT_MANY = accept(WholeObject.MANY);
  private static final String ACCEPT_JSON = "application/json";
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final int UNSUPPORTED_MEDIA_TYPE = 415;

  private final ApiClient client;

  /** What is not patched strategically: custom resources, and whatever else refuses it. */
  private final Set<ResourcePaths> plain = ConcurrentHashMap.newKeySet();

  public MetadataApi(ApiClient client) {
    this.client = client;
  }

  private static String accept(String kind) {
    return "application/vnd.kubernetes.protobuf;as=%1$s;v=v1;g=meta.k8s.io,application/json;as=%1$s;v=v1;g=meta.k8s.io"
        .formatted(kind);
  }

  /** Turns a body into what was asked for. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(byte[] body) throws IOException;
  }

  /** One page; an empty token begins at the beginning. */
  public Reply<MetaPage> list(ResourcePaths paths, int limit, String continueToken)
      throws IOException, InterruptedException {
    Answer answer = client.send(Call.read("list", paths.list(limit, continueToken), ACCEPT_MANY));
    return reply(answer, answer.protobuf() ? MetadataProtobuf::page : MetadataJson::page);
  }

  /** One object. */
  public Reply<Meta> get(ResourcePaths paths, Meta meta) throws IOException, InterruptedException {
    return one(client.send(Call.read("get", paths.object(meta), ACCEPT_ONE)));
  }

  /**
   * Writes an object as it is, if it is still the same object at the same resource version. The
   * answer's resource version is another one if the stored data was stale, and the same if not.
   *
   * <p>The cheapest write that the API server knows: a strategic merge patch, for which it does not
   * write and parse the object as JSON, and in which it does not look for unknown fields.
   */
  public Reply<Meta> rewrite(ResourcePaths paths, Meta meta)
      throws IOException, InterruptedException {
    String uri = paths.object(meta) + "?fieldValidation=Ignore";
    String json =
        "{\"metadata\":{\"uid\":\""
            + meta.uid()
            + "\",\"resourceVersion\":\""
            + meta.resourceVersion()
            + "\"}}";
    if (!plain.contains(paths)) {
      Answer answer = client.send(Call.patch(uri, ACCEPT_ONE, PatchKind.STRATEGIC, json));
      if (answer.code() != UNSUPPORTED_MEDIA_TYPE) {
        return one(answer);
      }
      plain.add(paths);
    }
    return one(client.send(Call.patch(uri, ACCEPT_ONE, PatchKind.MERGE, json)));
  }

  /** Adds annotations to an object that is still at that resource version. */
  public Reply<Meta> annotate(ResourcePaths paths, Meta meta, Map<String, String> annotations)
      throws IOException, InterruptedException {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("resourceVersion", meta.resourceVersion());
    metadata.put("annotations", annotations);
    String json = Json.write(Map.of("metadata", metadata));
    return one(client.send(Call.patch(paths.object(meta), ACCEPT_ONE, PatchKind.MERGE, json)));
  }

  /** An object with its annotations, read as JSON. */
  public Reply<Annotated> annotated(ResourcePaths paths, Meta meta)
      throws IOException, InterruptedException {
    String accept = "application/json;as=%s;v=v1;g=meta.k8s.io".formatted(WholeObject.ONE);
    Answer answer = client.send(Call.read("get", paths.object(meta), accept));
    return reply(answer, MetadataApi::annotated);
  }

  /** An object and what its annotations say. */
  public record Annotated(Meta meta, Map<String, String> annotations) {
    public Annotated {
      annotations = Map.copyOf(annotations);
    }
  }

  /**
   * Where a resource is served; a name of a group that nobody serves is a bad reply of code 404.
   */
  public Reply<ResourcePaths> find(String name) throws IOException, InterruptedException {
    String group = ResourcePaths.groupOf(name);
    String resource = ResourcePaths.resourceOf(name);
    if (group.isEmpty()) {
      return new Reply.Good<>(new ResourcePaths("/api/v1", resource));
    }
    Answer answer = client.send(Call.read("discovery", "/apis/" + group, ACCEPT_JSON));
    return reply(
        answer,
        body -> {
          JsonNode version = Json.MAPPER.readTree(body).path("preferredVersion").path("version");
          if (version.asText().isEmpty()) {
            throw new IOException("group " + group + " has no preferred version");
          }
          return new ResourcePaths("/apis/" + group + "/" + version.asText(), resource);
        });
  }

  private static Reply<Meta> one(Answer answer) throws IOException {
    return reply(answer, answer.protobuf() ? MetadataProtobuf::object : MetadataJson::object);
  }

  private static Annotated annotated(byte[] body) throws IOException {
    Meta meta = MetadataJson.object(body);
    Map<String, String> annotations = new LinkedHashMap<>();
    Json.MAPPER
        .readTree(body)
        .path("metadata")
        .path("annotations")
        .forEachEntry((key, value) -> annotations.put(key, value.asText()));
    return new Annotated(meta, annotations);
  }

  private static <T> Reply<T> reply(Answer answer, Reader<T> reader) throws IOException {
    return answer.good()
        ? new Reply.Good<>(reader.read(answer.body()))
        : new Reply.Bad<>(failure(answer));
  }

  private static Failure failure(Answer answer) {
    StatusBody status = status(answer);
    Optional<Duration> asked =
        seconds(answer.retryAfter())
            .or(() -> Optional.of(status.retryAfterSeconds()).filter(seconds -> seconds > 0))
            .map(Duration::ofSeconds)
            .map(pause -> pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    return new Failure(answer.code(), status.message(), status.continueToken(), asked);
  }

  private static Optional<Long> seconds(String header) {
    return header.matches("\\d{1,6}") ? Optional.of(Long.parseLong(header)) : Optional.empty();
  }

  /** Only a Status has words meant for people; any other body of a failure is passed over. */
  private static StatusBody status(Answer answer) {
    try {
      if (answer.protobuf()) {
        return MetadataProtobuf.status(answer.body());
      }
      return answer.json() ? MetadataJson.status(answer.body()) : StatusBody.NONE;
    } catch (IOException e) {
      return StatusBody.NONE;
    }
  }
}
