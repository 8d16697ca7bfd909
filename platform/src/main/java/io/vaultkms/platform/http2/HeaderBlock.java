package io.vaultkms.platform.http2;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes header blocks (HPACK, RFC 7541). A field that comes back is put into the table that the
 * server keeps, and named by its number from then on; when the table is full no more are put there,
 * so that nothing is ever evicted and no number has to be forgotten. Not for several threads.
 */
final class HeaderBlock {
  private static final int TABLE = 4_096;
  private static final int ENTRY = 32;
  private static final int FIRST_DYNAMIC = 62;
  private static final Map<String, Integer> NAMES =
      Map.of(
          ":authority", 1,
          ":method", 2,
          ":path", 4,
          "accept", 19,
          "accept-encoding", 16,
          "authorization", 23,
          "content-type", 31,
          "user-agent", 58);
  private static final int METHOD_GET = 0x82;
  private static final int SCHEME_HTTPS = 0x87;

  private final String authority;
  private final Map<String, Integer> table = new HashMap<>();
  private boolean indexing = true;
  private boolean tellSize;
  private int used;

  HeaderBlock(String authority) {
    this.authority = authority;
  }

  /** The server keeps no table of the usual size: it is used for nothing. */
  void forgoTable() {
    table.clear();
    indexing = false;
    tellSize = true;
  }

  void write(Request request, Bytes out) {
    if (tellSize) {
      out.put(0x20); // The table's size from now on: 0.
      tellSize = false;
    }
    if (request.method().equals("GET")) {
      out.put(METHOD_GET);
    } else {
      recurring(":method", request.method(), out);
    }
    out.put(SCHEME_HTTPS);
    recurring(":authority", authority, out);
    number(0x00, 4, NAMES.get(":path"), out);
    text(request.path(), out);
    request.headers().forEach((name, value) -> recurring(name, value, out));
    if (request.body().length > 0) {
      number(0x00, 4, 28, out);
      text(Integer.toString(request.body().length), out);
    }
  }

  private void recurring(String name, String value, Bytes out) {
    String field = name + '\n' + value;
    Integer entry = table.get(field);
    if (entry != null) {
      number(0x80, 7, FIRST_DYNAMIC + table.size() - 1 - entry, out);
      return;
    }
    int size = ENTRY + name.length() + value.length();
    boolean index = indexing && used + size <= TABLE;
    int known = NAMES.getOrDefault(name, 0);
    number(index ? 0x40 : 0x00, index ? 6 : 4, known, out);
    if (known == 0) {
      text(name, out);
    }
    text(value, out);
    if (index) {
      table.put(field, table.size());
      used += size;
    }
  }

  private static void text(String text, Bytes out) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    number(0x00, 7, bytes.length, out);
    out.put(bytes, 0, bytes.length);
  }

  /** An integer with a prefix of so many bits. */
  private static void number(int pattern, int bits, int value, Bytes out) {
    int most = (1 << bits) - 1;
    if (value < most) {
      out.put(pattern | value);
      return;
    }
    out.put(pattern | most);
    int rest = value - most;
    while (rest >= 0x80) {
      out.put(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.put(rest);
  }
}
