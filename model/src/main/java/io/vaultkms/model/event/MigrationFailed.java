package io.vaultkms.model.event;

import java.time.Instant;
import java.util.List;

/**
 * A migration cannot go on with a resource.
 *
 * @param keyId number of the key
 * @param run names this run of the migration; a run that is taken up again keeps its name
 * @param resource the resource
 * @param reason why, in one sentence
 * @param failed objects that could not be rewritten, as {@code namespace/name}; at most {@value
 *     #MAX_FAILED}
 */
public record MigrationFailed(
    String clusterId,
    String component,
    Instant time,
    long keyId,
    String run,
    String resource,
    String reason,
    List<String> failed)
    implements Story {

  /** How many objects are named at most. */
  public static final int MAX_FAILED = 100;

  public MigrationFailed {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    run = Parts.text(run);
    resource = Parts.text(resource);
    reason = Parts.text(reason);
    failed = Parts.list(failed).stream().limit(MAX_FAILED).toList();
  }

  @Override
  public String id() {
    return Parts.id(this, keyId, run, resource);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "migrations", run);
  }
}
