package io.vaultkms.cli.bench;

import io.vaultkms.lab.broker.LabBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Measures every way in every round, in another order each time, so that what the machine does
 * besides meets all of them. The programs that are measured live through all rounds of a series, as
 * a service does. Before a way that rewrites, everything is made stale, and before and after it is
 * counted in the store.
 */
final class MigrateBench {
  private final BenchOptions options;
  private final Consumer<String> telling;

  /**
   * @param telling takes a line for people now and then
   */
  MigrateBench(BenchOptions options, Consumer<String> telling) {
    this.options = options;
    this.telling = telling;
  }

  List<Series> run(Path folder) throws IOException, InterruptedException {
    List<Series> all = new ArrayList<>();
    try (LabBroker broker = LabBroker.start(folder.resolve("kafka"));
        Arena arena = Arena.start(folder, options.kubeAssets())) {
      Stage stage = new Stage(arena.admin());
      stage.build();
      int there = 0;
      for (int objects : options.objects().stream().sorted().toList()) {
        try (RivalProcess rival = RivalProcess.start(arena, options.dist());
            MigratorService migrator =
                MigratorService.start(arena, options.dist(), broker.bootstrapServers())) {
          telling.accept("writing %,d Secrets of %,d bytes".formatted(objects, Rival.SECRET_BYTES));
          rival.ask(new Rival.Order("create", 32, Arena.SEEDED, there, objects, options.seed()));
          there = objects;
          all.add(series(new Players(arena, stage, rival, migrator), objects));
        }
      }
    }
    return all;
  }

  /** Those who are measured, and what they are measured on. */
  private record Players(Arena arena, Stage stage, RivalProcess rival, MigratorService migrator) {}

  private Series series(Players players, int objects) throws IOException, InterruptedException {
    Series series = new Series(objects);
    List<Way> order = new ArrayList<>(options.ways());
    for (int round = 1; round <= options.rounds(); round++) {
      for (Way way : order) {
        Measured one = measure(players, way, objects);
        series.add(way, one);
        telling.accept(
            String.format(
                Locale.ROOT,
                "%,d objects, round %d of %d: (%s) %,.0f objects/s, CPU %.0f + %.0f ms/1,000",
                objects,
                round,
                options.rounds(),
                way.letter(),
                one.objectsPerSecond(),
                1e6 * one.cpuSeconds() / one.objects(),
                1e6 * one.serverCpuSeconds() / one.objects()));
      }
      Collections.rotate(order, 1);
    }
    return series;
  }

  private Measured measure(Players players, Way way, int objects)
      throws IOException, InterruptedException {
    Arena arena = players.arena();
    if (way == Way.MIGRATOR) {
      players.stage().set();
    }
    if (way.rewrites()) {
      arena.turn();
    } else {
      // Two turns with nothing rewritten between them would leave everything fresh.
      arena.restart();
    }
    double before = arena.serverCpuSeconds();
    Measured one =
        switch (way) {
          case FULL_10, FULL_32 ->
              players.rival().ask(order("rewrite", way, Arena.SEEDED, objects));
          case CREATE_32 -> players.rival().ask(order("create", way, Arena.CREATED, objects));
          case MIGRATOR -> players.migrator().migrate(players.stage());
        };
    double after = arena.serverCpuSeconds();
    if (way.rewrites()) {
      arena.prove(objects);
    } else {
      players.rival().ask(order("delete", way, Arena.CREATED, objects));
    }
    return one.withServer(after - before);
  }

  private Rival.Order order(String act, Way way, String namespace, int objects) {
    return new Rival.Order(act, way.workers(), namespace, 0, objects, options.seed());
  }
}
