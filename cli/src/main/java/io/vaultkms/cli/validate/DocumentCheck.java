package io.vaultkms.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.model.config.ConfigRules;
import io.vaultkms.model.config.EncryptionSpec;
import io.vaultkms.model.config.Violation;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that is wrong with one {@code APIServer} document: what an API server would refuse for
 * its shape, and every rule of the configuration.
 */
public final class DocumentCheck {
  private static final String API_VERSION =
      Contract.API_SERVERS.getGroup() + "/" + Contract.API_SERVERS.getVersion();
  private static final String ENCRYPTION = "spec.encryption";

  private DocumentCheck() {}

  /** All of it at once; empty when nothing is. */
  public static List<Violation> violations(JsonNode document) {
    List<Violation> violations = new ArrayList<>();
    must(document, "apiVersion", API_VERSION, violations);
    must(document, "metadata.name", Contract.API_SERVER_NAME, violations);
    JsonNode spec = document.path("spec");
    if (isSet(spec) && !spec.isObject()) {
      violations.add(new Violation("spec", "", "must be an object"));
    } else {
      encryption(spec.path("encryption"), violations);
    }
    return violations;
  }

  private static void must(
      JsonNode document, String path, String value, List<Violation> violations) {
    JsonNode node = document.at("/" + path.replace('.', '/'));
    if (!node.isTextual() || !node.asText().equals(value)) {
      violations.add(new Violation(path, node.asText(), "must be " + value));
    }
  }

  /** What has the wrong shape is named as such, and judged by no other rule. */
  private static void encryption(JsonNode encryption, List<Violation> violations) {
    if (isSet(encryption) && !encryption.isObject()) {
      violations.add(new Violation(ENCRYPTION, "", "must be an object"));
      return;
    }
    ObjectNode wellShaped =
        isSet(encryption) ? encryption.deepCopy() : JsonNodeFactory.instance.objectNode();
    List<Violation> shape = new RecordShape(ENCRYPTION, EncryptionSpec.class).prune(wellShaped);
    violations.addAll(shape);
    Set<String> named = new HashSet<>();
    shape.forEach(violation -> named.add(violation.field()));
    ConfigRules.check(Json.MAPPER.convertValue(wellShaped, EncryptionSpec.class)).stream()
        .filter(violation -> !named.contains(violation.field()))
        .forEach(violations::add);
  }

  private static boolean isSet(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }
}
