package io.vaultkms.model.checker;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.decision.Preflights;
import io.vaultkms.model.decision.Salvage;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.key.EncryptionKey.Mark;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the decision under test what comes next in a scene. The same sight is asked about once: a
 * decision knows nothing but what is seen.
 */
final class Oracle {
  static final List<String> RESOURCES = List.copyOf(Component.KUBE_APISERVER.resources());
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(1));
  private static final long REVISION = 7;

  private final Bundles bundles;
  private final Function<Observation, Step> decision;

  /** By what does not fit into the 64 bits of a sight. */
  private final Map<Integer, Map<Long, Plan>> answers = new HashMap<>();

  private final Map<Plan, Integer> numbers = new HashMap<>();
  private final List<Plan> plans = new ArrayList<>();

  Oracle(Bundles bundles, Function<Observation, Step> decision) {
    this.bundles = bundles;
    this.decision = decision;
    number(new Plan(new Step.Settled(Mode.IDENTITY, OptionalLong.empty()), Wish.PLAIN, 0));
  }

  /**
   * A step, with what was seen when it was decided on.
   *
   * @param wish the configuration that was wanted
   * @param refused what nodes had refused, as {@link Scene#packRefused} has it; for a preflight
   */
  record Plan(Step step, Wish wish, int refused) {}

  Plan next(Scene scene) {
    Map<Long, Plan> answers =
        this.answers.computeIfAbsent(
            (scene.refused << 3 | scene.highest) << 3
                | (scene.newCredentials ? 4 : 0)
                | (scene.bundleDeleted ? 2 : 0)
                | (scene.stalled ? 1 : 0),
            unknown -> new HashMap<>());
    long sight = sight(scene);
    Plan answer = answers.get(sight);
    if (answer == null) {
      Observation seen = observe(scene);
      Step step = decision.apply(seen);
      answer = new Plan(step, scene.wanted, step instanceof Step.Preflight ? refused(seen) : 0);
      answers.put(sight, answer);
    }
    return answer;
  }

  private static int refused(Observation seen) {
    SortedMap<Long, Wish> wishes = new TreeMap<>();
    Preflights.refused(seen).forEach((key, hash) -> wishes.put(key, Wish.ofHash(hash)));
    return Scene.packRefused(wishes);
  }

  /** Plans by number, for scenes to hold; never 0. */
  int number(Plan plan) {
    return numbers.computeIfAbsent(
        plan,
        unknown -> {
          plans.add(unknown);
          if (plans.size() > Scene.MOST_PLANS) {
            throw new IllegalStateException("more plans than a scene can number");
          }
          return plans.size() - 1;
        });
  }

  Plan plan(int number) {
    return plans.get(number);
  }

  int questions() {
    return answers.values().stream().mapToInt(Map::size).sum();
  }

  /** Everything of a scene that is seen, in 64 bits. */
  private static long sight(Scene scene) {
    long sight = scene.wanted.ordinal();
    for (Scene.Key key : scene.keys) {
      sight <<= 6;
      if (key != null && key.present()) {
        int migrated = key.restored() ? Scene.RESTORED : key.migrated();
        sight |= (key.wish().ordinal() + 1L) << 3 | (key.withdrawn() ? 4 : 0) | migrated;
      }
    }
    sight = (sight << 12 | scene.bundle) << 6 | scene.requestKey << 3 | scene.requestWish.ordinal();
    for (Node node : scene.nodes) {
      int joined = !node.joined ? 0 : node.reported ? 2 : 1;
      int remote = scene.rotated ? (node.plugins ? node.remote.ordinal() : 3) : 0;
      sight = sight << 6 | joined << 4 | node.verdict.ordinal() << 2 | remote;
    }
    return sight << 1 | (scene.rotated ? 1 : 0);
  }

  private Observation observe(Scene scene) {
    SortedSet<String> expected = new TreeSet<>();
    SortedMap<String, NodeReport> reports = new TreeMap<>();
    for (int i = 0; i < Scene.NODES; i++) {
      if (scene.nodes[i].joined) {
        expected.add(name(i));
        reports.put(name(i), report(scene, scene.nodes[i]));
      }
    }
    Optional<PreflightRequest> request =
        scene.requestKey == 0
            ? Optional.empty()
            : Optional.of(
                new PreflightRequest(
                    "request",
                    scene.requestKey,
                    scene.requestWish.hash(),
                    Optional.empty(),
                    refused(scene)));
    Bundle bundle = bundles.of(scene.bundle).bundle();
    return new Observation(
        Component.KUBE_APISERVER,
        scene.wanted.wanted(),
        keys(scene),
        bundle.equals(Bundle.EMPTY) || scene.bundleDeleted
            ? Optional.empty()
            : Optional.of(
                new Bundle.Revisioned(
                    REVISION, bundle, Optional.of(scene.stalled ? LONG_AGO : NOW), scene.highest)),
        expected,
        reports,
        request,
        NOW,
        Observation.Limits.DEFAULT,
        new TreeMap<>(),
        salvage(scene),
        renewed(scene));
  }

  private SortedMap<Long, String> renewed(Scene scene) {
    SortedMap<Long, String> renewed = new TreeMap<>();
    for (int id : bundles.of(scene.bundle).wishes().keySet()) {
      scene
          .key(id)
          .map(key -> key.wish().with(scene.newCredentials))
          .filter(wish -> wish.mode() == Mode.KMS)
          .ifPresent(wish -> renewed.put((long) id, wish.hash()));
    }
    return renewed;
  }

  private static SortedMap<Long, String> refused(Scene scene) {
    SortedMap<Long, String> refused = new TreeMap<>();
    for (int id = 1; id <= Scene.MOST_KEYS; id++) {
      long number = id;
      scene.refused(id).ifPresent(wish -> refused.put(number, wish.hash()));
    }
    return refused;
  }

  /** Every copy is there, and every bundle holds its keys. */
  private Salvage salvage(Scene scene) {
    SortedSet<Long> lost = new TreeSet<>();
    if (!scene.bundleDeleted) {
      bundles.of(scene.bundle).wishes().keySet().stream()
          .filter(id -> scene.key(id).isEmpty())
          .forEach(id -> lost.add((long) id));
    }
    OptionalLong copy = scene.bundleDeleted ? OptionalLong.of(REVISION) : OptionalLong.empty();
    return new Salvage(false, copy, false, lost);
  }

  static String name(int node) {
    return "node-" + (node + 1);
  }

  private static List<EncryptionKey> keys(Scene scene) {
    List<EncryptionKey> keys = new ArrayList<>();
    for (int id = 1; id <= Scene.MOST_KEYS; id++) {
      int number = id;
      scene.key(id).ifPresent(key -> keys.add(key(number, key)));
    }
    return keys;
  }

  private static EncryptionKey key(int id, Scene.Key key) {
    boolean all = key.migrated() == Scene.RESOURCES;
    boolean remote = all && key.wish().mode() == Mode.KMS;
    return new EncryptionKey(
        id,
        key.wish().mode(),
        key.wish().kms(),
        Optional.of(key.wish().hash()),
        "",
        new EncryptionKey.Migrated(
            new TreeSet<>(RESOURCES.subList(0, key.migrated())),
            all ? Optional.of(NOW) : Optional.empty(),
            remote ? Optional.of("v0") : Optional.empty()),
        marks(key));
  }

  private static Set<Mark> marks(Scene.Key key) {
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    if (key.withdrawn()) {
      marks.add(Mark.WITHDRAWN);
    }
    if (key.restored()) {
      marks.add(Mark.RESTORED);
    }
    return marks;
  }

  private NodeReport report(Scene scene, Node node) {
    List<PluginReport> plugins =
        bundles.of(scene.bundle).wishes().keySet().stream()
            .map(key -> plugin(scene, node, key))
            .toList();
    return new NodeReport(
        "kube-apiserver",
        reportedRevision(scene, node),
        reportedRevision(scene, node),
        LONG_AGO,
        null,
        true,
        plugins,
        verdict(node),
        NOW,
        "");
  }

  /** Before any node has reported the first bundle, no node has reported any. */
  private long reportedRevision(Scene scene, Node node) {
    boolean first = bundles.of(scene.bundle).writeKey() == 0;
    boolean nothing = first || node.used == Node.NOT_STARTED;
    return scene.bundle == 0 ? 0 : node.reported ? REVISION : nothing ? 0 : REVISION - 1;
  }

  private static PluginReport plugin(Scene scene, Node node, long key) {
    if (scene.rotated && !node.plugins) {
      return new PluginReport(key, PluginHealth.ERROR, null, null, NOW, "no answer");
    }
    boolean old = !scene.rotated || node.remote == Node.Remote.OLD;
    Instant since = node.remote == Node.Remote.NEW ? NOW : LONG_AGO;
    return new PluginReport(key, PluginHealth.HEALTHY, old ? "v0" : "v1", since, NOW, "");
  }

  private static @Nullable PreflightReport verdict(Node node) {
    return switch (node.verdict) {
      case NONE -> null;
      case FAILED -> verdict(false);
      case PASSED -> verdict(true);
    };
  }

  private static PreflightReport verdict(boolean passed) {
    return new PreflightReport(
        "request", "", passed, passed ? "" : "Status", "", null, 0, 0, 0, NOW);
  }
}
