package io.vaultkms.model.decision;

import static io.vaultkms.model.decision.Config.A;
import static io.vaultkms.model.decision.Config.AESCBC;
import static io.vaultkms.model.decision.Config.A_CONTENTS;
import static io.vaultkms.model.decision.Config.A_IMAGE;
import static io.vaultkms.model.decision.Config.B_ADDRESS;
import static io.vaultkms.model.decision.Config.B_KEY_PATH;
import static io.vaultkms.model.decision.Config.PLAIN;
import static io.vaultkms.model.decision.World.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vaultkms.model.forecast.Forecast;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the decision leads when all goes well, each row a sentence. */
class ForecastTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void leads(String sentence, World world, List<String> steps, String end) {
    Forecast forecast = Forecast.of(world.seen());

    assertThat(forecast.steps()).extracting(StepWords::of).containsExactlyElementsOf(steps);
    assertThat(StepWords.of(forecast.end())).isEqualTo(end);
  }

  /** The last word is the end. */
  private static Arguments way(String sentence, World world, String... words) {
    List<String> all = List.of(words);
    return arguments(sentence, world, all.subList(0, all.size() - 1), all.getLast());
  }

  static Stream<Arguments> ways() {
    return Stream.of(
        way("from plaintext to plaintext nothing happens", plain(), "settled: identity -"),
        way(
            "from plaintext to a KMS",
            plain().wants(A),
            "preflight A as key 1",
            "mint key 1 KMS: first-key",
            "roll out READ_KEY 1: 1",
            "roll out WRITE_KEY 1: 1*",
            "migrate configmaps,secrets to key 1: NEW_KEY",
            "settled: KMS 1"),
        way(
            "a local key needs no preflight",
            plain().wants(AESCBC),
            "mint key 1 aescbc: first-key",
            "roll out READ_KEY 1: 1",
            "roll out WRITE_KEY 1: 1*",
            "migrate configmaps,secrets to key 1: NEW_KEY",
            "settled: aescbc 1"),
        way(
            "back to plaintext data is migrated too",
            plain().wants(PLAIN).migrated(1, A).bundle("1*"),
            "mint key 2 identity: mode-changed-from-KMS",
            "roll out READ_KEY 2: 2 1*",
            "roll out WRITE_KEY 2: 2* 1",
            "migrate configmaps,secrets to key 2: NEW_KEY",
            "settled: identity 2"),
        way(
            "another remote key, and the oldest goes",
            plain().wants(B_KEY_PATH).migrated(1, A).migrated(2, B_ADDRESS).bundle("2* 1"),
            "preflight B_KEY_PATH as key 3",
            "mint key 3 KMS: kms-key-changed",
            "roll out READ_KEY 3: 3 2* 1",
            "roll out WRITE_KEY 3: 3* 2 1",
            "migrate configmaps,secrets to key 3: NEW_KEY",
            "roll out RETIRE 3: 3* 2",
            "settled: KMS 3"),
        way(
            "another image goes out in place",
            plain().wants(A_IMAGE).migrated(1, A).bundle("1*"),
            "preflight A_IMAGE as key 1",
            "update key 1 to A_IMAGE",
            "roll out IN_PLACE 1: 1*",
            "settled: KMS 1"),
        way(
            "so do other credentials",
            plain().wants(A_CONTENTS).migrated(1, A).bundle("1*"),
            "preflight A_CONTENTS as key 1",
            "update key 1 to A_CONTENTS",
            "roll out IN_PLACE 1: 1*",
            "settled: KMS 1"),
        way(
            "what has been begun comes first",
            plain().wants(B_ADDRESS).minted(1, A).bundle("1").lagging("node-2"),
            "roll out WRITE_KEY 1: 1*",
            "migrate configmaps,secrets to key 1: NEW_KEY",
            "preflight B_ADDRESS as key 2",
            "mint key 2 KMS: kms-key-changed",
            "roll out READ_KEY 2: 2 1*",
            "roll out WRITE_KEY 2: 2* 1",
            "migrate configmaps,secrets to key 2: NEW_KEY",
            "settled: KMS 2"),
        way(
            "what is rewritten already is not rewritten again",
            plain().wants(A).migratedOnly(1, A, "secrets").bundle("1*"),
            "migrate configmaps to key 1: NEW_KEY",
            "settled: KMS 1"),
        way(
            "a document with mistakes is refused",
            plain().wantsNonsense().migrated(1, A).bundle("1*"),
            "refuse"),
        way(
            "a Secret that is not there blocks",
            plain().wantsWithoutItsSecret(A),
            "blocked: PREFLIGHT_FAILED"),
        way("no node at all blocks", plain().wants(A).withoutNodes(), "blocked: NO_NODES"),
        way(
            "a document that is not there leaves what is encrypted",
            plain().wantsNothingAtAll().migrated(1, A).bundle("1*"),
            "blocked: CONFIGURATION_MISSING"));
  }

  @Test
  void tellsWhatComesFirstFromWhatTheDocumentBegins() {
    Forecast forecast =
        Forecast.of(plain().wants(B_ADDRESS).minted(1, A).bundle("1").lagging("node-2").seen());

    assertThat(StepWords.of(forecast.now())).isEqualTo("await CONVERGENCE: node-2");
    assertThat(forecast.before())
        .extracting(StepWords::of)
        .containsExactly(
            "roll out WRITE_KEY 1: 1*", "migrate configmaps,secrets to key 1: NEW_KEY");
    assertThat(forecast.begin().map(StepWords::of)).contains("preflight B_ADDRESS as key 2");
    assertThat(forecast.steps(Step.RollOut.class)).hasSize(3);
  }
}
