package io.vaultkms.cli.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * What a person sees. On a terminal the progress bar is redrawn in place; elsewhere there are plain
 * lines without control characters. From any thread.
 */
final class Screen {
  private static final int BAR = 30;

  private final PrintStream out;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private boolean barDrawn;
  private int lastTenth = -1;

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** One line with the time since the start. */
  synchronized void line(String format, Object... values) {
    clearBar();
    out.printf(Locale.ROOT, "%6.1fs  %s%n", seconds(), format.formatted(values));
    out.flush();
  }

  /** One line as it is. */
  synchronized void plain(String text) {
    clearBar();
    out.println(text);
    out.flush();
  }

  /** Where a migration is: a bar on a terminal, a line at every tenth elsewhere. */
  synchronized void progress(String what, long done, long total, double perSecond) {
    long all = Math.max(total, 1);
    String text =
        String.format(Locale.ROOT, "%-10s %,d of %,d  %,.0f/s", what, done, total, perSecond);
    if (terminal) {
      int full = (int) Math.min(BAR, BAR * done / all);
      out.printf(
          Locale.ROOT,
          "\r\u001b[K%6.1fs  [%s%s] %s",
          seconds(),
          "#".repeat(full),
          ".".repeat(BAR - full),
          text);
      out.flush();
      barDrawn = true;
      return;
    }
    int tenth = (int) (10 * done / all);
    if (tenth != lastTenth) {
      lastTenth = tenth;
      out.printf(Locale.ROOT, "%6.1fs  migrating %s%n", seconds(), text);
      out.flush();
    }
  }

  double seconds() {
    return Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
  }

  private void clearBar() {
    if (barDrawn) {
      out.print("\r\u001b[K");
      barDrawn = false;
    }
  }
}
