package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.envelope.Encryption;
import io.vaultkms.lab.apiserver.envelope.EncryptionObserver;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The metrics of one API server, under the names that kube-apiserver has for them. Its info metric
 * keeps its suffix, which a metrics library would not allow, so that the text is written here.
 */
final class ServerMetrics implements EncryptionObserver {
  private static final String CONTROLLER = "apiserver_encryption_config_controller_";
  private static final String LAST_CONFIG = CONTROLLER + "last_config_info";
  private static final String RELOADS = CONTROLLER + "automatic_reloads_total";
  private static final String LAST_RELOAD = CONTROLLER + "automatic_reload_last_timestamp_seconds";
  private static final String KEY_IDS = "apiserver_envelope_encryption_key_id_hash_total";
  private static final String REQUESTS = "apiserver_request_total";

  private final String serverId;
  private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
  private final Map<String, Double> gauges = new ConcurrentHashMap<>();
  private final Map<String, String> keyIdHashes = new ConcurrentHashMap<>();

  /**
   * @param name the API server's name, which the metrics show as a hash
   */
  ServerMetrics(String name) {
    this.serverId = hash("kube-apiserver-" + name);
  }

  private static String hash(String text) {
    return Encryption.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void transformed(String provider, String keyId, String transformation) {
    String keyIdHash = keyIdHashes.computeIfAbsent(keyId, ServerMetrics::hash);
    count(
        "%s{apiserver_id_hash=\"%s\",key_id_hash=\"%s\",provider_name=\"%s\",transformation_type=\"%s\"}"
            .formatted(KEY_IDS, serverId, keyIdHash, provider, transformation));
  }

  @Override
  public void applied(String configHash, boolean reload) {
    gauges.keySet().removeIf(series -> series.startsWith(LAST_CONFIG));
    gauges.put(
        "%s{apiserver_id_hash=\"%s\",hash=\"%s\"}".formatted(LAST_CONFIG, serverId, configHash),
        1.0);
    if (reload) {
      reloaded("success");
    }
  }

  @Override
  public void reloadFailed() {
    reloaded("failure");
  }

  private void reloaded(String status) {
    String labels = "{apiserver_id_hash=\"%s\",status=\"%s\"}".formatted(serverId, status);
    count(RELOADS + labels);
    gauges.put(LAST_RELOAD + labels, System.currentTimeMillis() / 1000.0);
  }

  void request(String verb, String resource, int code) {
    count("%s{code=\"%d\",resource=\"%s\",verb=\"%s\"}".formatted(REQUESTS, code, resource, verb));
  }

  private void count(String series) {
    counters.computeIfAbsent(series, key -> new LongAdder()).increment();
  }

  /** The Prometheus text format. */
  String text() {
    Map<String, String> lines = new TreeMap<>();
    counters.forEach((series, count) -> lines.put(series, Long.toString(count.sum())));
    gauges.forEach((series, value) -> lines.put(series, number(value)));
    StringBuilder text = new StringBuilder();
    String family = "";
    for (Map.Entry<String, String> line : lines.entrySet()) {
      String name = line.getKey().substring(0, line.getKey().indexOf('{'));
      if (!name.equals(family)) {
        family = name;
        String type = name.endsWith("_total") ? "counter" : "gauge";
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
      }
      text.append(line.getKey()).append(' ').append(line.getValue()).append('\n');
    }
    return text.toString();
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
