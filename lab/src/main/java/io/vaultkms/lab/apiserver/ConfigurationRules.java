package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.lab.apiserver.resource.Admission;
import io.vaultkms.lab.apiserver.resource.ApiException.FieldError;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.model.config.ConfigRules;
import io.vaultkms.model.config.EncryptionSpec;
import io.vaultkms.model.config.Violation;
import io.vaultkms.platform.json.Json;
import java.util.List;

/** Refuses an invalid {@code APIServer} object as the schema of its CRD does. */
public final class ConfigurationRules implements Admission {
  @Override
  public List<FieldError> violations(ResourceType type, JsonNode object) {
    JsonNode encryption = object.at("/spec/encryption");
    if (!type.kind().equals("APIServer") || !encryption.isObject()) {
      return List.of();
    }
    try {
      EncryptionSpec spec = Json.MAPPER.treeToValue(encryption, EncryptionSpec.class);
      return ConfigRules.check(spec).stream().map(ConfigurationRules::error).toList();
    } catch (JsonProcessingException e) {
      return List.of(FieldError.invalid("spec.encryption", "", "must have the form of the API"));
    }
  }

  private static FieldError error(Violation violation) {
    return violation.value().isEmpty()
        ? FieldError.required(violation.field(), violation.rule())
        : FieldError.invalid(violation.field(), violation.value(), violation.rule());
  }
}
