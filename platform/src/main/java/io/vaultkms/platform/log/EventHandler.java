package io.vaultkms.platform.log;

/**
 * What a service does with an event. Called on a virtual thread, one event of a partition after the
 * other, several partitions at the same time, and a replay beside them. Events come at least once
 * and out of order; the offset is committed after the handler returned. It may block as long as it
 * likes: the service stays in its group, and only events of the same partition wait.
 *
 * <p>When the partition goes to another member, or the service stops, a handler that does not
 * return within a short grace is interrupted, and the event goes to the next owner again.
 */
@FunctionalInterface
public interface EventHandler {
  /**
   * @throws TryLater if something is away: the event is handed over again until it is handled
   * @throws Exception anything else: it is handed over again some times, and is then a dead letter
   */
  void handle(Received received) throws Exception;
}
