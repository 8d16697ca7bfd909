package io.vaultkms.deployer.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A look that begins with what the node reported last, once the cluster can be asked for it. */
final class LazyLook {
  private final Supplier<NodeLook> first;
  private @Nullable NodeLook look;

  LazyLook(Supplier<NodeLook> first) {
    this.first = first;
  }

  Duration look() throws IOException {
    if (look == null) {
      look = first.get();
    }
    return look.look();
  }
}
