package io.vaultkms.model.event;

import java.time.Instant;

/**
 * How far a migration is with one resource.
 *
 * @param keyId number of the key
 * @param run names this run of the migration; a run that is taken up again keeps its name
 * @param resource the resource
 * @param done objects looked at
 * @param total objects there are, as far as is known
 * @param rate objects a second
 */
public record MigrationProgressed(
    String clusterId,
    String component,
    Instant time,
    long keyId,
    String run,
    String resource,
    long done,
    long total,
    double rate)
    implements Telemetry {

  public MigrationProgressed {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    run = Parts.text(run);
    resource = Parts.text(resource);
  }

  @Override
  public String id() {
    return Parts.id(this, keyId, run, resource, done);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "migrations", run);
  }
}
