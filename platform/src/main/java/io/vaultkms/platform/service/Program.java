package io.vaultkms.platform.service;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vaultkms.platform.env.BadConfiguration;
import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.http.Health;
import io.vaultkms.platform.http.OperationsServer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program stands on while it runs: Vert.x, metrics, health, and the order in which things
 * stop. What was started last stops first.
 */
public final class Program implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Program.class);

  private final String name;
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(4));
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Health health = new Health();
  private final Deque<AutoCloseable> stops = new ArrayDeque<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean started;
  private boolean closing;

  private Program(String name) {
    this.name = name;
    registry.config().commonTags("service", name);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Reads a program's configuration; every variable it may set is read, whatever the values. */
  @FunctionalInterface
  public interface Configuration<C> {
    C read(Variables variables);
  }

  /** Starts what a program is made of and returns; the program then runs until it is stopped. */
  @FunctionalInterface
  public interface Root<C> {
    void start(C configuration, Program program) throws Exception;
  }

  /**
   * Runs a program until SIGTERM or SIGINT: exit 2 with one sentence for each bad variable or
   * argument, exit 1 when the start fails, 0 or 143 after a clean stop. {@code --help} prints the
   * variables. Does not return.
   *
   * @param settings gives the common settings out of the program's own configuration
   */
  public static <C> void main(
      String name,
      String[] arguments,
      Map<String, String> environment,
      Configuration<C> reader,
      java.util.function.Function<C, ServiceSettings> settings,
      Root<C> root) {
    Variables variables = new Variables(environment);
    C configuration = reader.read(variables);
    refuseArguments(name, arguments, variables);
    try {
      variables.check();
    } catch (BadConfiguration e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
    Program program = new Program(name);
    Runtime.getRuntime().addShutdownHook(new Thread(program::close, "stop"));
    try {
      ServiceSettings common = settings.apply(configuration);
      program.health.ready(
          "start", () -> program.started ? Optional.empty() : Optional.of("is starting"));
      program.serve(common);
      root.start(configuration, program);
      program.started = true;
      LOG.info("{} runs for cluster {}", name, common.clusterId());
    } catch (Exception e) {
      System.err.println(name + " cannot start: " + e.getMessage());
      LOG.debug("start", e);
      System.exit(1);
    }
    program.await();
  }

  private static void refuseArguments(String name, String[] arguments, Variables variables) {
    if (arguments.length == 0) {
      return;
    }
    if (arguments[0].equals("--help")) {
      System.out.printf("%s is configured by environment variables:%n", name);
      for (Variables.Documented variable : variables.documented()) {
        System.out.printf(
            "  %-28s %s%s%n",
            variable.name(),
            variable.meaning(),
            variable.standard().isEmpty() ? "" : " (" + variable.standard() + ")");
      }
      System.exit(0);
    }
    System.err.printf(
        "'%s' is not an argument of %s: it is configured by environment variables, which --help"
            + " prints%n",
        arguments[0], name);
    System.exit(2);
  }

  private void serve(ServiceSettings settings) {
    OperationsServer server =
        OperationsServer.start(vertx, settings.httpHost(), settings.httpPort(), health, registry);
    onStop(server);
    LOG.info("{} serves /livez, /readyz and /metrics on port {}", name, server.port());
  }

  private void await() {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public Vertx vertx() {
    return vertx;
  }

  public PrometheusMeterRegistry registry() {
    return registry;
  }

  public Health health() {
    return health;
  }

  /** Remembers what has to be closed, and gives it back. */
  public synchronized <T extends AutoCloseable> T onStop(T stop) {
    stops.push(stop);
    return stop;
  }

  /** Stops everything, the last started first, and waits for it. */
  @Override
  public synchronized void close() {
    if (closing) {
      return;
    }
    closing = true;
    while (!stops.isEmpty()) {
      AutoCloseable stop = stops.pop();
      try {
        stop.close();
      } catch (Exception e) {
        LOG.warn("{} did not stop cleanly: {}", stop.getClass().getSimpleName(), e.getMessage());
      }
    }
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      LOG.warn("Vert.x did not stop cleanly: {}", e.getMessage());
    }
    LOG.info("{} has stopped", name);
    stopped.countDown();
  }
}
