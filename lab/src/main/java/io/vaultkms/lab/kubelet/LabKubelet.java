package io.vaultkms.lab.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.*;
import java.util.function.Function;

/** Placeholder. */
public final class LabKubelet implements AutoCloseable {
  private final Path manifests;
  private final Path logs;
  private final Function<String, List<String>> images;
  private final Map<String, String> running = new HashMap<>();
  private final Map<String, Process> processes = new HashMap<>();
  private volatile boolean stopped;
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);

  private LabKubelet(Path manifests, Path logs, Function<String, List<String>> images) {
    this.manifests = manifests;
    this.logs = logs;
    this.images = images;
  }

  public static LabKubelet start(Path manifests, Path logs, Function<String, List<String>> images) {
    LabKubelet k = new LabKubelet(manifests, logs, images);
    try {
      Files.createDirectories(manifests);
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new RuntimeException(e);
    }
    k.thread.start();
    return k;
  }

  private void run() {
    while (!stopped) {
      try {
        sync();
        Thread.sleep(200);
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        System.err.println(e);
      }
    }
  }

  private synchronized void sync() throws Exception {
    Map<String, String> wanted = new HashMap<>();
    try (var files = Files.list(manifests)) {
      for (Path f : files.toList())
        if (!f.getFileName().toString().startsWith("."))
          wanted.put(f.getFileName().toString(), Files.readString(f));
    }
    for (String name : List.copyOf(running.keySet()))
      if (!running.get(name).equals(wanted.get(name))) {
        Process p = processes.remove(name);
        p.destroy();
        p.waitFor();
        running.remove(name);
      }
    for (var e : wanted.entrySet()) {
      Process p = processes.get(e.getKey());
      if (p != null && p.isAlive()) continue;
      JsonNode c = Json.MAPPER.readTree(e.getValue()).at("/spec/containers/0");
      for (JsonNode v : Json.MAPPER.readTree(e.getValue()).at("/spec/volumes"))
        Files.createDirectories(Path.of(v.at("/hostPath/path").asText()));
      List<String> cmd = new ArrayList<>(images.apply(c.path("image").asText()));
      c.path("args").forEach(a -> cmd.add(a.asText()));
      var log = logs.resolve(e.getKey() + ".log").toFile();
      processes.put(
          e.getKey(),
          new ProcessBuilder(cmd)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start());
      running.put(e.getKey(), e.getValue());
    }
  }

  @Override
  public synchronized void close() {
    stopped = true;
    thread.interrupt();
    processes.values().forEach(Process::destroy);
  }
}
