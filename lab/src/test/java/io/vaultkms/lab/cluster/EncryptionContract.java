package io.vaultkms.lab.cluster;

import static io.vaultkms.lab.cluster.ClusterHttp.JSON;
import static io.vaultkms.lab.cluster.ClusterHttp.MERGE;
import static io.vaultkms.lab.cluster.ClusterHttp.METADATA;
import static io.vaultkms.lab.cluster.ClusterHttp.STRATEGIC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.lab.cluster.ClusterHttp.Answer;
import io.vaultkms.lab.plugin.FakeKms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encryption at rest: what is stored, what is stale, when a configuration comes into force. */
public abstract class EncryptionContract extends ControlPlaneContract {
  private static final String KEY = "c2VjcmV0IGlzIHNlY3VyZQ==";
  private static final String AESGCM =
      "{\"aesgcm\":{\"keys\":[{\"name\":\"%s\",\"secret\":\"" + KEY + "\"}]}}";
  private static final String IDENTITY = "{\"identity\":{}}";

  private FakeKms kms;

  @BeforeAll
  void startPlugin(@TempDir Path directory) {
    kms = new FakeKms(directory.resolve("kms.sock"));
    applyBase();
  }

  @AfterAll
  void stopPlugin() {
    apply(IDENTITY);
    kms.close();
  }

  /** Everything is plaintext again, so that no test meets what another one wrote. */
  @AfterEach
  void decryptEverything() {
    kms.recover();
    applyBase();
    rewriteAll();
  }

  /** Where every test begins: plaintext is written, and whatever a test has written is read. */
  private void applyBase() {
    apply(IDENTITY, provider("1_secrets"), AESGCM.formatted("k1"), AESGCM.formatted("k2"));
  }

  private void rewriteAll() {
    for (JsonNode item : http.get("/api/v1/secrets").json().path("items")) {
      JsonNode metadata = item.path("metadata");
      String path =
          "/api/v1/namespaces/%s/secrets/%s"
              .formatted(metadata.path("namespace").asText(), metadata.path("name").asText());
      assertThat(http.patch(path, MERGE, "{}").code()).isEqualTo(200);
    }
  }

  private String provider(String name) {
    return "{\"kms\":{\"apiVersion\":\"v2\",\"name\":\"%s\",\"endpoint\":\"unix://%s\",\"timeout\":\"3s\"}}"
        .formatted(name, kms.socket());
  }

  private static String configuration(String... providers) {
    return "{\"apiVersion\":\"apiserver.config.k8s.io/v1\",\"kind\":\"EncryptionConfiguration\","
        + "\"resources\":[{\"resources\":[\"secrets\"],\"providers\":["
        + String.join(",", providers)
        + "]}]}";
  }

  private ConditionFactory patiently() {
    return Awaitility.await()
        .atMost(cluster.reloadPoll().multipliedBy(3).plusSeconds(20))
        .pollInterval(isSlow() ? Duration.ofSeconds(1) : Duration.ofMillis(50))
        .ignoreExceptions();
  }

  /** Whether a restart is quicker than waiting until a file is looked at. */
  private boolean isSlow() {
    return cluster.reloadPoll().compareTo(Duration.ofSeconds(10)) > 0;
  }

  private void write(String node, String configuration) {
    try {
      Path file = cluster.encryptionConfig(node);
      Path next = file.resolveSibling("next.tmp");
      Files.writeString(next, configuration);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Brings a configuration into force the quickest way there is. */
  private void apply(String... providers) {
    applyOn(node(), configuration(providers));
  }

  private void applyOn(String node, String configuration) {
    write(node, configuration);
    if (isSlow()) {
      cluster.stop(node);
      cluster.start(node);
    }
    awaitInForce(node, configuration);
  }

  /** Brings a configuration into force by its file alone. */
  private void reload(String... providers) {
    reloadOn(node(), configuration(providers));
  }

  private void reloadOn(String node, String configuration) {
    write(node, configuration);
    awaitInForce(node, configuration);
  }

  private void awaitInForce(String node, String configuration) {
    try (var there = http(node)) {
      patiently().until(() -> there.get("/metrics").text().contains(applied(configuration)));
    }
  }

  private ClusterHttp http(String node) {
    return new ClusterHttp(cluster.url(node), cluster.caCertificate(), cluster.adminToken());
  }

  private String metrics() {
    return http.get("/metrics").text();
  }

  private static String applied(String configuration) {
    return "hash=\"" + hash(configuration) + "\"} 1";
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private Map<String, Long> storedSecrets() {
    return cluster.census().getOrDefault("secrets", Map.of());
  }

  /** The patch that rewrites what is stale and changes nothing. */
  private Answer touch(JsonNode object) {
    var patch = JSON.createObjectNode();
    patch.putObject("metadata").put("uid", uidOf(object)).put("resourceVersion", versionOf(object));
    String name = object.at("/metadata/name").asText();
    return http.patch(
        secrets + "/" + name + "?fieldValidation=Ignore",
        STRATEGIC,
        patch.toString(),
        "Accept",
        METADATA);
  }

  private JsonNode read(String name) {
    return http.get(secrets + "/" + name).json();
  }

  @Test
  void rewritesWhatIsStaleAfterAChangeOfProviderAndNothingElse() {
    JsonNode plain = create("stale");
    apply(AESGCM.formatted("k1"), IDENTITY);

    Answer rewritten = touch(plain);
    Answer again = touch(read("stale"));

    assertThat(rewritten.code()).isEqualTo(200);
    assertThat(rewritten.resourceVersion()).isNotEqualTo(versionOf(plain));
    assertThat(again.resourceVersion()).isEqualTo(rewritten.resourceVersion());
    assertThat(storedSecrets()).containsEntry("k8s:enc:aesgcm:v1:k1", 1L);
    assertThat(read("stale").path("data")).isEqualTo(plain.path("data"));
  }

  @Test
  void tellsWatchersOfARewrite() {
    JsonNode plain = create("seen");
    apply(AESGCM.formatted("k1"), IDENTITY);
    String version = http.get(secrets).resourceVersion();
    touch(plain);

    String path = secrets + "?watch=true&timeoutSeconds=20&resourceVersion=" + version;
    try (Stream<JsonNode> events = http.watch(path)) {
      JsonNode event = events.findFirst().orElseThrow();
      assertThat(event.path("type").asText()).isEqualTo("MODIFIED");
      assertThat(event.at("/object/data")).isEqualTo(plain.path("data"));
    }
  }

  @Test
  void goesFromOneLocalKeyToAnother() {
    apply(AESGCM.formatted("k1"), IDENTITY);
    JsonNode first = create("moved");
    apply(AESGCM.formatted("k2"), AESGCM.formatted("k1"), IDENTITY);

    Answer rewritten = touch(first);

    assertThat(rewritten.resourceVersion()).isNotEqualTo(versionOf(first));
    assertThat(storedSecrets()).containsEntry("k8s:enc:aesgcm:v1:k2", 1L);
    assertThat(read("moved").path("data")).isEqualTo(first.path("data"));
  }

  @Test
  void encryptsWithThePluginsKey() {
    apply(provider("1_secrets"), IDENTITY);

    JsonNode made = create("kms");

    assertThat(storedSecrets()).containsEntry("k8s:enc:kms:v2:1_secrets", 1L);
    assertThat(read("kms")).isEqualTo(made);
    assertThat(touch(made).resourceVersion()).isEqualTo(versionOf(made));
    assertThat(metrics())
        .contains("provider_name=\"1_secrets\"")
        .contains("key_id_hash=\"" + hash(kms.keyId()) + "\"")
        .contains("transformation_type=\"to_storage\"");
  }

  @Test
  void rewritesWhatIsStaleAfterARotationOfTheRemoteKey() {
    apply(provider("1_secrets"), IDENTITY);
    JsonNode made = create("rotated");
    kms.rotate();

    patiently().until(() -> !touch(read("rotated")).resourceVersion().equals(versionOf(made)));

    JsonNode rewritten = read("rotated");
    assertThat(touch(rewritten).resourceVersion()).isEqualTo(versionOf(rewritten));
    assertThat(rewritten.path("data")).isEqualTo(made.path("data"));
  }

  @Test
  void readsWhatAnotherApiServerWrote() {
    apply(provider("1_secrets"), IDENTITY);
    JsonNode made = create("shared");
    String other = cluster.nodes().get(1);
    String configuration = configuration(IDENTITY, provider("1_secrets"));
    int before = kms.decrypts();
    applyOn(other, configuration);
    try (var there = http(other)) {
      assertThat(there.get(secrets + "/shared").json()).isEqualTo(made);
      int decrypts = kms.decrypts();
      assertThat(decrypts).isGreaterThan(before);
      assertThat(there.get(secrets + "/shared").json()).isEqualTo(made);
      assertThat(kms.decrypts()).isEqualTo(decrypts);
      reloadOn(other, configuration(IDENTITY));
      assertThat(there.get(secrets + "/shared").code()).isEqualTo(500);
    }
  }

  /** A list may still be answered from memory. */
  @Test
  void cannotReadWhatNoProviderWrote() {
    apply(provider("1_secrets"), IDENTITY);
    create("lost");
    reload(IDENTITY);

    Answer one = http.get(secrets + "/lost");

    assertThat(one.code()).isEqualTo(500);
    assertThat(one.json().path("reason").asText()).isEqualTo("InternalError");
    assertThat(one.text()).contains("no matching prefix found");
  }

  @Test
  void showsTheHashOfTheConfigurationInForce() {
    String configuration = configuration(AESGCM.formatted("k1"), IDENTITY);
    reload(AESGCM.formatted("k1"), IDENTITY);

    List<String> shown =
        metrics()
            .lines()
            .filter(
                line -> line.startsWith("apiserver_encryption_config_controller_last_config_info"))
            .toList();

    assertThat(shown)
        .singleElement()
        .asString()
        .matches(
            ".*\\{apiserver_id_hash=\"sha256:[0-9a-f]{64}\",hash=\""
                + hash(configuration)
                + "\"} 1");
  }

  @Test
  void keepsTheOldConfigurationWhileANewPluginIsNotHealthy() {
    apply(AESGCM.formatted("k1"), IDENTITY);
    kms.breakDown("sealed");
    String configuration = configuration(provider("1_secrets"), AESGCM.formatted("k1"), IDENTITY);
    write(node(), configuration);
    patiently().until(() -> failures() > 0);

    create("meanwhile");
    assertThat(storedSecrets()).containsEntry("k8s:enc:aesgcm:v1:k1", 1L);
    assertThat(metrics()).doesNotContain(applied(configuration));
    kms.recover();
    patiently().until(() -> metrics().contains(applied(configuration)));
    create("afterwards");
    assertThat(storedSecrets()).containsEntry("k8s:enc:kms:v2:1_secrets", 1L);
  }

  private double failures() {
    return metrics()
        .lines()
        .filter(line -> line.contains("automatic_reloads_total{"))
        .filter(line -> line.contains("status=\"failure\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void keepsTheOldConfigurationWhenTheFileIsBroken() {
    apply(AESGCM.formatted("k1"), IDENTITY);
    double before = failures();

    write(node(), "{\"kind\":\"EncryptionConfiguration\"");

    patiently().until(() -> failures() > before);
    assertThat(http.post(secrets, ClusterHttp.secret("still", Map.of())).code()).isEqualTo(201);
    assertThat(storedSecrets()).containsEntry("k8s:enc:aesgcm:v1:k1", 1L);
  }

  @Test
  void isNotReadyButAliveWhileAPluginIsDown() {
    apply(provider("1_secrets"), IDENTITY);
    create("before");
    kms.breakDown("sealed");

    patiently().until(() -> http.get("/readyz").code() == 500);
    String checks = http.get("/readyz").text();
    assertThat(checks.lines().collect(Collectors.toList()))
        .contains("[-]kms-providers failed: reason withheld", "[+]ping ok");
    assertThat(http.get("/healthz").code()).isEqualTo(500);
    assertThat(http.get("/livez").code()).isEqualTo(200);
    assertThat(http.get(secrets + "/before").code()).isEqualTo(200);
    assertThat(http.post(secrets, ClusterHttp.secret("during", Map.of())).code()).isEqualTo(201);
    kms.recover();
    patiently().until(() -> http.get("/readyz").code() == 200);
  }
}
