package io.vaultkms.model.event;

import java.time.Instant;
import java.util.List;

/**
 * Everything is stored under a key.
 *
 * @param keyId number of the key
 * @param run names this run of the migration; a run that is taken up again keeps its name
 * @param resources what was done, by resource
 */
public record MigrationDone(
    String clusterId,
    String component,
    Instant time,
    long keyId,
    String run,
    List<ResourceCounts> resources)
    implements Story {

  public MigrationDone {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    run = Parts.text(run);
    resources = Parts.list(resources);
  }

  @Override
  public String id() {
    return Parts.id(this, keyId, run);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "migrations", run);
  }
}
