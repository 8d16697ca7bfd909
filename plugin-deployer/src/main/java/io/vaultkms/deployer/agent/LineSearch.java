package io.vaultkms.deployer.agent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for a line in a text that comes in pieces, and keeps no more of it than one line of at most
 * 8 KiB; a longer one is passed over. For one thread at a time.
 */
final class LineSearch {
  private static final int LONGEST = 8 * 1024;

  private final Pattern pattern;
  private final byte[] line = new byte[LONGEST];
  private int length;
  private boolean tooLong;

  /**
   * @param pattern of a whole line, the first group of which is looked for
   */
  LineSearch(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Takes the next pieces; what is found in them, if anything, ends the search. */
  Optional<String> take(List<ByteBuffer> pieces) {
    for (ByteBuffer piece : pieces) {
      while (piece.hasRemaining()) {
        byte next = piece.get();
        if (next == '\n') {
          Optional<String> found = end();
          if (found.isPresent()) {
            return found;
          }
        } else if (length < LONGEST) {
          line[length++] = next;
        } else {
          tooLong = true;
        }
      }
    }
    return Optional.empty();
  }

  /** What the line holds that ends here; to be asked after the last piece too. */
  Optional<String> end() {
    String text = tooLong ? "" : new String(line, 0, length, StandardCharsets.UTF_8);
    length = 0;
    tooLong = false;
    Matcher found = pattern.matcher(text);
    return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
  }
}
