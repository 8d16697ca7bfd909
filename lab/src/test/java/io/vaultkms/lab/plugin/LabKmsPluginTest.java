package io.vaultkms.lab.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.vault.LabVault;
import io.vaultkms.lab.vault.VaultPolicy;
import io.vaultkms.platform.kms.KmsPlugin.PluginStatus;
import io.vaultkms.platform.kms.KmsPlugin.Wrapped;
import io.vaultkms.platform.kms.KmsPluginException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin as a process of its own, on a Vault of its own, through its socket. */
class LabKmsPluginTest {
  private static final byte[] SEED = "thirty-two bytes of a seed......".getBytes(UTF_8);
  private static final int SIGTERM = 128 + 15;

  private static Vertx vertx;
  private static LabVault vault;
  private static String role;
  private static Path folder;
  private static int metricsPort;
  private static int healthPort;
  private static PluginProcess plugin;

  private final List<PluginProcess> others = new ArrayList<>();

  @BeforeAll
  static void startVaultAndPlugin(@TempDir Path temporary) throws IOException {
    folder = temporary;
    vertx = Vertx.vertx();
    vault = LabVault.start(LabVault.Options.of(vertx, CertificateAuthority.create("Lab CA")));
    vault.createTransitKey("", "transit", "my-key");
    role = vault.createAppRole("", "approle", "transit/keys/my-key", "transit/keys/missing");
    Files.writeString(folder.resolve("secret-id"), vault.newSecretId(role) + "\n");
    Files.writeString(folder.resolve("ca.pem"), vault.caPem());
    metricsPort = freePort();
    healthPort = freePort();
    plugin =
        PluginProcess.start(
            folder, socket(), flags("-metrics-port=" + metricsPort, "-health-port=" + healthPort));
  }

  @AfterAll
  static void stopAll() {
    plugin.close();
    vault.close();
    vertx.close().await();
  }

  @BeforeEach
  void awaitHealthy() {
    plugin.awaitHealthy();
  }

  @AfterEach
  void stopOthers() {
    for (PluginProcess other : others) {
      other.close();
    }
  }

  @Test
  void wrapsAndUnwrapsThroughVault() throws Exception {
    PluginStatus status = plugin.client().status();
    Wrapped wrapped = plugin.client().encrypt(SEED, "uid-1");

    assertThat(status.version()).isEqualTo("v2");
    assertThat(wrapped.keyId()).isEqualTo(status.keyId()).isNotEmpty();
    assertThat(new String(wrapped.ciphertext(), UTF_8)).startsWith("vault:v");
    assertThat(plugin.client().decrypt(wrapped, "uid-2")).isEqualTo(SEED);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
        .isEqualTo("rwxrwx---");
  }

  @Test
  void aRotationShowsAsANewKeyIdAndOldCiphertextStillDecrypts() {
    Wrapped old = plugin.client().encrypt(SEED, "uid");

    int version = vault.rotate("", "transit", "my-key");

    PluginStatus rotated = plugin.awaitStatus(status -> !status.keyId().equals(old.keyId()));
    Wrapped fresh = plugin.client().encrypt(SEED, "uid");
    assertThat(new String(fresh.ciphertext(), UTF_8)).startsWith("vault:v" + version + ":");
    assertThat(fresh.keyId()).isEqualTo(rotated.keyId());
    assertThat(plugin.client().decrypt(old, "uid")).isEqualTo(SEED);
  }

  @Test
  void aSealedVaultIsToldAndAnUnsealedOneServesAgain() {
    Wrapped wrapped = plugin.client().encrypt(SEED, "uid");

    vault.seal();

    assertThatThrownBy(() -> plugin.client().encrypt(SEED, "uid"))
        .isInstanceOf(KmsPluginException.class)
        .hasMessageContaining("Vault says 503: Vault is sealed");
    assertThat(plugin.client().status().healthz()).isEqualTo("Vault says 503: Vault is sealed");

    vault.unseal();

    plugin.awaitHealthy();
    assertThat(plugin.client().decrypt(wrapped, "uid")).isEqualTo(SEED);
  }

  @Test
  void aPermissionTakenAwayIsToldAndRecoversWithoutACall() {
    VaultPolicy policy = VaultPolicy.forPlugin("transit/keys/my-key", "transit/keys/missing");

    vault.setPolicy(role, policy.without("transit/encrypt/my-key"));

    assertThatThrownBy(() -> plugin.client().encrypt(SEED, "uid"))
        .hasMessageContaining("Vault says 403 on POST transit/encrypt/my-key: permission denied");
    assertThat(plugin.client().status().healthz()).contains("403 on POST transit/encrypt/my-key");
    vault.setPolicy(role, policy);
    plugin.awaitHealthy();
  }

  @Test
  void wrongCiphertextIsTheCallersFaultAndStatusStaysOk() {
    Wrapped rubbish = new Wrapped("rubbish".getBytes(UTF_8), "any", Map.of());

    assertThatThrownBy(() -> plugin.client().decrypt(rubbish, "uid"))
        .hasMessageContaining("Vault says 400 on POST transit/decrypt/my-key: invalid ciphertext");
    assertThat(plugin.client().status().healthy()).isTrue();
  }

  @Test
  void servesMetricsAndHealth() throws Exception {
    assertThat(page(metricsPort, "/metrics"))
        .contains("vault_kms_logins_total{result=\"ok\"}")
        .contains("vault_kms_calls_total{call=\"status\",result=\"ok\"}")
        .contains("vault_kms_healthy 1");
    assertThat(page(healthPort, "/healthz")).isEqualTo("ok\n");
    assertThat(page(healthPort, "/readyz")).isEqualTo("ok\n");
  }

  @Test
  void startsWithoutVaultAndRecoversWhenItComes() throws Exception {
    vault.disconnect();
    PluginProcess other = startOther();

    other.awaitProblem("cannot be reached");
    vault.reconnect();

    other.awaitHealthy();
    assertThat(other.output()).doesNotContain("Exception");
  }

  @Test
  void aWrongSecretIdIsToldWithoutTheSecret() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong-secret-id"), "s3cret-of-mine");

    PluginProcess other = startOther("-approle-secret-id-path=" + wrong);

    assertThat(other.awaitProblem("AppRole login failed").healthz())
        .isEqualTo(
            "AppRole login failed: Vault says 400 on POST auth/approle/login:"
                + " invalid role or secret ID");
    assertThat(other.output()).doesNotContain("s3cret-of-mine");
  }

  @Test
  void aWrongCaIsTold() throws Exception {
    Path wrong = folder.resolve("wrong-ca.pem");
    Files.writeString(wrong, CertificateAuthority.create("Other CA").caPem());

    PluginProcess other = startOther("-tls-ca-file=" + wrong);

    other.awaitProblem("Vault's certificate is not signed by a CA in " + wrong);
  }

  @Test
  void aMissingKeyIsToldAndNeverMade() throws Exception {
    PluginProcess other = startOther("-vault-key-path=transit/keys/missing");

    other.awaitProblem("Vault says 404 on GET transit/keys/missing: not found");
    assertThatThrownBy(() -> other.client().encrypt(SEED, "uid"))
        .hasMessageContaining("Vault says 403 on POST transit/encrypt/missing: permission denied");
  }

  @Test
  void anUnknownFlagEndsItWithOneSentenceAndExitCode2() throws Exception {
    PluginProcess other = startOther("-colour=red");

    assertThat(other.awaitExit()).isEqualTo(2);
    assertThat(other.output()).isEqualTo("unknown flag -colour\n");
  }

  @Test
  void aMissingSecretIdFileEndsItWithOneSentenceAndExitCode2() throws Exception {
    Path nowhere = folder.resolve("nowhere");
    PluginProcess other = startOther("-approle-secret-id-path=" + nowhere);

    assertThat(other.awaitExit()).isEqualTo(2);
    assertThat(other.output())
        .isEqualTo("flag -approle-secret-id-path names " + nowhere + ", which cannot be read\n");
  }

  @Test
  void sigtermEndsItAndRemovesTheSocket() throws Exception {
    PluginProcess other = startOther();
    other.awaitHealthy();

    other.terminate();

    assertThat(other.awaitExit()).isEqualTo(SIGTERM);
    assertThat(otherSocket()).doesNotExist();
  }

  @Test
  void aSocketLeftByAKilledPluginIsReplaced() throws Exception {
    PluginProcess killed = startOther();
    killed.awaitHealthy();
    killed.kill();
    killed.awaitExit();
    assertThat(otherSocket()).exists();

    startOther().awaitHealthy();
  }

  @Test
  void aLiveSocketIsNotTakenOver() throws Exception {
    PluginProcess other = startOther(socket());

    assertThat(other.awaitExit()).isEqualTo(1);
    assertThat(other.output())
        .isEqualTo("cannot listen on " + socket() + ": another plugin does\n");
    assertThat(plugin.client().encrypt(SEED, "uid").keyId()).isNotEmpty();
  }

  private static Path socket() {
    return folder.resolve("kms.sock");
  }

  private PluginProcess startOther(String... more) throws IOException {
    return startOther(otherSocket(), more);
  }

  private static Path otherSocket() {
    return folder.resolve("other.sock");
  }

  private PluginProcess startOther(Path socket, String... more) throws IOException {
    PluginProcess process = PluginProcess.start(folder, socket, flags(more));
    others.add(process);
    return process;
  }

  /** The right flags, and more of them or others in their place: the last one wins. */
  private static List<String> flags(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "-vault-address=" + vault.address(),
                "-vault-key-path=transit/keys/my-key",
                "-approle-role-id=" + role,
                "-approle-secret-id-path=" + folder.resolve("secret-id"),
                "-tls-ca-file=" + folder.resolve("ca.pem"),
                "-metrics-port=0",
                "-health-port=0",
                "-key-poll-interval=200ms"));
    flags.addAll(List.of(more));
    return flags;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String page(int port, String path) throws Exception {
    URI uri = URI.create("http://localhost:" + port + path);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }
}
