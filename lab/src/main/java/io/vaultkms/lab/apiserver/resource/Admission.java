package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.lab.apiserver.resource.ApiException.FieldError;
import java.util.List;

/** The rules of a kind beyond its form, as the schema of a CRD has them. Called from any thread. */
@FunctionalInterface
public interface Admission {
  /** No rules. */
  Admission NONE = (type, object) -> List.of();

  /** Every rule that an object breaks which is about to be written. */
  List<FieldError> violations(ResourceType type, JsonNode object);
}
