package io.vaultkms.migrator.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads metadata out of JSON as it streams by; the rest is skipped and never kept. */
final class MetadataJson {
  private static final JsonFactory JSON = new JsonFactory();

  private MetadataJson() {}

  @FunctionalInterface
  private interface Field {
    void read(String name, JsonParser parser) throws IOException;
  }

  private static final class Draft {
    String kind = "";
    String namespace = "";
    String name = "";
    String uid = "";
    String resourceVersion = "";
    String continueToken = "";
    long remaining;
    String message = "";
    long retryAfterSeconds;
    final List<Meta> items = new ArrayList<>();

    Meta object() {
      return new Meta(namespace, name, uid, resourceVersion);
    }
  }

  static Meta object(byte[] body) throws IOException {
    Draft draft = document(body);
    WholeObject.refuseUnless(draft.kind, WholeObject.ONE);
    return draft.object();
  }

  static MetaPage page(byte[] body) throws IOException {
    Draft draft = document(body);
    WholeObject.refuseUnless(draft.kind, WholeObject.MANY);
    return new MetaPage(draft.items, draft.resourceVersion, draft.continueToken, draft.remaining);
  }

  static StatusBody status(byte[] body) throws IOException {
    Draft draft = document(body);
    return new StatusBody(draft.message, draft.continueToken, draft.retryAfterSeconds);
  }

  private static Draft document(byte[] body) throws IOException {
    Draft draft = new Draft();
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      fields(parser, (name, value) -> topLevel(draft, name, value));
    }
    return draft;
  }

  private static void topLevel(Draft draft, String name, JsonParser parser) throws IOException {
    switch (name) {
      case "kind" -> draft.kind = parser.getValueAsString("");
      case "message" -> draft.message = parser.getValueAsString("");
      case "metadata" -> fields(parser, (field, value) -> metadata(draft, field, value));
      case "details" ->
          fields(
              parser,
              (field, value) -> {
                if (field.equals("retryAfterSeconds")) {
                  draft.retryAfterSeconds = value.getValueAsLong();
                } else {
                  value.skipChildren();
                }
              });
      case "items" -> items(draft, parser);
      default -> parser.skipChildren();
    }
  }

  private static void items(Draft draft, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return;
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      Draft item = new Draft();
      fields(
          parser,
          (name, value) -> {
            if (name.equals("metadata")) {
              fields(value, (field, inner) -> metadata(item, field, inner));
            } else {
              value.skipChildren();
            }
          });
      draft.items.add(item.object());
    }
  }

  private static void metadata(Draft draft, String name, JsonParser parser) throws IOException {
    switch (name) {
      case "namespace" -> draft.namespace = parser.getValueAsString("");
      case "name" -> draft.name = parser.getValueAsString("");
      case "uid" -> draft.uid = parser.getValueAsString("");
      case "resourceVersion" -> draft.resourceVersion = parser.getValueAsString("");
      case "continue" -> draft.continueToken = parser.getValueAsString("");
      case "remainingItemCount" -> draft.remaining = parser.getValueAsLong();
      default -> parser.skipChildren();
    }
  }

  /** Hands over each field of the object that the parser stands at the beginning of. */
  private static void fields(JsonParser parser, Field field) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      field.read(name, parser);
    }
  }
}
