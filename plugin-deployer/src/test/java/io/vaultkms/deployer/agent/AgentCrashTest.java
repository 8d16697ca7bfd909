package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.deployer.agent.HostFiles.Change;
import io.vaultkms.deployer.contract.SampleKey;
import io.vaultkms.lab.plugin.FakeKms;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent of which no life takes more than one step on the host's files or tells more than one
 * report, on the whole way of a node: a key, a second one beside it, and the first one retired.
 */
class AgentCrashTest {
  private static final Set<String> SECRETS = Set.of("secrets");
  private static final Pattern SOCKET = Pattern.compile("kms-(\\d+)\\.sock");
  private static final int MOST_LIVES = 400;

  private final Set<String> prepared = new HashSet<>();
  private final Map<Path, FakeKms> plugins = new HashMap<>();
  private final Map<Path, String> manifests = new HashMap<>();
  private AgentBench bench;
  private int deaths;
  private int lives;

  @BeforeEach
  void start(@TempDir Path root) {
    bench = AgentBench.start(root);
  }

  @AfterEach
  void stop() {
    plugins.values().forEach(FakeKms::close);
    bench.close();
  }

  @Test
  void anAgentThatDiesAfterEachStepGetsThere() throws Exception {
    Bundle both = SampleKey.writing(1).withReadKey(SECRETS, 2, content());

    goTo(1, Bundle.EMPTY.withReadKey(SECRETS, 1, content()));
    goTo(2, SampleKey.writing(1));
    bench.put(SampleKey.preflight("abcdefgh"));
    liveUntil(() -> bench.report().preflight() != null && bench.report().preflight().passed());
    bench.cluster().resource(SampleKey.preflight("")).delete();
    liveUntil(() -> PluginPod.written(bench.paths(), PluginPod.CANDIDATE).isEmpty());
    goTo(3, both);
    goTo(4, both.withWriteKey(SECRETS, 2));
    goTo(5, SampleKey.writing(2));
    liveUntil(() -> PluginPod.written(bench.paths(), PluginPod.SERVING).size() == 1);

    System.out.printf("The agent died after each of %d steps, in %d lives%n", deaths, lives);
    assertThat(deaths).isGreaterThan(40);
    assertThat(bench.files().keySet())
        .containsExactlyInAnyOrder(
            "etc/kubernetes/encryption/encryption-config.json",
            "etc/kubernetes/manifests/vault-kms-plugin-2.json",
            "etc/kubernetes/static-pod-resources/kms-plugins/vault-kms-plugin-2/ca-bundle.crt",
            "etc/kubernetes/static-pod-resources/kms-plugins/vault-kms-plugin-2/secret-id",
            "var/run/kmsplugin/kms-2.sock");
  }

  private void goTo(long revision, Bundle bundle) throws Exception {
    bench.put(SampleKey.bundle(revision, bundle));
    liveUntil(() -> bench.report().convergedRevision() == revision);
  }

  /** Life after life, each of which ends with its first step or with its report. */
  private void liveUntil(Callable<Boolean> there) throws Exception {
    do {
      assertThat(++lives).as("lives").isLessThan(MOST_LIVES);
      try {
        bench.agent(new HostFiles(this::die)).look();
      } catch (Death e) {
        deaths++;
      }
      assertThatTheApiServerCanStart();
      beTheKubelet();
    } while (lives == 1 || !there.call());
  }

  private void die(Change change, Path file) {
    try {
      if (change != Change.PREPARED
          || prepared.add(file + NodeBundle.hash(Files.readAllBytes(file)))) {
        throw new Death();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every plugin that its file names has its manifest and its credentials. */
  private void assertThatTheApiServerCanStart() throws IOException {
    Matcher named = SOCKET.matcher(Files.readString(bench.paths().encryptionConfig()));
    while (named.find()) {
      String pod = PluginPod.SERVING + named.group(1);
      assertThat(bench.paths().manifest(pod)).exists();
      assertThat(bench.paths().pluginFolder(pod).resolve("secret-id")).isNotEmptyFile();
      assertThat(bench.paths().pluginFolder(pod).resolve("ca-bundle.crt")).isNotEmptyFile();
    }
  }

  private void beTheKubelet() throws IOException {
    Files.createDirectories(bench.paths().manifests());
    List<Path> present;
    try (Stream<Path> files = Files.list(bench.paths().manifests())) {
      present = files.filter(file -> !file.getFileName().toString().startsWith(".")).toList();
    }
    for (Path gone : Set.copyOf(manifests.keySet())) {
      if (!present.contains(gone)) {
        manifests.remove(gone);
        plugins.remove(gone).close();
      }
    }
    for (Path file : present) {
      String manifest = Files.readString(file);
      if (!manifest.equals(manifests.put(file, manifest))) {
        FakeKms before = plugins.remove(file);
        if (before != null) {
          before.close();
        }
        Files.createDirectories(bench.paths().sockets());
        plugins.put(file, new FakeKms(socket(manifest)));
      }
    }
  }

  private static Path socket(String manifest) throws IOException {
    String flag = "-listen-address=unix://";
    for (var argument : Json.MAPPER.readTree(manifest).at("/spec/containers/0/args")) {
      if (argument.asText().startsWith(flag)) {
        return Path.of(argument.asText().substring(flag.length()));
      }
    }
    throw new AssertionError("a plugin without a socket");
  }

  private static Bundle.KeyContent content() {
    return SampleKey.writing(1).keys().get(1L);
  }

  /** What kill -9 is to a process. */
  private static final class Death extends Error {
    Death() {
      super("died", null, false, false);
    }
  }
}
