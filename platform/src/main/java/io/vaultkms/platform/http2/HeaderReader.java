package io.vaultkms.platform.http2;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;

/**
 * Puts header blocks together and decodes them. Every block must be decoded, whoever it is for: the
 * table is shared. For the thread that reads the connection.
 */
final class HeaderReader {
  private static final int LIMIT = 64 << 10;

  private final FrameReader frames;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, LIMIT);

  HeaderReader(FrameReader frames) {
    this.frames = frames;
  }

  /** The block that begins with the frame just read; reads on to its end. */
  Http2Headers next() throws IOException {
    int stream = frames.stream;
    Bytes block = new Bytes(frames.length);
    block.put(frames.array(), frames.at, frames.length);
    while (!frames.has(Frame.END_HEADERS)) {
      frames.next();
      if (frames.type != Frame.CONTINUATION || block.length() > LIMIT) {
        throw new IOException("the server has sent headers without an end");
      }
      block.put(frames.array(), frames.at, frames.length);
    }
    try {
      return decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block.copy()));
    } catch (Http2Exception e) {
      throw new IOException("the server's headers cannot be read", e);
    }
  }
}
