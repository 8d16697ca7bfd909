package io.vaultkms.cli.demo;

import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.kubeapi.KubeControlPlane;
import io.vaultkms.lab.world.World;
import io.vaultkms.lab.world.World.ControlPlaneSite;
import io.vaultkms.platform.log.LogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The main job on a cluster of this machine: from plaintext to encrypted with a key in Vault, by
 * the four services as processes of their own, and proved by counting the stored bytes and reading
 * every object back.
 */
final class Demo implements AutoCloseable {
  static final String CLUSTER_ID = "demo";
  private static final int REMOVALS = 50;
  private static final Duration REAL_RELOAD = Duration.ofMinutes(1);

  private final DemoOptions options;
  private final Screen screen;
  private final Path dist;
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private @Nullable Path folder;
  private @Nullable World world;
  private @Nullable Programs programs;
  private @Nullable Follower follower;
  private @Nullable ConvergenceWatch convergence;
  private @Nullable ReloadWatch reloads;
  private final List<DemoResult.Stage> chapters = new ArrayList<>();
  private long writeKey;
  private Map<String, Long> before = Map.of();
  private Map<String, Long> after = Map.of();
  private boolean closed;

  Demo(DemoOptions options, Screen screen, Path dist) {
    this.options = options;
    this.screen = screen;
    this.dist = dist;
  }

  /** Runs to the end; never throws, and always has a result. */
  DemoResult run() {
    String reason = null;
    try {
      play();
    } catch (DemoFailure e) {
      reason = e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = "the demo was interrupted";
    } catch (Exception e) {
      reason = "the demo broke: " + e;
    }
    return result(reason);
  }

  private void play() throws IOException, InterruptedException {
    folder = Files.createTempDirectory("vk");
    screen.line(
        "a broker, Vault and %d %s on this machine, in %s",
        options.nodes(),
        options.kubeAssets().isPresent() ? "kube-apiservers" : "API servers",
        folder);
    World made = World.start(folder, this::controlPlane, options.nodes());
    world = made;
    Seed seed = new Seed(made.admin(), options.secrets(), options.configMaps());
    screen.line(
        "writing %,d secrets and %,d configmaps in plaintext",
        options.secrets(), options.configMaps());
    seed.write();
    Proof proof = new Proof(made, seed, screen);
    before = proof.census();
    screen.line("stored now: %s", Proof.words(before));
    startPrograms(made);
    Follower following = follow(made);
    Scene scene = new Scene(made, screen, following, proof, options.limit());
    for (Chapter chapter : options.chapters()) {
      play(chapter, scene);
    }
    prove(proof, following);
  }

  private void play(Chapter chapter, Scene scene) throws InterruptedException {
    double start = screen.seconds();
    if (options.chapters().size() > 1) {
      screen.plain("");
      screen.line("%s: %s", chapter.name(), chapter.title());
    }
    chapter.play(scene);
    chapters.add(new DemoResult.Stage(chapter.name(), tenths(screen.seconds() - start)));
  }

  private ControlPlane controlPlane(ControlPlaneSite site) {
    if (options.kubeAssets().isPresent()) {
      return KubeControlPlane.start(options.kubeAssets().get(), site);
    }
    return options.waitReload() ? World.standIn(site, REAL_RELOAD) : World.standIn(site);
  }

  private void startPrograms(World made) {
    Programs started = new Programs(made, dist);
    programs = started;
    started.start();
    screen.line("starting four services and %d node agents, each a process", options.nodes());
    started.awaitReady();
    if (options.keep()) {
      tellHow(made, started);
    }
  }

  private Follower follow(World made) {
    Follower following =
        new Follower(LogSettings.plain(made.broker().bootstrapServers()), new Narrator(screen));
    follower = following;
    following.start();
    convergence = ConvergenceWatch.start(made.admin(), screen);
    reloads = ReloadWatch.start(made.controlPlane(), screen);
    return following;
  }

  private void tellHow(World made, Programs started) {
    screen.plain("");
    screen.plain(
        "  kubeconfig   " + made.adminKubeconfig().write(made.folder().resolve("kubeconfig")));
    screen.plain("  kafka        " + made.broker().bootstrapServers());
    screen.plain(
        "  vault        " + made.vault().address() + " (token " + made.vault().rootToken() + ")");
    for (String node : made.controlPlane().nodes()) {
      screen.plain("  %-12s %s".formatted(node, made.controlPlane().url(node)));
    }
    screen.plain("  each program, its pid, its metrics, and the command that starts it again:");
    for (var process : started.all()) {
      screen.plain(
          "  %-15s pid %-7d %s/metrics  %s"
              .formatted(
                  process.name(), process.pid(), started.url(process.name()), process.command()));
    }
    screen.plain("");
  }

  private void prove(Proof proof, Follower following) {
    screen.line("proof: counting what is stored, and reading every object back");
    after = proof.census();
    writeKey = following.writeKey();
    screen.line("stored before: %s", Proof.words(before));
    proof.tell();
    proof.everythingIsUnder(writeKey);
    proof.everythingReadsBackEqual();
    screen.line("every object is under the key of Vault and reads back equal");
    screen.line(
        "timeline from the log: %s",
        following.stages().stream()
            .map(stage -> "%s %.1f s".formatted(stage.name(), stage.seconds()))
            .collect(Collectors.joining(", ")));
  }

  /** Waits until somebody ends the demo. */
  void keep() throws InterruptedException {
    screen.line("staying up until Ctrl-C");
    interrupted.await();
  }

  private DemoResult result(@Nullable String reason) {
    List<DemoResult.Pid> pids = new ArrayList<>();
    if (programs != null) {
      programs.all().forEach(p -> pids.add(new DemoResult.Pid(p.name(), p.pid())));
    }
    Map<String, Long> counted = after.isEmpty() ? before : after;
    return new DemoResult(
        reason == null ? DemoResult.SETTLED : DemoResult.FAILED,
        reason,
        world == null ? "none" : world.controlPlane().backend(),
        options.nodes(),
        new DemoResult.Objects(Proof.total(counted), Proof.under(counted, writeKey)),
        new DemoResult.Census(before, after),
        List.copyOf(chapters),
        follower == null ? List.of() : follower.stages(),
        follower == null ? 0 : follower.events(),
        pids,
        tenths(screen.seconds()));
  }

  private static double tenths(double seconds) {
    return Math.round(seconds * 10) / 10.0;
  }

  /**
   * Ends every process and removes the folder. May be called twice, from any thread, and while the
   * demo is still starting things.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    interrupted.countDown();
    for (AutoCloseable part :
        new AutoCloseable[] {reloads, convergence, follower, programs, world}) {
      close(part);
    }
    if (folder != null) {
      remove(folder);
    }
  }

  private static void close(@Nullable AutoCloseable part) {
    if (part == null) {
      return;
    }
    try {
      part.close();
    } catch (Exception e) {
      System.err.println(part.getClass().getSimpleName() + " did not stop: " + e.getMessage());
    }
  }

  /** What is ending may still write a file behind the back of the first walk. */
  private static void remove(Path folder) {
    for (int attempt = 0; attempt < REMOVALS && Files.exists(folder); attempt++) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException | UncheckedIOException e) {
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
    if (Files.exists(folder)) {
      System.err.println(folder + " could not be removed");
    }
  }
}
