package io.vaultkms.lab.kubeapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.lab.cluster.ClusterHttp.Answer;
import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.ControlPlaneContract;
import io.vaultkms.model.config.JudgedDocuments;
import io.vaultkms.model.config.Violation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real API server with the CRD accepts and refuses the same configurations as the rules in Java,
 * and says the same sentence; {@code -Dseed=…} repeats a run.
 */
@ExtendWith(RealBackend.class)
class KubeConfigurationIT extends ControlPlaneContract {
  private static final String PATH = "/apis/config.openshift.io/v1/apiservers";
  private static final int RANDOM_DOCUMENTS = 3_000;

  /** What a schema says before any rule is looked at; it stands for more than one sentence. */
  private static final Set<String> OF_THE_SCHEMA =
      Set.of(
          "FieldValueRequired",
          "FieldValueTooLong",
          "FieldValueTooShort",
          "FieldValueTypeInvalid",
          "FieldValueNotSupported");

  @Override
  protected ControlPlane startCluster(Path directory) {
    return RealBackend.shared();
  }

  @Override
  protected void stopCluster(ControlPlane started) {
    // The next test class goes on with it.
  }

  @BeforeEach
  void forgetTheConfiguration() {
    http.delete(PATH + "/cluster", null);
  }

  static List<JudgedDocuments> table() {
    return JudgedDocuments.table();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void judgesAsTheRulesDo(JudgedDocuments document) {
    Answer answer = ask(document);

    assertThat(answer.code())
        .as("%s: %s", document.violations(), answer.text())
        .isEqualTo(document.violations().isEmpty() ? 201 : 422);
    List<JsonNode> causes = causes(answer);
    if (causes.stream().noneMatch(KubeConfigurationIT::isOfTheSchema)) {
      assertThat(sentences(causes))
          .as(answer.text())
          .containsExactlyInAnyOrderElementsOf(
              document.violations().stream()
                  .map(violation -> violation.field() + " " + violation.rule())
                  .toList());
    } else {
      assertThat(fields(document)).as(answer.text()).containsAll(fields(causes));
    }
  }

  @Test
  void judgesAnyDocumentAsTheRulesDo() {
    long seed = Long.getLong("seed", System.nanoTime());
    List<String> differences = new ArrayList<>();
    int accepted = 0;
    for (JudgedDocuments document : JudgedDocuments.random(seed, RANDOM_DOCUMENTS).toList()) {
      Answer answer = ask(document);
      boolean accepts = answer.code() == 201;
      accepted += accepts ? 1 : 0;
      if (accepts != document.violations().isEmpty()) {
        differences.add(
            "%s%n  rules: %s%n  %d %s"
                .formatted(
                    document.encryption(),
                    document.violations(),
                    answer.code(),
                    answer.json().path("message").asText()));
      }
    }
    System.out.printf(
        "configuration on %s: %d random documents, %d accepted, -Dseed=%d%n",
        cluster.backend(), RANDOM_DOCUMENTS, accepted, seed);

    assertThat(differences).as("-Dseed=%d", seed).isEmpty();
    assertThat(accepted).isBetween(1, RANDOM_DOCUMENTS - 1);
  }

  @Test
  void refusesAnotherNameThanCluster() {
    Answer refused =
        http.post(
            PATH + "?dryRun=All",
            "{\"apiVersion\":\"config.openshift.io/v1\",\"kind\":\"APIServer\","
                + "\"metadata\":{\"name\":\"other\"},\"spec\":{}}");

    assertThat(refused.code()).as(refused.text()).isEqualTo(422);
    assertThat(refused.text()).contains("must have the name cluster");
  }

  private Answer ask(JudgedDocuments document) {
    return http.post(
        PATH + "?dryRun=All",
        ("{\"apiVersion\":\"config.openshift.io/v1\",\"kind\":\"APIServer\","
                + "\"metadata\":{\"name\":\"cluster\"},\"spec\":{\"encryption\":%s}}")
            .formatted(document.encryption()));
  }

  private static List<JsonNode> causes(Answer answer) {
    return StreamSupport.stream(answer.json().at("/details/causes").spliterator(), false)
        // Says only that there may be more, once the schema is kept.
        .filter(cause -> !cause.path("message").asText().contains("were not checked"))
        .toList();
  }

  private static boolean isOfTheSchema(JsonNode cause) {
    return OF_THE_SCHEMA.contains(cause.path("reason").asText())
        || cause.path("message").asText().contains("should be at least");
  }

  /** Field and rule, without the value that stands between them. */
  private static List<String> sentences(List<JsonNode> causes) {
    return causes.stream()
        .map(
            cause -> {
              String message = cause.path("message").asText();
              int rule = message.lastIndexOf(": must ");
              return cause.path("field").asText()
                  + " "
                  + (rule < 0 ? message : message.substring(rule + 2));
            })
        .toList();
  }

  private static Set<String> fields(List<JsonNode> causes) {
    return causes.stream()
        .map(cause -> cause.path("field").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The fields that are named, and those they are in: what is missing is missing somewhere. */
  private static Set<String> fields(JudgedDocuments document) {
    Set<String> fields = new TreeSet<>();
    for (Violation violation : document.violations()) {
      String field = violation.field();
      fields.add(field);
      while (field.contains(".")) {
        field = field.substring(0, field.lastIndexOf('.'));
        fields.add(field);
      }
    }
    return fields;
  }
}
