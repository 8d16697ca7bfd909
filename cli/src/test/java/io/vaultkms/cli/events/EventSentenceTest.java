package io.vaultkms.cli.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.EventTypes;
import io.vaultkms.model.event.FieldChange;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.KeyRetired;
import io.vaultkms.model.event.KeyUpdated;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.NodePreflight;
import io.vaultkms.model.event.PluginDegraded;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.model.event.PluginRecovered;
import io.vaultkms.model.event.PreflightFailed;
import io.vaultkms.model.event.PreflightSucceeded;
import io.vaultkms.model.event.RemoteKeyRotated;
import io.vaultkms.model.event.ReplayFinished;
import io.vaultkms.model.event.ReplayRequested;
import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.model.event.RolloutStarted;
import io.vaultkms.model.event.SecretRestored;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventSentenceTest {
  private static final Instant T = Instant.parse("2026-11-23T12:00:00Z");
  private static final String C = "prod";
  private static final String K = "kube-apiserver";

  static Stream<Arguments> rows() {
    return Stream.of(
        row(
            new ConfigChanged(C, K, T, 2, "h", ConfigChange.ENABLE, "KMS", Map.of(), List.of()),
            "Encryption of mode KMS is wanted (generation 2)."),
        row(
            new ConfigChanged(
                C,
                K,
                T,
                3,
                "h",
                ConfigChange.NEW_KEY,
                "KMS",
                Map.of(),
                List.of(new FieldChange("vault.vaultKeyPath", "a", "b"))),
            "Another key of mode KMS is wanted (generation 3; changed: vault.vaultKeyPath)."),
        row(
            new ConfigRejected(
                C,
                K,
                T,
                4,
                "h",
                List.of(
                    new Violation("spec.encryption.kms", "", "must be set when type is KMS"),
                    new Violation("x", "", "must go"))),
            "The configuration is refused (generation 4): spec.encryption.kms must be set when type"
                + " is KMS; and 1 more."),
        row(
            new PreflightSucceeded(
                C,
                K,
                T,
                "AbCd",
                "r",
                List.of(
                    new NodePreflight("n1", "v1", 1, 2, 3), new NodePreflight("n2", "", 1, 2, 3))),
            "Configuration AbCd works on n1, n2: status, encrypt and decrypt."),
        row(
            new PreflightFailed(C, K, T, "AbCd", "r", "n1", "Encrypt", "Vault says 403."),
            "Configuration AbCd does not work on n1: Encrypt, Vault says 403."),
        row(
            new PreflightFailed(C, K, T, "", "r", "", "References", "the Secret is not there"),
            "Configuration does not work: References, the Secret is not there."),
        row(
            new KeyCreated(C, K, T, 1, "KMS", "first key", "AbCd"),
            "Key 1 of mode KMS is minted: first key."),
        row(
            new KeyUpdated(C, K, T, 1, "EfGh"),
            "Key 1 has configuration EfGh now, and stays the same key."),
        row(
            new KeyRetired(C, K, T, 1, KeyRetired.RETIRED),
            "Key 1 is retired: no API server has it, and nothing is stored under it. Its plugin and"
                + " its key in Vault may be decommissioned when no backup from its time is"
                + " needed."),
        row(
            new KeyRetired(C, K, T, 2, KeyRetired.WITHDRAWN),
            "Key 2 is withdrawn: it never wrote anything. Its plugin and its key in Vault may be"
                + " decommissioned."),
        row(
            new KeyRetired(C, K, T, 1, KeyRetired.PRUNED),
            "Key 1 is pruned: its Secret goes, and only backups from its time may still be under"
                + " it."),
        row(
            new SecretRestored(C, K, T, "encryption-key-1", "encryption-config"),
            "Secret encryption-key-1 was gone, and is made anew from encryption-config."),
        row(
            new RolloutStarted(C, K, T, 9, Purpose.WITHDRAW, 2, List.of("n1")),
            "Revision 9 goes out to n1: key 2 goes, which is not wanted any more."),
        row(
            new RolloutStarted(C, K, T, 7, Purpose.READ_KEY, 2, List.of("n1", "n2")),
            "Revision 7 goes out to n1, n2: key 2 becomes readable."),
        row(
            new RolloutStarted(C, K, T, 8, Purpose.WRITE_KEY, 2, List.of()),
            "Revision 8 goes out to nodes that have it already: key 2 begins to write."),
        row(
            new PluginReady(C, K, T, "n1", 2, 7, "v2"),
            "The plugin of key 2 answers on n1 with remote key v2."),
        row(
            new RevisionConverged(C, K, T, 7, Purpose.READ_KEY, 2, List.of("n1", "n2"), 4.25),
            "Revision 7 is in use on n1, n2 after 4.3 s."),
        row(
            new PluginDegraded(C, K, T, "n1", 2, "UNAVAILABLE", "no socket"),
            "The plugin of key 2 fails on n1: UNAVAILABLE, no socket."),
        row(new PluginRecovered(C, K, T, "n1", 2), "The plugin of key 2 answers again on n1."),
        row(
            new RemoteKeyRotated(C, K, T, 2, "v1", "v2"),
            "The key in Vault behind key 2 has a new version: v2, after v1."),
        row(
            new MigrationStarted(C, K, T, 2, "run", List.of("configmaps", "secrets")),
            "Rewriting configmaps, secrets with key 2 begins."),
        row(
            new MigrationProgressed(C, K, T, 2, "run", "secrets", 1500, 2000, 312.4),
            "secrets: 1,500 of 2,000 (75 %), 312 a second."),
        row(
            new MigrationProgressed(C, K, T, 2, "run", "secrets", 0, 0, 0),
            "secrets: 0 of 0, 0 a second."),
        row(
            new MigrationDone(
                C,
                K,
                T,
                2,
                "run",
                List.of(
                    new ResourceCounts("secrets", 2000, 1999, 1, 0, 0, 0, 4.5),
                    new ResourceCounts("configmaps", 500, 500, 0, 0, 0, 0, 1.0))),
            "Everything is stored under key 2: 2,499 rewritten, 1 stored so already, in 5.5 s."),
        row(
            new MigrationFailed(C, K, T, 2, "run", "secrets", "forbidden", List.of("a/b")),
            "Rewriting secrets with key 2 cannot go on: forbidden (1 object)."),
        row(
            new EncryptionSettled(C, K, T, "KMS", 2, "AbCd", 9, "v2", T),
            "Settled: everything is encrypted with key 2 of mode KMS, revision 9."),
        row(
            new EncryptionSettled(C, K, T, "identity", 3, "AbCd", 9, "", T),
            "Settled: nothing is encrypted, as wanted."),
        row(
            new ReplayRequested(C, "", T, "id", "migrator", 3, Long.MAX_VALUE),
            "migrator is to handle everything from offset 3 on of its partition again."),
        row(
            new ReplayFinished(C, "", T, "id", "migrator", 1, 0),
            "migrator has handled 1 event again, and could not handle 0."));
  }

  private static Arguments row(Event event, String sentence) {
    return Arguments.of(event, sentence);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyEventIsASentence(Event event, String sentence) {
    assertThat(EventSentence.of(event)).isEqualTo(sentence);
  }

  @Test
  void theRowsHaveEveryType() {
    Set<Object> types = new HashSet<>();
    rows().forEach(row -> types.add(row.get()[0].getClass()));
    assertThat(types).containsExactlyInAnyOrderElementsOf(EventTypes.all().values());
  }
}
