package io.vaultkms.model.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * Documents of {@code spec.encryption} with what {@link ConfigRules} say of them, for others that
 * have to judge the same.
 *
 * @param encryption the document, as JSON in ASCII
 * @param violations empty when it is accepted
 */
public record JudgedDocuments(String title, String encryption, List<Violation> violations) {

  /** Each rule at its boundary: the table that the rules themselves are held to. */
  public static List<JudgedDocuments> table() {
    return ConfigRulesTest.table()
        .map(row -> judged((String) row.get()[0], ((Documents) row.get()[1]).json()))
        .toList();
  }

  /** The same documents for the same seed. */
  public static Stream<JudgedDocuments> random(long seed, int count) {
    RandomDocuments documents = new RandomDocuments(seed);
    return Stream.generate(documents::next)
        .limit(count)
        .map(document -> judged("seed " + seed, document));
  }

  private static JudgedDocuments judged(String title, ObjectNode document) {
    return new JudgedDocuments(
        title,
        Documents.ascii(document),
        ConfigRules.check(Documents.of(document.toString()).spec()));
  }

  /** What a parameterized test is called after. */
  @Override
  public String toString() {
    return title;
  }
}
