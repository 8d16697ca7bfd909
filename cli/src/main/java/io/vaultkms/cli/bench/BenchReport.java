package io.vaultkms.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What came out, for people and programs.
 *
 * @param backend what was measured on: {@code kube-apiserver}, or {@code stand-in}, which is no
 *     evidence
 */
record BenchReport(
    String backend, Machine machine, int rounds, int secretBytes, long seed, List<Block> series) {

  /** One number of objects. */
  record Block(int objects, List<Row> ways, Ratios migrator) {}

  /** One way: medians, and the least and the most where they matter. */
  record Row(
      String way,
      String words,
      double objectsPerSecond,
      double least,
      double most,
      long bytesRead,
      double cpuMillisPerThousand,
      long residentBytes,
      long heapBytes,
      List<Measured> measured) {}

  /** How the migrator compares. */
  record Ratios(double toFull10, double toFull32, double toCreate32, double bytesOfFull10) {
    boolean known() {
      return Double.isFinite(toFull10 + toFull32 + toCreate32 + bytesOfFull10);
    }
  }

  static BenchReport of(BenchOptions options, Machine machine, List<Series> all) {
    return new BenchReport(
        options.kubeAssets().isPresent() ? "kube-apiserver" : "stand-in",
        machine,
        options.rounds(),
        Rival.SECRET_BYTES,
        options.seed(),
        all.stream().map(series -> block(series, options.ways())).toList());
  }

  private static Block block(Series series, Set<Way> ways) {
    List<Row> rows = new ArrayList<>();
    for (Way way : ways) {
      rows.add(
          new Row(
              way.letter(),
              way.words(),
              series.median(way, Measured::objectsPerSecond),
              series.least(way, Measured::objectsPerSecond),
              series.most(way, Measured::objectsPerSecond),
              Math.round(series.median(way, Measured::bytesRead)),
              series.median(way, one -> one.cpuSeconds() / one.objects()) * 1e6,
              Math.round(series.most(way, Measured::residentBytes)),
              Math.round(series.most(way, Measured::heapBytes)),
              series.of(way)));
    }
    return new Block(
        series.objects(),
        rows,
        new Ratios(
            series.ratio(Way.FULL_10, Measured::objectsPerSecond),
            series.ratio(Way.FULL_32, Measured::objectsPerSecond),
            series.ratio(Way.CREATE_32, Measured::objectsPerSecond),
            series.ratio(Way.FULL_10, Measured::bytesRead)));
  }

  /** Tables. */
  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "%s", machine.words());
    line(
        text,
        "%s, one API server, Secrets of %,d bytes, medians of %d rounds, seed %d",
        backend,
        secretBytes,
        rounds,
        seed);
    if (!backend.equals("kube-apiserver")) {
      line(text, "The stand-in is no evidence of speed: --kube-assets measures a real API server.");
    }
    series.forEach(block -> table(text, block));
    return text.toString().stripTrailing();
  }

  private static void table(StringBuilder text, Block block) {
    line(text, "");
    line(text, "%,d objects", block.objects());
    line(
        text,
        "  %-42s %9s %15s %10s %13s %10s %9s",
        "",
        "objects/s",
        "least to most",
        "MB read",
        "CPU ms/1,000",
        "peak MB",
        "heap MB");
    for (Row row : block.ways()) {
      line(
          text,
          "  (%s) %-38s %9.0f %15s %10.1f %13.0f %10.0f %9s",
          row.way(),
          row.words(),
          row.objectsPerSecond(),
          "%.0f to %.0f".formatted(row.least(), row.most()),
          row.bytesRead() / 1e6,
          row.cpuMillisPerThousand(),
          row.residentBytes() / (double) (1 << 20),
          row.heapBytes() == 0 ? "" : "%.0f".formatted(row.heapBytes() / (double) (1 << 20)));
    }
    Ratios ratios = block.migrator();
    if (!ratios.known()) {
      return; // Not all were measured.
    }
    line(
        text,
        "  (c) is %.2f times (a), %.2f times (b), %.2f of (d), and reads %.1f%% of what (a) does",
        ratios.toFull10(),
        ratios.toFull32(),
        ratios.toCreate32(),
        100 * ratios.bytesOfFull10());
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
