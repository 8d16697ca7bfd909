package io.vaultkms.platform.cluster;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Handshakes by key number, as an annotation has them: {@code 1=AbCdEfGh 2=IjKlMnOp}. */
public final class Handshakes {
  private Handshakes() {}

  /** What cannot be read is left out: it is tried once more, and that is all. */
  static SortedMap<Long, String> read(String text) {
    SortedMap<Long, String> handshakes = new TreeMap<>();
    for (String part : text.split(" ")) {
      if (part.matches("[1-9]\\d{0,17}=.+")) {
        int end = part.indexOf('=');
        handshakes.put(Long.parseLong(part.substring(0, end)), part.substring(end + 1));
      }
    }
    return handshakes;
  }

  public static String write(SortedMap<Long, String> handshakes) {
    return handshakes.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
