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
 */
public record ConfigRejected(
    String clusterId,
    String component,
    Instant time,
    long generation,
    String hash,
    List<Violation> violations)
    implements Story {

  public ConfigRejected {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    hash = Parts.text(hash);
    violations = Parts.list(violations);
  }

  @Override
  public String id() {
    return Parts.id(this, generation, hash);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "config");
  }
}
