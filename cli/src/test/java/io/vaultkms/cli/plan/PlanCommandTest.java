package io.vaultkms.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vaultkms.cli.CommandRun;
import io.vaultkms.cli.KmsDocument;
import io.vaultkms.model.config.EncryptionSpec;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.model.status.StatusReport.Run;
import io.vaultkms.platform.cluster.ObjectCounts;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on an API server stand-in. */
class PlanCommandTest {
  private static final String WANTED = KmsDocument.YAML;
  private static final String PLAIN =
      WANTED.substring(0, WANTED.indexOf("type: KMS")) + "type: identity\n";

  private PlannedCluster cluster;

  @BeforeEach
  void start(@TempDir Path directory) {
    cluster = new PlannedCluster(directory);
    cluster.credentials("first");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private CommandRun plan(String document, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "plan";
    arguments[1] = "--file";
    arguments[2] = "-";
    System.arraycopy(more, 0, arguments, 3, more.length);
    List<String> before = cluster.versions();
    CommandRun run =
        CommandRun.with(Map.of("KUBECONFIG", cluster.kubeconfig().toString()), document, arguments);
    assertThat(cluster.versions()).as("a plan changes nothing").isEqualTo(before);
    return run;
  }

  private void encrypted() throws IOException {
    cluster.encryptedWith(spec(WANTED));
  }

  private static EncryptionSpec spec(String document) throws IOException {
    JsonNode spec = new YAMLMapper().readTree(document).at("/spec/encryption");
    return Json.MAPPER.convertValue(spec, EncryptionSpec.class);
  }

  @Test
  void switchingOn() {
    cluster.configMaps(3);

    CommandRun run = plan(WANTED);

    System.out.print(run.out());
    assertThat(run.out().lines())
        .as(run.err())
        .containsSubsequence(
            "kube-apiserver: encryption is switched on, and everything is rewritten",
            "  - mode: identity -> KMS",
            "  - vault.vaultKeyPath: (not set) -> transit/keys/my-key",
            "  2. key 1, mode KMS (first-key)",
            "  3. rollout: key 1 becomes a read key",
            "  4. rollout: key 1 becomes the write key",
            "  5. migration to key 1 of configmaps, secrets",
            "  - 2 rollouts; 4 objects are rewritten (3 configmaps, 1 secrets), how long that takes"
                + " is not known, since nothing has been migrated here yet");
    assertThat(run.exit()).isZero();
  }

  @Test
  void switchingOff() throws IOException {
    encrypted();

    CommandRun run = plan(PLAIN);

    assertThat(run.out().lines())
        .as(run.err())
        .containsSubsequence(
            "kube-apiserver: encryption is switched off, and everything is rewritten as plaintext",
            "  1. key 2, mode identity (mode-changed-from-KMS)");
    assertThat(run.exit()).isZero();
  }

  @Test
  void anotherKeyAtTheRateOfTheLastMigration() throws IOException {
    encrypted();
    cluster.configMaps(97);
    Instant now = Instant.parse("2026-11-23T12:00:00Z");
    cluster.told(
        new StatusReport(
            "Settled",
            "KMS",
            1,
            1,
            List.of(1L),
            2,
            "",
            null,
            null,
            List.of(
                new Run("second", 1, "Running", 7, 99, now, null),
                new Run("first", 1, "Done", 500, 500, now.minusSeconds(50), now)),
            List.of()));

    CommandRun run = plan(WANTED.replace("transit/keys/my-key", "transit/keys/other"), "--json");

    JsonNode report = Json.read(run.out(), JsonNode.class);
    JsonNode component = report.at("/components/0");
    assertThat(report.path("possible").asBoolean()).as(run.out()).isTrue();
    assertThat(component.path("kind").asText()).isEqualTo("NEW_KEY");
    assertThat(component.path("newKey").asLong()).isEqualTo(2);
    assertThat(component.at("/changes/0/field").asText()).isEqualTo("vault.vaultKeyPath");
    assertThat(component.at("/changes/0/from").asText()).isEqualTo("transit/keys/my-key");
    assertThat(component.at("/changes/0/to").asText()).isEqualTo("transit/keys/other");
    assertThat(component.path("rollouts").asInt()).isEqualTo(2);
    // 97 of an application, 3 Secrets: credentials, key, bundle.
    assertThat(component.at("/objects/configmaps").asLong()).isEqualTo(97);
    assertThat(component.at("/objects/secrets").asLong()).isEqualTo(3);
    assertThat(component.at("/rate/objectsPerSecond").asDouble()).isEqualTo(10);
    assertThat(component.at("/seconds").asLong()).isEqualTo(10);
    assertThat(run.exit()).isZero();
  }

  @Test
  void inPlace() throws IOException {
    encrypted();

    CommandRun run = plan(WANTED.replace("0".repeat(64), "1".repeat(64)));

    assertThat(run.out().lines())
        .as(run.err())
        .containsSubsequence(
            "kube-apiserver: the same key, reached otherwise; nothing is rewritten",
            "  - vault.kmsPluginImage: registry.example.com/vault-plugin@sha256:%s -> registry.example.com/vault-plugin@sha256:%s"
                .formatted("0".repeat(64), "1".repeat(64)),
            "  3. rollout: what has changed of key 1",
            "  - 1 rollout; no object is rewritten");
    assertThat(run.exit()).isZero();
  }

  @Test
  void otherCredentials() throws IOException {
    encrypted();
    cluster.credentials("second");

    CommandRun run = plan(WANTED);

    assertThat(run.out())
        .startsWith(
            "kube-apiserver: the same key with other credentials or another CA; nothing is"
                + " rewritten")
        .contains("referenced contents: ")
        .doesNotContain("second");
    assertThat(run.exit()).isZero();
  }

  @Test
  void otherCredentialsForAnOlderKeyToo() throws IOException {
    String moved = WANTED.replace("transit/keys/k", "transit/keys/other");
    cluster.encryptedWith(spec(WANTED), spec(moved));
    cluster.credentials("second");

    CommandRun run = plan(moved);

    assertThat(run.out().lines())
        .as(run.err())
        .containsSubsequence(
            "  3. rollout: what has changed of key 2",
            "  6. rollout: what has changed of key 1",
            "  - 2 rollouts; no object is rewritten");
    assertThat(run.exit()).isZero();
  }

  @Test
  void nothing() throws IOException {
    encrypted();

    CommandRun run = plan(WANTED);

    assertThat(run.out()).isEqualTo("kube-apiserver: nothing changes\n");
    assertThat(run.exit()).isZero();
  }

  @Test
  void aNodeThatHasNotConvergedIsInTheWay() throws IOException {
    encrypted();
    cluster.converged("node-2", 1);

    CommandRun run = plan(WANTED.replace("transit/keys/my-key", "transit/keys/other"));

    assertThat(run.out().lines())
        .contains(
            "kube-apiserver: another key, and everything is rewritten; but not now",
            "  ! in the way: the newest revision is waited for: node-2 has not applied revision 2");
    assertThat(run.exit()).isEqualTo(1);
  }

  @Test
  void aSecretThatIsNotThereIsNamed() {
    CommandRun run = plan(WANTED.replace("vault-approle", "vault-other"));

    assertThat(run.out())
        .startsWith("kube-apiserver: the document cannot be used\n")
        .contains(
            "appRole.secret.name 'vault-other' must name a Secret in openshift-config with a value"
                + " under the data key secret-id");
    assertThat(run.exit()).isEqualTo(1);
  }

  @Test
  void aKeyThatIsOnItsWayComesFirst() throws IOException {
    encrypted();
    cluster.forgetMigration();

    CommandRun run = plan(WANTED.replace("transit/keys/my-key", "transit/keys/other"));
    CommandRun same = plan(WANTED);

    assertThat(run.out())
        .contains(
            "! in the way: what was begun before comes first: migration to key 1 of configmaps,"
                + " secrets");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(same.out())
        .startsWith("kube-apiserver: nothing else than what is under way already\n")
        .contains("1. migration to key 1 of configmaps, secrets");
    assertThat(same.exit()).isZero();
  }

  @Test
  void countsResourcesOfAnyGroupThatIsServed() throws Exception {
    SortedSet<String> resources =
        new TreeSet<>(Set.of("encryptionnodes.vaultkms.io", "routes.route.openshift.io"));

    assertThat(new ObjectCounts(cluster.client()).of(resources))
        .isEqualTo(Map.of("encryptionnodes.vaultkms.io", 3L));
  }

  @Test
  void aDocumentWithMistakesNeedsNoCluster() {
    CommandRun run = CommandRun.with(Map.of(), PLAIN + "  encrypton: {}\n", "plan", "-f", "-");
    CommandRun wrong =
        CommandRun.with(
            Map.of(), WANTED.replace("https://", "http://"), "plan", "-f", "-", "--json");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.out()).contains("must have the scheme https");
  }

  @Test
  void severalDocumentsAreWrongUsage() {
    CommandRun run = CommandRun.with(Map.of(), PLAIN + "---\n" + WANTED, "plan", "-f", "-");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("--file '-' holds 2 APIServers, and a plan is for one\n");
  }
}
