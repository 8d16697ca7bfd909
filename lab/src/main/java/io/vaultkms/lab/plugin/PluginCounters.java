package io.vaultkms.lab.plugin;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What the plugin counts, and how Prometheus wants to read it. Thread-safe. */
final class PluginCounters {
  private static final String CALLS = "vault_kms_calls_total";
  private static final String LOGINS = "vault_kms_logins_total";

  private final Map<String, LongAdder> calls = new ConcurrentSkipListMap<>();
  private final Map<String, LongAdder> logins = new ConcurrentSkipListMap<>();

  void call(String name, boolean good) {
    count(calls, "call=\"" + name + "\",result=\"" + result(good) + "\"");
  }

  void login(boolean good) {
    count(logins, "result=\"" + result(good) + "\"");
  }

  private static void count(Map<String, LongAdder> counters, String labels) {
    counters.computeIfAbsent(labels, key -> new LongAdder()).increment();
  }

  private static String result(boolean good) {
    return good ? "ok" : "error";
  }

  String prometheus(VaultView view) {
    StringBuilder text = new StringBuilder();
    text.append("# HELP ").append(CALLS).append(" KMS calls that were answered.\n");
    text.append("# TYPE ").append(CALLS).append(" counter\n");
    append(text, CALLS, calls);
    text.append("# HELP ").append(LOGINS).append(" AppRole logins that were tried.\n");
    text.append("# TYPE ").append(LOGINS).append(" counter\n");
    append(text, LOGINS, logins);
    gauge(text, "vault_kms_healthy", "1 while Status says ok.", view.problem() == null ? 1 : 0);
    gauge(text, "vault_kms_key_version", "Newest version seen of the key.", view.version());
    return text.toString();
  }

  private static void append(StringBuilder text, String name, Map<String, LongAdder> counters) {
    counters.forEach(
        (labels, value) -> text.append("%s{%s} %d\n".formatted(name, labels, value.sum())));
  }

  private static void gauge(StringBuilder text, String name, String help, long value) {
    text.append("# HELP %s %s\n# TYPE %s gauge\n%s %d\n".formatted(name, help, name, name, value));
  }
}
