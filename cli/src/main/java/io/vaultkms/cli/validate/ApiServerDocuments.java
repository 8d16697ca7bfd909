package io.vaultkms.cli.validate;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the {@code APIServer} objects in a text of YAML or JSON documents, lists among them. */
final class ApiServerDocuments {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private ApiServerDocuments() {}

  /** The text is neither YAML nor JSON; the message says why and where. */
  static final class Unreadable extends Exception {
    Unreadable(String message) {
      super(message);
    }
  }

  static List<JsonNode> in(String text) throws Unreadable {
    boolean json = text.stripLeading().startsWith("{");
    List<JsonNode> found = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        (json ? JSON : YAML).readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNextValue()) {
        collect(documents.nextValue(), found);
      }
    } catch (JacksonException e) {
      throw new Unreadable(
          "%s%s"
              .formatted(
                  e.getOriginalMessage(),
                  e.getLocation() == null ? "" : ", in line " + e.getLocation().getLineNr()));
    } catch (IOException e) {
      throw new Unreadable(e.getMessage());
    }
    return found;
  }

  private static void collect(JsonNode document, List<JsonNode> found) {
    String kind = document.path("kind").asText();
    if (kind.equals("APIServer")) {
      found.add(document);
    } else if (kind.endsWith("List")) {
      document.path("items").forEach(item -> collect(item, found));
    }
  }
}
