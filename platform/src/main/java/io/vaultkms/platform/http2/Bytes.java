package io.vaultkms.platform.http2;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes that are being put together. */
final class Bytes {
  private byte[] array;
  private int length;

  Bytes(int capacity) {
    array = new byte[capacity];
  }

  void put(int value) {
    room(1);
    array[length++] = (byte) value;
  }

  void putInt(int value) {
    room(4);
    set(length, value);
    length += 4;
  }

  void put(byte[] bytes, int from, int count) {
    room(count);
    System.arraycopy(bytes, from, array, length, count);
    length += count;
  }

  /** A frame's head, whose payload may follow; returns where it stands. */
  int head(int payload, int type, int flags, int stream) {
    int at = length;
    put(payload >>> 16);
    put(payload >>> 8);
    put(payload);
    put(type);
    put(flags);
    putInt(stream);
    return at;
  }

  /** Corrects the length of the payload of a frame that ends here, and returns it. */
  int endFrame(int head) {
    int payload = length - head - Frame.HEAD;
    array[head] = (byte) (payload >>> 16);
    array[head + 1] = (byte) (payload >>> 8);
    array[head + 2] = (byte) payload;
    return payload;
  }

  private void set(int at, int value) {
    array[at] = (byte) (value >>> 24);
    array[at + 1] = (byte) (value >>> 16);
    array[at + 2] = (byte) (value >>> 8);
    array[at + 3] = (byte) value;
  }

  int length() {
    return length;
  }

  byte[] copy() {
    return Arrays.copyOf(array, length);
  }

  /** Writes all and forgets it. */
  void drainTo(OutputStream out) throws IOException {
    out.write(array, 0, length);
    length = 0;
  }

  private void room(int more) {
    if (length + more > array.length) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, length + more));
    }
  }
}
