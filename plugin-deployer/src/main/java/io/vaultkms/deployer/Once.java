package io.vaultkms.deployer;

import io.vaultkms.model.event.Event;
import io.vaultkms.platform.log.EventPublisher;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Publishes what it has not published before. For one thread. */
final class Once {
  private static final int REMEMBERED = 10_000;

  private final EventPublisher publisher;
  private final Set<String> told =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  Once(EventPublisher publisher) {
    this.publisher = publisher;
  }

  void tell(Event event) {
    if (!told.contains(event.id())) {
      publisher.publish(event);
      told.add(event.id());
    }
  }
}
