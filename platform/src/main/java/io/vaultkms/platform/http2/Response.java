package io.vaultkms.platform.http2;

import io.netty.handler.codec.http2.Http2Headers;

/** What a server answered. */
public record Response(int status, Http2Headers headers, byte[] body) {
  /** The first header of that name; empty when there is none. */
  public String header(String name) {
    CharSequence value = headers.get(name);
    return value == null ? "" : value.toString();
  }

  /** Bodies are nobody's business. */
  @Override
  public String toString() {
    return "Response[status=%d, bytes=%d]".formatted(status, body.length);
  }
}
