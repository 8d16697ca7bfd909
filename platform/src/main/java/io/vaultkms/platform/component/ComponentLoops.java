package io.vaultkms.platform.component;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.platform.work.LookLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loop for each component, so that none holds up another. Where the cluster has to be asked
 * which components it has, the loops begin once it has answered. From any thread.
 */
public final class ComponentLoops implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ComponentLoops.class);
  private static final Duration NEVER = Duration.ofDays(365);

  private final Components components;
  private final Function<ComponentSettings, LookLoop> maker;
  private final BiFunction<ComponentSettings, LookLoop, List<AutoCloseable>> watcher;
  private final List<AutoCloseable> watches = new ArrayList<>();
  private final LookLoop finder;
  private volatile Map<String, LookLoop> loops = Map.of();
  private boolean closed;

  /**
   * @param maker makes a component's loop, which is then started; called once for each
   */
  public ComponentLoops(
      String name,
      Components components,
      KubernetesClient cluster,
      Function<ComponentSettings, LookLoop> maker) {
    this(name, components, cluster, maker, (_, _) -> List.of());
  }

  /**
   * The same, with what wakes a component's loop alone.
   *
   * @param watcher begins to watch, and gives what ends that
   */
  public ComponentLoops(
      String name,
      Components components,
      KubernetesClient cluster,
      Function<ComponentSettings, LookLoop> maker,
      BiFunction<ComponentSettings, LookLoop, List<AutoCloseable>> watcher) {
    this.components = components;
    this.maker = maker;
    this.watcher = watcher;
    this.finder =
        new LookLoop(
            name + "-components",
            Duration.ofMinutes(10),
            () -> {
              begin(components.of(cluster));
              return NEVER;
            });
  }

  /** Begins; does not wait for the cluster. */
  public ComponentLoops start() {
    components.known().ifPresentOrElse(this::begin, finder::start);
    return this;
  }

  private synchronized void begin(List<ComponentSettings> components) {
    if (closed || !loops.isEmpty()) {
      return;
    }
    LOG.info(
        "looks after {}",
        components.stream().map(ComponentSettings::name).collect(Collectors.joining(", ")));
    Map<String, LookLoop> made = new TreeMap<>();
    components.forEach(each -> made.put(each.name(), maker.apply(each)));
    loops = made;
    made.values().forEach(LookLoop::start);
    components.forEach(each -> watches.addAll(watcher.apply(each, made.get(each.name()))));
  }

  /** Has every component looked at. */
  public void wake() {
    loops.values().forEach(LookLoop::wake);
  }

  /** Has one component looked at, or every one when there is none of that name. */
  public void wake(String component) {
    LookLoop loop = loops.get(component);
    if (loop == null) {
      wake();
    } else {
      loop.wake();
    }
  }

  /** Why the last look of some component failed; empty when all were good. */
  public Optional<String> problem() {
    return loops.isEmpty() ? finder.problem() : first(LookLoop::problem);
  }

  /** Why some component's loop counts as stuck. */
  public Optional<String> stuck(Duration limit) {
    return loops.isEmpty() ? finder.stuck(limit) : first(loop -> loop.stuck(limit));
  }

  private Optional<String> first(Function<LookLoop, Optional<String>> question) {
    return loops.entrySet().stream()
        .flatMap(
            entry ->
                question.apply(entry.getValue()).map(said -> entry.getKey() + ": " + said).stream())
        .findFirst();
  }

  /** Ends all loops and waits for them. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      watches.forEach(ComponentLoops::end);
    }
    finder.close();
    loops.values().forEach(LookLoop::close);
  }

  private static void end(AutoCloseable watch) {
    try {
      watch.close();
    } catch (Exception e) {
      LOG.warn("a watch does not end cleanly: {}", e.getMessage());
    }
  }
}
