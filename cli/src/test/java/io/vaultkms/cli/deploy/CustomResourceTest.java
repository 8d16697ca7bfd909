package io.vaultkms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.vaultkms.model.config.EncryptionSpec;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The custom resources say exactly what the records say. A field that only one of them knows is not
 * a detail: a server-side apply with an unknown field is refused as a whole.
 */
class CustomResourceTest {
  private static final String NODES = "deploy/crds/vaultkms.io_encryptionnodes.yaml";
  private static final String STATUSES = "deploy/crds/vaultkms.io_encryptionstatuses.yaml";
  private static final String API_SERVERS = "deploy/crds/config.openshift.io_apiservers.yaml";

  static Stream<Arguments> resources() {
    return Stream.of(
        Arguments.of(NODES, Contract.ENCRYPTION_NODES),
        Arguments.of(STATUSES, Contract.ENCRYPTION_STATUSES),
        Arguments.of(API_SERVERS, Contract.API_SERVERS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("resources")
  void isWhereThePipelineLooksForIt(String file, ResourceDefinitionContext context) {
    JsonNode spec = Repository.document(file).path("spec");

    assertThat(spec.path("group").asText()).isEqualTo(context.getGroup());
    assertThat(spec.path("versions").path(0).path("name").asText()).isEqualTo(context.getVersion());
    assertThat(spec.path("names").path("plural").asText()).isEqualTo(context.getPlural());
    assertThat(spec.path("names").path("kind").asText()).isEqualTo(context.getKind());
    assertThat(spec.path("scope").asText()).isEqualTo("Cluster");
    assertThat(spec.path("versions").path(0).path("subresources").has("status")).isTrue();
  }

  @Test
  void nodesReportExactlyWhatTheRecordHas() {
    assertThat(declared(schema(NODES).at("/properties/status")))
        .isEqualTo(written(NodeReport.class));
  }

  @Test
  void theStatusTellsExactlyWhatTheRecordHas() {
    assertThat(declared(schema(STATUSES).at("/properties/status")))
        .isEqualTo(written(StatusReport.class));
  }

  @Test
  void theConfigurationHasExactlyWhatTheRecordHas() {
    Map<String, String> declared =
        declared(schema(API_SERVERS).at("/properties/spec/properties/encryption"));
    declared.replaceAll((path, type) -> type.startsWith("one of") ? "string" : type);

    assertThat(declared).isEqualTo(written(EncryptionSpec.class));
  }

  @Test
  void anEmptyReportHasAllThatIsRequired() {
    NodeReport report =
        new NodeReport(
            "kube-apiserver", 0, 0, null, null, false, List.of(), null, Instant.EPOCH, "");
    StatusReport status =
        new StatusReport("", "", 0, 0, List.of(), 0, "", null, null, List.of(), List.of());

    assertThat(Json.MAPPER.valueToTree(report).properties())
        .extracting(Map.Entry::getKey)
        .containsAll(texts(schema(NODES).at("/properties/status/required")));
    assertThat(Json.MAPPER.valueToTree(status).properties())
        .extracting(Map.Entry::getKey)
        .containsAll(texts(schema(STATUSES).at("/properties/status/required")));
  }

  private static JsonNode schema(String file) {
    return Repository.document(file).at("/spec/versions/0/schema/openAPIV3Schema");
  }

  /** Every leaf of a schema by its path. */
  private static Map<String, String> declared(JsonNode schema) {
    Map<String, String> leaves = new TreeMap<>();
    declared("", schema, leaves);
    return leaves;
  }

  private static void declared(String path, JsonNode schema, Map<String, String> leaves) {
    String type = schema.path("type").asText();
    switch (type) {
      case "object" -> {
        assertThat(schema.has("x-kubernetes-preserve-unknown-fields")).isFalse();
        schema
            .path("properties")
            .forEachEntry((name, property) -> declared(path + "." + name, property, leaves));
      }
      case "array" -> declared(path + "[]", schema.path("items"), leaves);
      case "string" -> {
        String format = schema.path("format").asText();
        List<String> values = texts(schema.path("enum"));
        leaves.put(
            path, !format.isEmpty() ? format : values.isEmpty() ? "string" : "one of " + values);
      }
      default -> leaves.put(path, type);
    }
  }

  /** Every leaf of a record, as Jackson writes it. */
  private static Map<String, String> written(Class<?> record) {
    Map<String, String> leaves = new TreeMap<>();
    written("", Json.MAPPER.constructType(record), leaves);
    // Plain strings in the records, whose few values the schemas name.
    leaves.computeIfPresent(".mode", (path, type) -> "one of [identity, aescbc, aesgcm, KMS]");
    leaves.computeIfPresent(
        ".conditions[].status", (path, type) -> "one of [True, False, Unknown]");
    leaves.computeIfPresent(
        ".preflight.step", (path, type) -> "one of [Start, Status, Encrypt, Decrypt]");
    return leaves;
  }

  private static void written(String path, JavaType type, Map<String, String> leaves) {
    Class<?> raw = type.getRawClass();
    if (type.isCollectionLikeType()) {
      written(path + "[]", type.getContentType(), leaves);
    } else if (raw.isEnum()) {
      List<String> values =
          Arrays.stream(raw.getEnumConstants())
              .map(value -> Json.MAPPER.valueToTree(value).asText())
              .toList();
      leaves.put(path, "one of " + values);
    } else if (raw.isRecord()) {
      for (BeanPropertyDefinition property :
          Json.MAPPER.getDeserializationConfig().introspect(type).findProperties()) {
        written(path + "." + property.getName(), property.getPrimaryType(), leaves);
      }
    } else {
      leaves.put(path, scalar(raw));
    }
  }

  private static String scalar(Class<?> type) {
    if (type == long.class || type == int.class || type == Long.class) {
      return "integer";
    }
    if (type == boolean.class) {
      return "boolean";
    }
    return type == Instant.class ? "date-time" : "string";
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
