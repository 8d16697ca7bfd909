package io.vaultkms.model.checker;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.decision.Component;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every bundle that has come up so far, by a number, with what is asked of it over and over. */
final class Bundles {
  private final Map<Bundle, Integer> numbers = new HashMap<>();
  private final List<Known> known = new ArrayList<>();
  private final Map<ResourceKeys, Integer> shapes = new HashMap<>();

  Bundles() {
    number(Bundle.EMPTY);
  }

  /**
   * A bundle and what it means.
   *
   * @param writeKey 0 while plain identity writes
   * @param writeMark the mark of what is written now
   * @param readMarks the marks of everything that can be read
   * @param wishes the configuration of each key in it
   * @param remoteKeys which key each number stands for, by {@link Wish#remoteKeyNumber}; 0 for none
   * @param shapeNumber equal for bundles that differ in nothing but the contents of their keys
   */
  record Known(
      Bundle bundle,
      int writeKey,
      int writeMark,
      int readMarks,
      ResourceKeys shape,
      SortedMap<Integer, Wish> wishes,
      int[] remoteKeys,
      int shapeNumber) {

    /** Who writes and who reads, in words. */
    String words() {
      if (shape.readKeys().isEmpty()) {
        return "plaintext alone";
      }
      String readers =
          shape.readKeys().stream()
              .map(key -> "%d (%s)".formatted(key, wishes.get(key.intValue())))
              .collect(Collectors.joining(", "));
      return (writeKey == 0 ? "plaintext" : "key " + writeKey) + " writes, readable " + readers;
    }
  }

  Known of(int number) {
    return known.get(number);
  }

  int number(Bundle bundle) {
    Integer number = numbers.get(bundle);
    if (number == null) {
      number = known.size();
      if (number >= Node.NOT_STARTED) {
        throw new IllegalStateException("more bundles than a scene can number");
      }
      numbers.put(bundle, number);
      known.add(know(bundle));
    }
    return number;
  }

  private Known know(Bundle bundle) {
    List<ResourceKeys> each =
        Component.KUBE_APISERVER.resources().stream().map(bundle::of).distinct().toList();
    if (each.size() != 1) {
      throw new IllegalStateException("resources with keys of their own: " + bundle);
    }
    ResourceKeys shape = each.getFirst();
    int writeKey = (int) shape.writeKey().orElse(0);
    int readMarks = 1;
    SortedMap<Integer, Wish> wishes = new TreeMap<>();
    int[] remoteKeys = new int[Scene.MOST_KEYS + 1];
    for (long key : shape.readKeys()) {
      Bundle.KeyContent content = bundle.keys().get(key);
      Wish wish = Wish.ofHash(content.hash().orElseThrow());
      wishes.put((int) key, wish);
      remoteKeys[(int) key] = wish.remoteKeyNumber();
      readMarks |= mark(bundle, (int) key);
    }
    int writeMark = writeKey == 0 ? 1 : mark(bundle, writeKey);
    int shapeNumber = shapes.computeIfAbsent(shape, unknown -> shapes.size());
    return new Known(
        bundle, writeKey, writeMark, readMarks, shape, wishes, remoteKeys, shapeNumber);
  }

  private static int mark(Bundle bundle, int key) {
    return bundle.keys().get((long) key).mode().encrypts() ? 1 << key : 1;
  }
}
