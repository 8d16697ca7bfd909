package io.vaultkms.lab.deployment;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the volumes of one pod are on the host, and what the paths in its containers are there. A
 * path is mounted from one volume in all containers of the pod.
 */
record PodPaths(Path folder, Map<String, String> volumeAt) {
  static PodPaths of(Path folder, PodSpec spec) {
    Map<String, String> volumes = new HashMap<>();
    Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
        .map(Container::getVolumeMounts)
        .flatMap(List::stream)
        .forEach((VolumeMount mount) -> volumes.put(mount.getMountPath(), mount.getName()));
    return new PodPaths(folder, volumes);
  }

  Path volume(String name) {
    return folder.resolve(name);
  }

  /** A text in which every mounted path is the host's; each is looked at once. */
  String onHost(String text) {
    if (volumeAt.isEmpty()) {
      return text;
    }
    String all =
        volumeAt.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    Matcher found = Pattern.compile("(?<![\\w.-])(" + all + ")(?=/|\"|$)").matcher(text);
    return found.replaceAll(
        match -> Matcher.quoteReplacement(volume(volumeAt.get(match.group(1))).toString()));
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
