package io.vaultkms.model.checker;

import io.vaultkms.model.checker.Node.Remote;
import io.vaultkms.model.checker.Node.Verdict;
import io.vaultkms.model.checker.Plot.Fault;

/** What happens on one node: its agent, its API server, its plugins, its failures. */
final class Machine {
  private final Plot plot;
  private final Bundles bundles;

  Machine(Plot plot, Bundles bundles) {
    this.plot = plot;
    this.bundles = bundles;
  }

  void moves(Scene scene, int i, Moves moves) {
    Node node = scene.nodes[i];
    if (!node.joined) {
      join(scene, i, moves);
      return;
    }
    time(scene, i, moves);
    faults(scene, i, moves);
    if (!node.up) {
      recover(scene, i, moves);
      return;
    }
    agent(scene, i, moves);
    preflight(scene, i, moves);
    apiServer(scene, i, moves);
    plugins(scene, i, moves);
  }

  private static void join(Scene scene, int i, Moves moves) {
    Scene next = scene.copy();
    Node node = next.change(i);
    node.joined = true;
    if (scene.bundle != 0) {
      node.used = Node.NOT_STARTED;
      node.file = Node.NOT_STARTED;
      node.usesNewest = false;
      node.fileNewest = false;
      node.reported = false;
    }
    moves.add(false, next, () -> Oracle.name(i) + " is new in the control plane");
  }

  private void agent(Scene scene, int i, Moves moves) {
    Node node = scene.nodes[i];
    if (!node.fileNewest && !scene.bundleDeleted && pluginsWork(scene, node, scene.bundle)) {
      Scene next = scene.copy();
      next.change(i).file = scene.bundle;
      next.change(i).fileNewest = true;
      moves.add(
          true, next, () -> "the agent of %s writes the newest file".formatted(Oracle.name(i)));
    }
    if (node.usesNewest && !node.reported) {
      Scene next = scene.copy();
      next.change(i).reported = true;
      next.stalled = false;
      moves.add(true, next, () -> Oracle.name(i) + " reports that it uses the newest revision");
    }
  }

  /** A round trip through every plugin of the bundle. */
  private boolean pluginsWork(Scene scene, Node node, int bundle) {
    return node.plugins && bundles.of(bundle).wishes().values().stream().allMatch(scene::works);
  }

  /** An agent whose preflight failed tries again until there is another request. */
  private static void preflight(Scene scene, int i, Moves moves) {
    Node node = scene.nodes[i];
    boolean works = node.plugins && scene.works(scene.requestWish);
    Verdict verdict = works ? Verdict.PASSED : Verdict.FAILED;
    boolean open = node.verdict == Verdict.NONE || node.verdict == Verdict.FAILED && works;
    if (scene.requestKey != 0 && open) {
      Scene next = scene.copy();
      next.change(i).verdict = verdict;
      moves.add(true, next, () -> "preflight on %s: %s".formatted(Oracle.name(i), verdict));
    }
  }

  private void apiServer(Scene scene, int i, Moves moves) {
    Node node = scene.nodes[i];
    boolean another = node.used != node.file || node.usesNewest != node.fileNewest;
    if (another && node.file != Node.NOT_STARTED && pluginsWork(scene, node, node.file)) {
      Scene next = scene.copy();
      load(next, next.change(i));
      moves.add(
          true,
          next,
          () ->
              "the API server of %s loads its file: %s"
                  .formatted(Oracle.name(i), bundles.of(node.file).words()));
    }
  }

  /** From here on it writes with what the file says; requests it took before go on as they were. */
  private void load(Scene next, Node node) {
    if (node.used != Node.NOT_STARTED) {
      int before = bundles.of(node.used).writeMark();
      if (before != bundles.of(node.file).writeMark()) {
        next.inFlight |= before;
        node.drained = false;
      }
    }
    node.used = node.file;
    node.usesNewest = node.fileNewest;
  }

  private static void time(Scene scene, int i, Moves moves) {
    Node node = scene.nodes[i];
    if (!node.drained) {
      Scene next = scene.copy();
      next.change(i).drained = true;
      moves.add(
          true,
          next,
          () ->
              "what %s was asked before its API server changed has ended"
                  .formatted(Oracle.name(i)));
    }
    if (!node.up && node.reported && scene.bundle != 0) {
      Scene next = scene.copy();
      next.change(i).reported = false;
      moves.add(false, next, () -> "the last report of %s is too old".formatted(Oracle.name(i)));
    }
  }

  private void plugins(Scene scene, int i, Moves moves) {
    Node node = scene.nodes[i];
    if (!node.plugins) {
      Scene next = scene.copy();
      next.change(i).plugins = true;
      moves.add(true, next, () -> "the plugins of %s work again".formatted(Oracle.name(i)));
    } else if (scene.rotated && node.remote != Remote.SETTLED) {
      Scene next = scene.copy();
      Remote remote = node.remote == Remote.OLD ? Remote.NEW : Remote.SETTLED;
      next.change(i).remote = remote;
      moves.add(
          true,
          next,
          () -> "%s reports the new remote key id: %s".formatted(Oracle.name(i), remote));
    }
  }

  private void faults(Scene scene, int i, Moves moves) {
    Node node = scene.nodes[i];
    if (scene.faultsLeft == 0 || !node.up) {
      return;
    }
    if (plot.kinds().contains(Fault.NODE_FAILS)) {
      Scene next = fault(scene);
      next.change(i).up = false;
      moves.add(false, next, () -> Oracle.name(i) + " goes down");
    }
    if (plot.kinds().contains(Fault.NODE_LEAVES) && notAlone(scene, i)) {
      Scene next = fault(scene);
      next.nodes[i] = new Node();
      next.nodes[i].joined = false;
      moves.add(false, next, () -> Oracle.name(i) + " leaves the control plane for good");
    }
    if (plot.kinds().contains(Fault.REPORT_IS_LATE) && node.reported && scene.bundle != 0) {
      Scene next = fault(scene);
      next.change(i).reported = false;
      moves.add(false, next, () -> "the last report of %s is too old".formatted(Oracle.name(i)));
    }
    if (plot.kinds().contains(Fault.PLUGIN_FAILS) && node.plugins) {
      Scene next = fault(scene);
      next.change(i).plugins = false;
      moves.add(false, next, () -> "the plugins of %s fail".formatted(Oracle.name(i)));
    }
  }

  /** A control plane without any node is no control plane. */
  private static boolean notAlone(Scene scene, int i) {
    boolean others = false;
    for (int other = 0; other < Scene.NODES; other++) {
      others |= other != i && scene.nodes[other].joined;
    }
    return others;
  }

  private static Scene fault(Scene scene) {
    Scene next = scene.copy();
    next.faultsLeft--;
    return next;
  }

  /** An API server that starts takes its file as it is, whether or not the plugins work. */
  private void recover(Scene scene, int i, Moves moves) {
    Scene next = scene.copy();
    Node node = next.change(i);
    node.up = true;
    if (node.file != Node.NOT_STARTED) {
      load(next, node);
    }
    moves.add(
        true,
        next,
        () ->
            "%s is up again, with %s"
                .formatted(
                    Oracle.name(i),
                    node.file == Node.NOT_STARTED ? "no file yet" : bundles.of(node.file).words()));
  }
}
