package io.vaultkms.cli.demo;

import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is stored, by the store's own word, and what an admin reads of it. */
final class Proof {
  private static final String PLAINTEXT = "identity";

  private final World world;
  private final Seed seed;
  private final Screen screen;

  Proof(World world, Seed seed, Screen screen) {
    this.world = world;
    this.seed = seed;
    this.screen = screen;
  }

  /** How many objects are stored under which prefix, of the resources that are to be encrypted. */
  Map<String, Long> census() {
    Map<String, Map<String, Long>> stored = world.controlPlane().census();
    Map<String, Long> flat = new TreeMap<>();
    for (String resource : Component.KUBE_APISERVER.resources()) {
      stored
          .getOrDefault(resource, Map.of())
          .forEach((prefix, count) -> flat.merge(prefix, count, Long::sum));
    }
    return flat;
  }

  /** Says what is stored now. */
  void tell() {
    screen.line("stored now: %s", words(census()));
  }

  /** Every stored value has the prefix of a key's providers, which are named after the key. */
  void everythingIsUnder(long key) {
    Map<String, Long> stored = census();
    long others = total(stored) - under(stored, key);
    if (others > 0) {
      throw new DemoFailure(
          "%d of %d objects are not under key %d: %s"
              .formatted(others, total(stored), key, words(stored)));
    }
  }

  void everythingIsPlain() {
    Map<String, Long> stored = census();
    if (!stored.keySet().equals(Set.of(PLAINTEXT))) {
      throw new DemoFailure("not everything is in plaintext: " + words(stored));
    }
  }

  /** Every object that was written in the beginning is read and compared. */
  void everythingReadsBackEqual() {
    String different = seed.differences();
    if (!different.isEmpty()) {
      throw new DemoFailure(different);
    }
  }

  /** The resource version of every object of the beginning: any write would change it. */
  Map<String, String> versions() {
    return seed.versions();
  }

  void nothingWasWrittenSince(Map<String, String> before) {
    Map<String, String> now = versions();
    long written =
        before.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(now.get(entry.getKey())))
            .count();
    if (written > 0 || now.size() != before.size()) {
      throw new DemoFailure(
          "%d of %d objects were written, and none had to be".formatted(written, before.size()));
    }
  }

  static long total(Map<String, Long> census) {
    return census.values().stream().mapToLong(Long::longValue).sum();
  }

  static long under(Map<String, Long> census, long key) {
    String start = "k8s:enc:kms:v2:%d_".formatted(key);
    return census.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(start))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  static String words(Map<String, Long> census) {
    List<String> words = new ArrayList<>();
    census.forEach(
        (prefix, count) ->
            words.add(
                "%,d %s".formatted(count, prefix.equals(PLAINTEXT) ? "in plaintext" : prefix)));
    return words.isEmpty() ? "nothing" : String.join(", ", words);
  }
}
