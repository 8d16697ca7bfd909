package io.vaultkms.cli.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All measurements with one number of objects. */
final class Series {
  private final int objects;
  private final Map<Way, List<Measured>> measured = new EnumMap<>(Way.class);

  Series(int objects) {
    this.objects = objects;
  }

  void add(Way way, Measured one) {
    measured.computeIfAbsent(way, _ -> new ArrayList<>()).add(one);
  }

  int objects() {
    return objects;
  }

  List<Measured> of(Way way) {
    return List.copyOf(measured.getOrDefault(way, List.of()));
  }

  /** The middle one; between the two middle ones if their number is even. */
  double median(Way way, ToDoubleFunction<Measured> value) {
    double[] sorted = of(way).stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length == 0
        ? Double.NaN
        : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double least(Way way, ToDoubleFunction<Measured> value) {
    return of(way).stream().mapToDouble(value).min().orElse(Double.NaN);
  }

  double most(Way way, ToDoubleFunction<Measured> value) {
    return of(way).stream().mapToDouble(value).max().orElse(Double.NaN);
  }

  /** The migrator's median over that of another way. */
  double ratio(Way other, ToDoubleFunction<Measured> value) {
    return median(Way.MIGRATOR, value) / median(other, value);
  }
}
