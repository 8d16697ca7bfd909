package io.vaultkms.lab.plugin;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How to start the plugin as a process of its own, with the Java and the classes of this one. Only
 * the few libraries that the plugin uses go on its class path, and Netty does not pool buffers:
 * together that saves a third of its memory and a quarter of its start, of which there are several.
 */
public final class PluginCommand {
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xms8m",
          "-Xmx48m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dio.grpc.netty.useCustomAllocator=false",
          "-Dio.netty.allocator.type=unpooled");
  private static final Pattern NEEDED =
      Pattern.compile(
          "(lab|platform|grpc-[a-z-]+|netty-[a-z0-9-]+|protobuf-java|guava|failureaccess"
              + "|perfmark-api|jackson-core-2)[-.].*");

  private PluginCommand() {}

  /**
   * The whole command line.
   *
   * @param flags the plugin's own, as HashiCorp's takes them
   */
  public static List<String> of(List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.add("-cp");
    command.add(
        classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(LabKmsPlugin.class.getName());
    command.addAll(flags);
    return List.copyOf(command);
  }

  private static Set<Path> classPath() {
    Set<Path> all = new LinkedHashSet<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry).toAbsolutePath();
      all.add(path);
      all.addAll(namedByManifest(path));
    }
    all.removeIf(
        path ->
            !Files.isDirectory(path) && !NEEDED.matcher(path.getFileName().toString()).matches());
    return all;
  }

  private static List<Path> namedByManifest(Path path) {
    if (!Files.isRegularFile(path)) {
      return List.of();
    }
    try (JarFile jar = new JarFile(path.toFile())) {
      Manifest manifest = jar.getManifest();
      String names =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return names == null
          ? List.of()
          : List.of(names.strip().split("\\s+")).stream()
              .map(name -> Path.of(path.toUri().resolve(name)))
              .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
