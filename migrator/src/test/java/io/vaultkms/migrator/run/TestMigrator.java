package io.vaultkms.migrator.run;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vaultkms.migrator.api.ApiClient;
import io.vaultkms.migrator.api.MetadataApi;
import io.vaultkms.migrator.limit.AdaptiveLimit;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.work.LookLoop;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The migrator put together as in its program, without a log. */
final class TestMigrator implements AutoCloseable {
  static final RunSettings QUICK =
      new RunSettings(
          50,
          Duration.ofMillis(300),
          Duration.ofSeconds(5),
          1,
          Duration.ofMillis(200),
          Duration.ofMinutes(5));

  final List<Event> told = new CopyOnWriteArrayList<>();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final AtomicBoolean elsewhere = new AtomicBoolean();
  private final Vertx vertx = Vertx.vertx();
  private final KubernetesClient client;
  private final ApiClient api;
  final LookLoop loop;

  TestMigrator(TestCluster cluster, RunSettings settings) {
    this(cluster, settings, Duration.ofSeconds(10));
  }

  /**
   * @param requestLimit how long one request may take
   */
  TestMigrator(TestCluster cluster, RunSettings settings, Duration requestLimit) {
    client = new KubernetesClientBuilder().withConfig(cluster.config()).build();
    api =
        new ApiClient(
            vertx,
            client.getConfiguration(),
            new ApiClient.Settings(requestLimit, 4, 64, 1 << 20),
            registry);
    MetadataApi metadata = new MetadataApi(api);
    AdaptiveLimit limit = new AdaptiveLimit(64, 0);
    Clock clock = Clock.systemUTC();
    Observer observer =
        new Observer(client, ComponentSettings.KUBE_APISERVER, Observation.Limits.DEFAULT, clock);
    Migrations migrations =
        new Migrations(
            metadata,
            limit,
            Sight.of(observer, new WantedReader(client)),
            new KeyNotes(metadata, "kube-apiserver"),
            new Story("test", "kube-apiserver", told::add, clock),
            new RunMetrics(registry, "kube-apiserver", limit),
            settings,
            clock,
            () -> {},
            elsewhere::get);
    loop = new LookLoop("migrator", Duration.ofSeconds(1), migrations::look);
  }

  TestMigrator start() {
    loop.start();
    return this;
  }

  <E extends Event> List<E> told(Class<E> type) {
    return told.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** What was done with Secrets, once all is. */
  ResourceCounts done() {
    await().atMost(Duration.ofSeconds(30)).until(() -> !told(MigrationDone.class).isEmpty());
    return told(MigrationDone.class).getFirst().resources().stream()
        .filter(counts -> counts.resource().equals("secrets"))
        .findFirst()
        .orElseThrow();
  }

  /** What it said first of Secrets that could not be migrated. */
  MigrationFailed failed() {
    await().atMost(Duration.ofSeconds(30)).until(() -> !told(MigrationFailed.class).isEmpty());
    return told(MigrationFailed.class).getFirst();
  }

  double objects(String result) {
    var counter =
        registry
            .find("vaultkms.migration.objects")
            .tags("resource", "secrets", "result", result)
            .counter();
    return counter == null ? 0 : counter.count();
  }

  double runs(String result) {
    var counter = registry.find("vaultkms.migration.runs").tags("result", result).counter();
    return counter == null ? 0 : counter.count();
  }

  long requests(String verb) {
    return registry.find("vaultkms.migrator.api.requests").tags("verb", verb).timers().stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }

  @Override
  public void close() throws Exception {
    loop.close();
    api.close();
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
