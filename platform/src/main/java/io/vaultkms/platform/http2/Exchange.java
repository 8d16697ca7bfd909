package io.vaultkms.platform.http2;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A request under way. What comes is taken in by the thread that reads the connection. */
final class Exchange {
  private static final byte[] NOTHING = {};

  final CompletableFuture<Response> answer = new CompletableFuture<>();
  private final int longest;
  private @Nullable Http2Headers headers;
  private @Nullable Bytes body;

  Exchange(int longest) {
    this.longest = longest;
  }

  /** The first that are no interim answer count; trailers do not. */
  void headers(Http2Headers received) {
    CharSequence status = received.status();
    if (headers == null && status != null && status.length() == 3 && status.charAt(0) != '1') {
      headers = received;
    }
  }

  void data(byte[] array, int from, int count) throws BodyTooLong {
    Bytes sofar = body == null ? new Bytes(Math.max(count, 512)) : body;
    body = sofar;
    if (sofar.length() + count > longest) {
      throw new BodyTooLong(longest);
    }
    sofar.put(array, from, count);
  }

  void end() {
    if (headers == null) {
      answer.completeExceptionally(new IOException("the server ended without an answer"));
      return;
    }
    answer.complete(
        new Response(
            Integer.parseInt(headers.status().toString()),
            headers,
            body == null ? NOTHING : body.copy()));
  }

  void fail(IOException why) {
    answer.completeExceptionally(why);
  }
}
