package io.vaultkms.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a document says, the rules have an answer; {@code -Dseed=…} repeats a run. */
class ConfigRulesFuzzTest {
  private static final int DOCUMENTS = 20_000;
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

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void noDocumentMakesTheRulesThrow() {
    System.out.printf("configuration rules: fuzzed with -Dseed=%d%n", seed);
    int accepted = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      ObjectNode document = Documents.good().json();
      int changes = 1 + random.nextInt(3);
      for (int change = 0; change < changes; change++) {
        spoil(document);
      }
      accepted += judge(Documents.of(document.toString()).spec(), document) ? 1 : 0;
    }
    assertThat(accepted).as("documents accepted, seed %d", seed).isBetween(1, DOCUMENTS - 1);
  }

  private boolean judge(EncryptionSpec spec, ObjectNode document) {
    List<Violation> violations = new ArrayList<>();
    assertThatCode(() -> violations.addAll(ConfigRules.check(spec)))
        .as("seed %d: %s", seed, document)
        .doesNotThrowAnyException();
    for (Violation violation : violations) {
      assertThat(violation.field()).startsWith("spec.encryption");
      assertThat(violation.rule()).startsWith("must ");
    }
    if (violations.isEmpty() && spec.kms() != null) {
      usable(spec.kms().provider(), document);
    }
    return violations.isEmpty();
  }

  /** What has passed the rules can be worked with. */
  private void usable(KmsProvider provider, ObjectNode document) {
    assertThatCode(
            () -> {
              provider.image();
              provider.keyIdentity();
              ReferencedData.NONE.missing(provider.references());
              Handshake.of(provider, ReferencedData.NONE);
            })
        .as("seed %d: %s", seed, document)
        .doesNotThrowAnyException();
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
