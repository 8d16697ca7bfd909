package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.envelope.Encryption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * {@code /livez}, {@code /readyz} and {@code /healthz}, with their checks as sub-paths. Which check
 * belongs where is what a kube-apiserver 1.36 shows: its readiness does not ask etcd.
 */
final class HealthChecks {
  private final Map<String, BooleanSupplier> live = new LinkedHashMap<>();
  private final Map<String, BooleanSupplier> ready = new LinkedHashMap<>();
  private final Map<String, BooleanSupplier> healthy = new LinkedHashMap<>();

  HealthChecks(Encryption encryption) {
    live.put("ping", () -> true);
    live.put("log", () -> true);
    ready.putAll(live);
    live.put("etcd", () -> true);
    healthy.putAll(live);
    healthy.put("kms-providers", encryption::healthy);
    ready.put("kms-providers", encryption::healthy);
    ready.put("informer-sync", encryption::loaded);
  }

  static boolean isHealthPath(List<String> path) {
    return !path.isEmpty() && List.of("livez", "readyz", "healthz").contains(path.getFirst());
  }

  Reply.Text answer(List<String> path, boolean verbose) {
    Map<String, BooleanSupplier> checks =
        switch (path.getFirst()) {
          case "livez" -> live;
          case "readyz" -> ready;
          default -> healthy;
        };
    if (path.size() > 1) {
      BooleanSupplier one = checks.get(path.get(1));
      if (one == null) {
        return new Reply.Text(404, "404 page not found\n");
      }
      return one.getAsBoolean()
          ? new Reply.Text(200, "ok")
          : new Reply.Text(500, "internal server error: " + path.get(1) + " failed\n");
    }
    StringBuilder body = new StringBuilder();
    boolean ok = true;
    for (Map.Entry<String, BooleanSupplier> check : checks.entrySet()) {
      boolean passed = check.getValue().getAsBoolean();
      ok &= passed;
      body.append(passed ? "[+]" : "[-]").append(check.getKey());
      body.append(passed ? " ok\n" : " failed: reason withheld\n");
    }
    String name = path.getFirst();
    if (!ok) {
      return new Reply.Text(500, body + name + " check failed\n");
    }
    return new Reply.Text(200, verbose ? body + name + " check passed\n" : "ok");
  }
}
