package io.vaultkms.platform.http2;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads frame after frame; the payload stays where it is until the next one is read. */
final class FrameReader {
  private final InputStream in;
  private byte[] buffer = new byte[2 * Frame.LONGEST];
  private int from;
  private int to;

  int type;
  int flags;
  int stream;

  /** Where the payload begins and how long it is. */
  int at;

  int length;

  /** The payload's length with its padding, which is what flow control counts. */
  int counted;

  FrameReader(InputStream in) {
    this.in = in;
  }

  byte[] array() {
    return buffer;
  }

  void next() throws IOException {
    need(Frame.HEAD);
    length = int24(from);
    type = buffer[from + 3] & 0xff;
    flags = buffer[from + 4] & 0xff;
    stream = int32(from + 5) & 0x7fff_ffff;
    if (length > Frame.LONGEST) {
      throw new IOException("a frame of %d bytes is too long".formatted(length));
    }
    need(Frame.HEAD + length);
    counted = length;
    at = from + Frame.HEAD;
    from = at + length;
    stripPadding();
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  int int32(int position) {
    return int24(position) << 8 | buffer[position + 3] & 0xff;
  }

  int int16(int position) {
    return (buffer[position] & 0xff) << 8 | buffer[position + 1] & 0xff;
  }

  private int int24(int position) {
    return (buffer[position] & 0xff) << 16
        | (buffer[position + 1] & 0xff) << 8
        | buffer[position + 2] & 0xff;
  }

  private void stripPadding() throws IOException {
    boolean padded = has(Frame.PADDED) && (type == Frame.DATA || type == Frame.HEADERS);
    int before = padded ? 1 : 0;
    int after = padded && length > 0 ? buffer[at] & 0xff : 0;
    if (type == Frame.HEADERS && has(Frame.PRIORITY)) {
      before += 5;
    }
    if (before + after > length) {
      throw new IOException("a frame's padding is longer than the frame");
    }
    at += before;
    length -= before + after;
  }

  private void need(int count) throws IOException {
    if (buffer.length - from < count) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    while (to - from < count) {
      int read = in.read(buffer, to, buffer.length - to);
      if (read < 0) {
        throw new EOFException("the server has closed the connection");
      }
      to += read;
    }
  }
}
