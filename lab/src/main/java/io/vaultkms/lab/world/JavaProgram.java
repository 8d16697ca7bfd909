package io.vaultkms.lab.world;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start a Java program with the Java and the classes of this process. */
public final class JavaProgram {
  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  private JavaProgram() {}

  /** The command for a main class; {@code heap} as in -Xmx. */
  public static List<String> command(String mainClass, String heap) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(SMALL);
    command.add("-Xmx" + heap);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    return List.copyOf(command);
  }

  /** The java that runs this process. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
