package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.lab.apiserver.resource.Json;
import io.vaultkms.lab.apiserver.resource.WatchEvent;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends the events of one watch, on a virtual thread of its own, until someone has enough. */
final class WatchStream {
  /** As a real API server does, the last bookmark comes this long before the watch ends. */
  private static final Duration LAST_BOOKMARK = Duration.ofSeconds(2);

  private static final long WRITE_LIMIT_SECONDS = 30;

  private final Reply.Watch watch;
  private final WatchSink sink;
  private final Duration bookmarkEvery;

  WatchStream(Reply.Watch watch, WatchSink sink, Duration bookmarkEvery) {
    this.watch = watch;
    this.sink = sink;
    this.bookmarkEvery = bookmarkEvery;
  }

  /** Blocks until the watch ends; interrupt the thread to end it. */
  void run() throws InterruptedException {
    try (var events = watch.events()) {
      long end = System.nanoTime() + watch.limit().toNanos();
      long bookmark = nextBookmark(end);
      while (System.nanoTime() < end && !sink.closed() && !events.ended()) {
        long until = watch.bookmarks() ? Math.min(end, bookmark) : end;
        Duration wait = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
        send(events.next(wait.compareTo(bookmarkEvery) > 0 ? bookmarkEvery : wait));
        if (watch.bookmarks() && System.nanoTime() >= bookmark) {
          Optional<WatchEvent> mark = events.bookmark();
          mark.ifPresent(event -> sendQuietly(List.of(event)));
          bookmark = nextBookmark(end);
        }
      }
    } catch (ApiException e) {
      sendQuietly(List.of(new WatchEvent("ERROR", e.status())));
    } catch (ExecutionException | TimeoutException e) {
      // The reader went away or does not read.
    } finally {
      sink.end();
    }
  }

  private long nextBookmark(long end) {
    long now = System.nanoTime();
    long last = end - LAST_BOOKMARK.toNanos();
    long next = now + bookmarkEvery.toNanos();
    return last > now ? Math.min(last, next) : next;
  }

  private void sendQuietly(List<WatchEvent> events) {
    try {
      send(events);
    } catch (ExecutionException | TimeoutException e) {
      // The reader went away or does not read: the loop ends by that.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(List<WatchEvent> events)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (events.isEmpty()) {
      return;
    }
    Future<Void> sent = Future.succeededFuture();
    for (WatchEvent event : events) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("type", event.type());
      boolean status = event.type().equals("ERROR");
      line.set(
          "object",
          status ? event.object() : RestApi.represent(event.object(), watch.representation()));
      sent = sink.send(Json.write(line));
    }
    // Writes are done in order: the last one says that all are.
    sent.toCompletionStage().toCompletableFuture().get(WRITE_LIMIT_SECONDS, TimeUnit.SECONDS);
  }
}
