package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;

/** Reading and writing objects. Messages never quote the document, which may hold a secret. */
public final class Json {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final ObjectMapper YAML = YAMLMapper.builder().build();

  private Json() {}

  public static JsonNode read(byte[] bytes) {
    return read(JSON, bytes);
  }

  public static ObjectNode readObject(byte[] bytes) {
    return object(read(JSON, bytes));
  }

  /** Reads YAML, and JSON as well, which is quicker to read as what it is. */
  public static ObjectNode readYaml(byte[] bytes) {
    if (bytes.length > 0 && bytes[0] == '{') {
      try {
        return readObject(bytes);
      } catch (ApiException e) {
        // It may be YAML that looks like JSON.
      }
    }
    return object(read(YAML, bytes));
  }

  private static JsonNode read(ObjectMapper mapper, byte[] bytes) {
    try {
      return mapper.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest(
          "the body cannot be read: syntax error at line "
              + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()));
    } catch (IOException e) {
      throw ApiException.badRequest("the body cannot be read");
    }
  }

  private static ObjectNode object(JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest("the body is not an object");
  }

  public static byte[] write(JsonNode tree) {
    try {
      return JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }
}
