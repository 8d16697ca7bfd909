package io.vaultkms.cli.command;

import java.util.regex.Pattern;

/** Texts from elsewhere as they may be shown: on one line, and unable to steer a terminal. */
public final class Printable {
  private static final Pattern BREAKS = Pattern.compile("\\s*\\R\\s*");
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

  private Printable() {}

  public static String line(String text) {
    return CONTROLS.matcher(BREAKS.matcher(text.strip()).replaceAll(" ")).replaceAll("\uFFFD");
  }
}
