package io.vaultkms.deployer;

import io.vaultkms.model.event.Event;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Publishes what it has not published before. For one thread. */
final class Once {
  private static final int REMEMBERED = 10_000;

  private final Consumer<Event> log;
  private final Set<String> told =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  Once(Consumer<Event> log) {
    this.log = log;
  }

  void tell(Event event) {
    if (!told.contains(event.id())) {
      log.accept(event);
      told.add(event.id());
    }
  }
}
