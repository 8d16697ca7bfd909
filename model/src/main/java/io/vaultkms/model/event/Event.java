package io.vaultkms.model.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;

/**
 * Something that happened to the encryption of one cluster. Events wake services and tell people;
 * they are never the only place where a fact lives. They hold references, names and hashes, and
 * never anything secret.
 *
 * <p>The names of the record components are the names of the JSON fields. A reader ignores fields
 * that it does not know, and takes a missing text or list as empty, so that a type may gain fields
 * within its version.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public sealed interface Event permits Story, Telemetry {

  /** The topic family that an event belongs to. */
  enum Channel {
    /** What happened, kept for ever. */
    STORY,
    /** Probes and progress, kept for a day. */
    TELEMETRY
  }

  /** The cluster it happened to, and the unit of order in the log; never blank. */
  String clusterId();

  /** The component whose encryption it concerns, such as {@code kube-apiserver}; may be empty. */
  String component();

  /** When it happened, not when it was told. */
  Instant time();

  /**
   * What makes this happening the one it is. Telling the same happening twice gives the same id;
   * two happenings of any type and cluster have different ids.
   */
  String id();

  /** What it happened to, as a short path within the cluster; never empty. */
  String subject();

  Channel channel();

  /** The CloudEvents type, as in {@code io.vaultkms.ConfigChanged.v1}. */
  default String type() {
    return EventTypes.nameOf(getClass());
  }
}
