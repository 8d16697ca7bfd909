package io.vaultkms.model.decision;

import static io.vaultkms.model.decision.Config.A;
import static io.vaultkms.model.decision.Config.AESCBC;
import static io.vaultkms.model.decision.Config.AESGCM;
import static io.vaultkms.model.decision.Config.A_CONTENTS;
import static io.vaultkms.model.decision.Config.A_IMAGE;
import static io.vaultkms.model.decision.Config.B_ADDRESS;
import static io.vaultkms.model.decision.Config.B_KEY_PATH;
import static io.vaultkms.model.decision.Config.B_NAMESPACE;
import static io.vaultkms.model.decision.Config.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every road from one mode to another, walked to its end: each step is carried out as soon as it is
 * decided on, and what comes next is asked again.
 */
class RoadsTest {
  private static final String ON =
      """
      preflight A as key 1
      mint key 1 KMS: first-key
      roll out READ_KEY 1: 1
      roll out WRITE_KEY 1: 1*
      migrate configmaps,secrets to key 1: NEW_KEY
      settled: KMS 1
      """;

  @ParameterizedTest(name = "{0}")
  @MethodSource({"betweenModes", "inPlace", "aroundNodes", "lost"})
  void leads(String road, Walk walk, String steps) {
    assertThat(walk.steps()).containsExactlyElementsOf(steps.lines().toList());
  }

  static Stream<Arguments> betweenModes() {
    return Stream.of(
        arguments("identity to KMS", Walk.from(PLAIN).to(A), "settled: identity -\n" + ON),
        moved("KMS to KMS at another address", B_ADDRESS),
        moved("KMS to KMS in another namespace", B_NAMESPACE),
        moved("KMS to KMS under another key path", B_KEY_PATH),
        arguments(
            "KMS to identity to the same KMS",
            Walk.from(A).to(PLAIN).to(A),
            ON
                + """
                mint key 2 identity: mode-changed-from-KMS
                roll out READ_KEY 2: 2 1*
                roll out WRITE_KEY 2: 2* 1
                migrate configmaps,secrets to key 2: NEW_KEY
                settled: identity 2
                preflight A as key 3
                mint key 3 KMS: mode-changed-from-identity
                roll out READ_KEY 3: 3 2* 1
                roll out WRITE_KEY 3: 3* 2 1
                migrate configmaps,secrets to key 3: NEW_KEY
                roll out RETIRE 3: 3* 2
                settled: KMS 3
                """),
        arguments(
            "aescbc to KMS to aesgcm",
            Walk.from(AESCBC).to(A).to(AESGCM),
            """
            mint key 1 aescbc: first-key
            roll out READ_KEY 1: 1
            roll out WRITE_KEY 1: 1*
            migrate configmaps,secrets to key 1: NEW_KEY
            settled: aescbc 1
            preflight A as key 2
            mint key 2 KMS: mode-changed-from-aescbc
            roll out READ_KEY 2: 2 1*
            roll out WRITE_KEY 2: 2* 1
            migrate configmaps,secrets to key 2: NEW_KEY
            settled: KMS 2
            mint key 3 aesgcm: mode-changed-from-KMS
            roll out READ_KEY 3: 3 2* 1
            roll out WRITE_KEY 3: 3* 2 1
            migrate configmaps,secrets to key 3: NEW_KEY
            roll out RETIRE 3: 3* 2
            settled: aesgcm 3
            """),
        arguments(
            "a change of mind while the read key is on its way: it finishes first",
            Walk.from(A).until("roll out READ_KEY 1: 1").to(PLAIN),
            ON.replace("settled: KMS 1\n", "")
                + """
                mint key 2 identity: mode-changed-from-KMS
                roll out READ_KEY 2: 2 1*
                roll out WRITE_KEY 2: 2* 1
                migrate configmaps,secrets to key 2: NEW_KEY
                settled: identity 2
                """),
        arguments(
            "a change of mind while the read key stalls: it is withdrawn, and its number with it",
            Walk.from(A)
                .until("roll out READ_KEY 1: 1")
                .stalls("blocked: ROLLOUT_STALLED")
                .to(B_ADDRESS),
            """
            preflight A as key 1
            mint key 1 KMS: first-key
            roll out READ_KEY 1: 1
            blocked: ROLLOUT_STALLED
            withdraw key 1
            roll out WITHDRAW 1:\s
            preflight B_ADDRESS as key 2
            mint key 2 KMS: first-key
            roll out READ_KEY 2: 2
            roll out WRITE_KEY 2: 2*
            migrate configmaps,secrets to key 2: NEW_KEY
            settled: KMS 2
            """));
  }

  private static Arguments moved(String road, Config other) {
    return arguments(
        road,
        Walk.from(A).to(other),
        ON
            + """
            preflight %s as key 2
            mint key 2 KMS: kms-key-changed
            roll out READ_KEY 2: 2 1*
            roll out WRITE_KEY 2: 2* 1
            migrate configmaps,secrets to key 2: NEW_KEY
            settled: KMS 2
            """
                .formatted(other));
  }

  static Stream<Arguments> inPlace() {
    return Stream.of(mended("another image", A_IMAGE), mended("other credentials", A_CONTENTS));
  }

  private static Arguments mended(String road, Config other) {
    return arguments(
        road,
        Walk.from(A).to(other),
        ON
            + """
            preflight %1$s as key 1
            update key 1 to %1$s
            roll out IN_PLACE 1: 1*
            settled: KMS 1
            """
                .formatted(other));
  }

  static Stream<Arguments> aroundNodes() {
    return Stream.of(
        arguments(
            "a node added while the read key is on its way",
            Walk.from(A).until("roll out READ_KEY 1: 1").nodeAdded("await CONVERGENCE: node-4"),
            ON.replace("roll out WRITE_KEY 1", "await CONVERGENCE: node-4\nroll out WRITE_KEY 1")),
        arguments(
            "a node gone while the read key is on its way",
            Walk.from(A).until("roll out READ_KEY 1: 1").nodeGone("await CONVERGENCE: node-3"),
            ON.replace("roll out WRITE_KEY 1", "await CONVERGENCE: node-3\nroll out WRITE_KEY 1")));
  }

  static Stream<Arguments> lost() {
    return Stream.of(
        arguments(
            "the key Secret deleted by hand: restored, and migrated to once more",
            Walk.from(A).keyDeleted(1),
            ON
                + """
                restore KEY 1
                migrate configmaps,secrets to key 1: NEW_KEY
                settled: KMS 1
                """),
        arguments(
            "the bundle deleted by hand: restored as it was",
            Walk.from(A).bundleDeleted(),
            ON
                + """
                restore BUNDLE 2
                settled: KMS 1
                """),
        arguments(
            "both deleted by hand: the bundle first, and the key from it",
            Walk.from(A).bundleAndKeyDeleted(1),
            ON
                + """
                restore BUNDLE 2
                restore KEY 1
                migrate configmaps,secrets to key 1: NEW_KEY
                settled: KMS 1
                """));
  }
}
