package io.vaultkms.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a document says, the rules have an answer; {@code -Dseed=…} repeats a run. */
class ConfigRulesFuzzTest {
  private static final int DOCUMENTS = 20_000;
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final RandomDocuments documents = new RandomDocuments(seed);

  @Test
  void noDocumentMakesTheRulesThrow() {
    System.out.printf("configuration rules: fuzzed with -Dseed=%d%n", seed);
    int accepted = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      ObjectNode document = documents.next();
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
}
