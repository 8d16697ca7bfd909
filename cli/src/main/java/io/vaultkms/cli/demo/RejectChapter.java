package io.vaultkms.cli.demo;

import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.lab.world.WantedDocument;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.PreflightFailed;
import io.vaultkms.model.event.RolloutStarted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Four broken documents, each caught where it can be known first: by the API server's rules, by
 * config-watcher when it looks at what is referred to, and by the nodes when they try it.
 */
final class RejectChapter implements Chapter {
  private static final int UNPROCESSABLE = 422;

  @Override
  public String name() {
    return "reject";
  }

  @Override
  public String title() {
    return "four broken configurations, each named for what is wrong, and nothing changed";
  }

  @Override
  public void play(Scene scene) throws InterruptedException {
    WantedDocument good = scene.world().applied();
    Map<String, byte[]> before = files(scene.world());
    int mark = scene.follower().mark();
    refusedByTheApi(scene, "an image by its tag", good.withImage("registry.lab.example/kms:1.0"));
    refusedByTheApi(
        scene,
        "an address without TLS",
        good.withAddress(good.address().replace("https://", "http://")));
    scene.screen().line("asking for a Secret that is not there");
    scene.world().apply(good.withSecret("no-such-secret"));
    scene.await(mark, ConfigRejected.class, _ -> true, "the missing Secret is rejected");
    scene.screen().line("asking for a key that Vault does not have");
    scene.world().apply(good.withKeyPath(World.KEY_MOUNT + "/keys/no-such-key"));
    scene.await(mark, PreflightFailed.class, RejectChapter::isOfANode, "preflight has failed");
    int restored = scene.follower().mark();
    scene.screen().line("asking for what was there before");
    scene.world().apply(good);
    scene.await(restored, ConfigChanged.class, _ -> true, "the good configuration is accepted");
    nothingChanged(scene, mark, before);
  }

  private static boolean isOfANode(PreflightFailed failed) {
    return !failed.node().isEmpty();
  }

  private static void refusedByTheApi(Scene scene, String what, WantedDocument document) {
    scene.screen().line("asking for %s", what);
    try {
      scene.world().apply(document);
    } catch (KubernetesClientException e) {
      if (e.getCode() != UNPROCESSABLE) {
        throw e;
      }
      reasons(e).forEach(reason -> scene.screen().line("  refused by the API server: %s", reason));
      return;
    }
    throw new DemoFailure("the API server took a document that asks for " + what);
  }

  private static List<String> reasons(KubernetesClientException refusal) {
    List<StatusCause> causes =
        refusal.getStatus() == null || refusal.getStatus().getDetails() == null
            ? List.of()
            : refusal.getStatus().getDetails().getCauses();
    return causes.isEmpty()
        ? List.of(refusal.getMessage())
        : causes.stream()
            .map(cause -> cause.getField() + ": " + cause.getMessage())
            .collect(Collectors.toList());
  }

  private static void nothingChanged(Scene scene, int mark, Map<String, byte[]> before) {
    boolean moved =
        scene.follower().count(mark, KeyCreated.class) > 0
            || scene.follower().count(mark, RolloutStarted.class) > 0;
    files(scene.world())
        .forEach(
            (node, bytes) -> {
              if (moved || !Arrays.equals(bytes, before.get(node))) {
                throw new DemoFailure("a broken configuration changed something on " + node);
              }
            });
    scene.screen().line("no key was made, no revision went out, no file of an API server changed");
  }

  private static Map<String, byte[]> files(World world) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String node : world.controlPlane().nodes()) {
      Path file = world.controlPlane().encryptionConfig(node);
      try {
        files.put(node, Files.readAllBytes(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }
}
