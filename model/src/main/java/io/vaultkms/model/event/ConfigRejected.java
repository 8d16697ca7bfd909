package io.vaultkms.model.event;

import io.vaultkms.model.config.Violation;
import java.time.Instant;
import java.util.List;

/**
 * The wanted configuration breaks rules, and nothing was done.
 *
 * @param generation generation of the {@code APIServer} object
 * @param hash eight characters that stand for the configuration and what it refers to
 * @param violations every rule that it breaks
 * @param after the id of the verdict before this one; empty for the first
 */
public record ConfigRejected(
    String clusterId,
    String component,
    Instant time,
    long generation,
    String hash,
    List<Violation> violations,
    String after)
    implements Story {

  /** The first verdict there is. */
  public ConfigRejected(
      String clusterId,
      String component,
      Instant time,
      long generation,
      String hash,
      List<Violation> violations) {
    this(clusterId, component, time, generation, hash, violations, "");
  }

  public ConfigRejected {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    hash = Parts.text(hash);
    violations = Parts.list(violations);
    after = Parts.text(after);
  }

  /** What it refers to may go one way and back again within one generation: each is a change. */
  @Override
  public String id() {
    return after.isEmpty()
        ? Parts.id(this, generation, hash)
        : Parts.id(this, generation, hash, Parts.digest(after));
  }

  @Override
  public String subject() {
    return Parts.subject(this, "config");
  }
}
