package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.lab.apiserver.resource.ObjectWatch;
import java.time.Duration;

/** What is answered to a request. */
sealed interface Reply {
  record Json(int code, JsonNode body) implements Reply {}

  record Text(int code, String body) implements Reply {}

  /**
   * A stream of events.
   *
   * @param limit when it ends by itself
   * @param bookmarks whether the reader wants to hear where it is when nothing happens
   */
  record Watch(ObjectWatch events, Representation representation, Duration limit, boolean bookmarks)
      implements Reply {}
}
