package io.vaultkms.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Documents that begin as a good one and then suffer up to three accidents. */
final class RandomDocuments {
  private static final List<String> PIECES =
      List.of(
          "",
          " ",
          "/",
          "//",
          ".",
          "..",
          ":",
          "@",
          "#",
          "?",
          "%",
          "%zz",
          "[",
          "]",
          "[::1]",
          "-",
          "_",
          "~",
          "\n",
          "\0",
          "\t",
          "\\",
          "\"",
          "$",
          "^",
          "ü",
          "漢",
          "🔑",
          "\ud83d",
          "\udd11",
          "a",
          "Z",
          "0",
          "keys",
          "transit/keys/k",
          "https://",
          "http://",
          "vault",
          "sha256:",
          Documents.DIGEST,
          "KMS",
          "Vault",
          "AppRole",
          "identity",
          "root",
          "null",
          "{}",
          "a.b",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

  private final Random random;

  RandomDocuments(long seed) {
    this.random = new Random(seed);
  }

  ObjectNode next() {
    ObjectNode document = Documents.good().json();
    int changes = 1 + random.nextInt(3);
    for (int change = 0; change < changes; change++) {
      spoil(document);
    }
    return document;
  }

  /** One node of the document, at any depth, is taken away, emptied, or gets another text. */
  private void spoil(ObjectNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty()) {
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    JsonNode child = node.get(name);
    if (child instanceof ObjectNode deeper && random.nextInt(4) > 0) {
      spoil(deeper);
      return;
    }
    switch (random.nextInt(8)) {
      case 0 -> node.remove(name);
      case 1 -> node.putNull(name);
      default -> {
        if (child.isTextual()) {
          node.put(name, spoil(child.asText()));
        } else if (child.isObject()) {
          node.putObject(name);
        }
      }
    }
  }

  private String spoil(String text) {
    String piece = PIECES.get(random.nextInt(PIECES.size()));
    int from = random.nextInt(text.length() + 1);
    int to = from + random.nextInt(text.length() - from + 1);
    return switch (random.nextInt(5)) {
      case 0 -> piece;
      case 1 -> text.substring(0, from) + piece + text.substring(to);
      case 2 -> text.substring(0, from) + piece + text.substring(from);
      case 3 -> piece.repeat(random.nextInt(600));
      default -> text.repeat(random.nextInt(30));
    };
  }
}
