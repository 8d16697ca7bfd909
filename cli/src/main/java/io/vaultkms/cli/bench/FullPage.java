package io.vaultkms.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One page of whole objects, cut into its objects without being understood any further: a client
 * that only writes back what it has read need not.
 */
record FullPage(List<Item> items, String continueToken) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] BEGINNING =
      "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",".getBytes(StandardCharsets.UTF_8);

  /** An object, and the whole of it to be written back. */
  record Item(String namespace, String name, byte[] body) {}

  static FullPage read(byte[] text) throws IOException {
    List<Item> items = new ArrayList<>();
    String token = "";
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "metadata" -> token = field(parser, "continue");
          case "items" -> items(parser, text, items);
          default -> parser.skipChildren();
        }
      }
    }
    return new FullPage(items, token);
  }

  private static void items(JsonParser parser, byte[] text, List<Item> items) throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
      String[] name = {"", ""};
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean metadata = parser.currentName().equals("metadata");
        parser.nextToken();
        if (metadata) {
          name(parser, name);
        } else {
          parser.skipChildren();
        }
      }
      int to = (int) parser.currentTokenLocation().getByteOffset() + 1;
      byte[] body = Arrays.copyOf(BEGINNING, BEGINNING.length + to - from);
      System.arraycopy(text, from, body, BEGINNING.length, to - from);
      items.add(new Item(name[0], name[1], body));
    }
  }

  private static void name(JsonParser parser, String[] name) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "namespace" -> name[0] = parser.getText();
        case "name" -> name[1] = parser.getText();
        default -> parser.skipChildren();
      }
    }
  }

  private static String field(JsonParser parser, String wanted) throws IOException {
    String found = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean it = parser.currentName().equals(wanted);
      parser.nextToken();
      if (it) {
        found = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }
}
