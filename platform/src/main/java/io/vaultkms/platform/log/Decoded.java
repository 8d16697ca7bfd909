package io.vaultkms.platform.log;

import io.cloudevents.CloudEvent;
import io.vaultkms.model.event.Event;

/** What a record of the log turned out to be. */
public sealed interface Decoded {
  /** An event that this version knows. */
  record Known(Event event, CloudEvent cloudEvent) implements Decoded {}

  /** A CloudEvent of a type that this version does not know: a later version's, or a stranger's. */
  record Unknown(CloudEvent cloudEvent) implements Decoded {}

  /**
   * Not a CloudEvent, or one of a known type whose data cannot be read; the reason is a sentence.
   */
  record Undecodable(String reason) implements Decoded {}
}
