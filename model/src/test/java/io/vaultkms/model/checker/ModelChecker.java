package io.vaultkms.model.checker;

import io.vaultkms.model.checker.Invariants.Broken;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks breadth-first through every scene that a plot can lead to, so that the first violation it
 * meets has the shortest story. On the way it notes which scenes follow by progress alone: when no
 * such path goes round in a circle, and all of them end as wanted, everything ends settled whatever
 * the order.
 */
final class ModelChecker {
  private final Plot plot;
  private final Bundles bundles = new Bundles();
  private final Oracle oracle;
  private final Invariants invariants;
  private final Admin admin;
  private final Deployer deployer;
  private final Migrator migrator;
  private final Machine machine;
  private final Visited visited = new Visited();
  private final Progress progress = new Progress();
  private final Deque<Scene> frontier = new ArrayDeque<>();
  private @Nullable Broken broken;
  private int last;
  private String lastSentence = "";
  private long moves;
  private int keys;

  private ModelChecker(Plot plot, Function<Observation, Step> decision) {
    this.plot = plot;
    this.oracle = new Oracle(bundles, decision);
    this.invariants = new Invariants(bundles, oracle);
    this.deployer = new Deployer(plot, bundles, oracle);
    this.admin = new Admin(plot, bundles, deployer);
    this.migrator = new Migrator(plot, bundles, oracle);
    this.machine = new Machine(plot, bundles);
  }

  /**
   * What was found.
   *
   * @param sights how many different views of the cluster the decision was asked about
   * @param keys the highest key number that was reached
   * @param violation the story of the first violation; empty when there is none
   */
  record Result(
      Plot plot,
      int states,
      long moves,
      int sights,
      int keys,
      double seconds,
      Optional<Story> violation) {
    @Override
    public String toString() {
      return "model checker: %-26s %,9d states, %,10d moves, %,7d different sights, %d keys, %.1f s"
          .formatted(plot.name(), states, moves, sights, keys, seconds);
    }
  }

  /** How it came to a violation, a plain sentence each. */
  record Story(Broken broken, List<String> sentences) {
    @Override
    public String toString() {
      StringBuilder story = new StringBuilder();
      for (int i = 0; i < sentences.size(); i++) {
        story.append("%n  %2d. %s".formatted(i + 1, sentences.get(i)));
      }
      return "violates %s: %s%s".formatted(broken.invariant(), broken.how(), story);
    }
  }

  static Result explore(Plot plot, Function<Observation, Step> decision) {
    long began = System.nanoTime();
    ModelChecker checker = new ModelChecker(plot, decision);
    Optional<Story> story = checker.walk();
    return new Result(
        plot,
        checker.visited.size(),
        checker.moves,
        checker.oracle.questions(),
        checker.keys,
        (System.nanoTime() - began) / 1e9,
        story);
  }

  private Optional<Story> walk() {
    reach(Scene.start(plot), -1, () -> "");
    for (int index = 0; broken == null && index < visited.size(); index++) {
      expand(frontier.remove(), index);
    }
    if (broken == null) {
      int circle = progress.circle();
      if (circle >= 0) {
        last = circle;
        broken = new Broken("5, everything ends settled", "from here it may go round for ever");
      }
    }
    return Optional.ofNullable(broken).map(found -> new Story(found, story(last)));
  }

  private void expand(Scene scene, int index) {
    progress.begin();
    eachMove(
        scene,
        (isProgress, next, sentence) -> {
          int reached = broken == null ? reach(next, index, sentence) : index;
          if (isProgress && reached != index) {
            progress.add(reached);
          }
        });
    if (broken == null && progress.none()) {
      invariants
          .unsettled(scene)
          .ifPresent(
              found -> {
                broken = found;
                last = index;
              });
    }
  }

  private void eachMove(Scene scene, Moves sink) {
    admin.moves(scene, sink);
    deployer.moves(scene, sink);
    migrator.moves(scene, sink);
    for (int i = 0; i < Scene.NODES; i++) {
      machine.moves(scene, i, sink);
    }
  }

  /** The index of a scene, which is looked at when it is new. */
  private int reach(Scene scene, int from, Supplier<String> sentence) {
    scene.settle(bundles);
    moves++;
    int index = visited.add(scene.packed(), from);
    Optional<Broken> found = invariantsOf(scene, index);
    if (found.isPresent()) {
      broken = found.get();
      last = Math.max(from, 0);
      lastSentence = sentence.get();
    } else if (index < 0) {
      keys = Math.max(keys, scene.highestKey());
      frontier.add(scene);
    }
    return index < 0 ? ~index : index;
  }

  private Optional<Broken> invariantsOf(Scene scene, int index) {
    return index < 0 || scene.misdeed != null ? invariants.broken(scene) : Optional.empty();
  }

  /**
   * The sentences that lead there. The way is walked again with every node under its own name:
   * scenes that were compared did not tell them apart.
   */
  private List<String> story(int end) {
    List<Integer> way = new ArrayList<>();
    for (int index = end; index > 0; index = visited.parent(index)) {
      way.add(index);
    }
    Collections.reverse(way);
    Scene scene = Scene.start(plot);
    scene.settle(bundles);
    List<String> sentences = new ArrayList<>();
    for (int index : way) {
      Finder finder = new Finder(index);
      eachMove(scene, finder);
      sentences.add(finder.sentence);
      scene = Objects.requireNonNull(finder.found);
    }
    if (!lastSentence.isEmpty()) {
      sentences.add(lastSentence);
    }
    return sentences;
  }

  /** Finds the move that leads to a scene that is known. */
  private final class Finder implements Moves {
    private final int index;
    private @Nullable Scene found;
    private String sentence = "";

    Finder(int index) {
      this.index = index;
    }

    @Override
    public void add(boolean isProgress, Scene next, Supplier<String> words) {
      next.settle(bundles);
      if (found == null && visited.is(index, next.packed())) {
        found = next;
        sentence = words.get();
      }
    }
  }
}
