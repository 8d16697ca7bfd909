package io.vaultkms.model.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The wanted configuration is valid and is another than before.
 *
 * @param generation generation of the {@code APIServer} object
 * @param hash eight characters that stand for the configuration and what it refers to
 * @param kind what it asks for
 * @param mode the wanted mode, such as {@code kms} or {@code identity}
 * @param fields the configuration without secrets, by field path
 * @param changes what is different from before
 * @param after the id of the verdict before this one; empty for the first
 */
public record ConfigChanged(
    String clusterId,
    String component,
    Instant time,
    long generation,
    String hash,
    ConfigChange kind,
    String mode,
    Map<String, String> fields,
    List<FieldChange> changes,
    String after)
    implements Story {

  /** The first verdict there is. */
  public ConfigChanged(
      String clusterId,
      String component,
      Instant time,
      long generation,
      String hash,
      ConfigChange kind,
      String mode,
      Map<String, String> fields,
      List<FieldChange> changes) {
    this(clusterId, component, time, generation, hash, kind, mode, fields, changes, "");
  }

  public ConfigChanged {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    hash = Parts.text(hash);
    kind = Parts.required("kind", kind);
    mode = Parts.text(mode);
    fields = Parts.map(fields);
    changes = Parts.list(changes);
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
