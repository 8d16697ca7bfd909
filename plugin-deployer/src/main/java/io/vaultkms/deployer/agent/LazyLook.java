package io.vaultkms.deployer.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A look that begins with what the node reported last, once the cluster can be asked for it. Before
 * anything that needs the cluster comes what its API server may be waiting for: that a plugin which
 * was killed can listen again.
 */
final class LazyLook {
  private final StaleSockets sockets;
  private final Supplier<NodeLook> first;
  private @Nullable NodeLook look;

  LazyLook(StaleSockets sockets, Supplier<NodeLook> first) {
    this.sockets = sockets;
    this.first = first;
  }

  Duration look() throws IOException {
    Optional<IOException> trouble = clean();
    if (look == null) {
      look = first.get();
    }
    Duration pause = look.look();
    if (trouble.isPresent()) {
      throw trouble.get();
    }
    return pause;
  }

  /** What keeps the sockets from being looked at; no reason to look at nothing else. */
  private Optional<IOException> clean() {
    try {
      sockets.look();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }
}
