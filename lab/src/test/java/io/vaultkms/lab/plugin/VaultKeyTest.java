package io.vaultkms.lab.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vaultkms.lab.plugin.VaultKey.Wrapped;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.vault.LabVault;
import io.vaultkms.lab.vault.VaultOperation;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the plugin makes of Vault's answers, on a real Vault stand-in over TLS. */
class VaultKeyTest {
  private static final byte[] SEED = "thirty-two bytes of a seed......".getBytes(UTF_8);
  private static final TimeLimit SOON = TimeLimit.in(Duration.ofMinutes(1));

  private static Vertx vertx;
  private static CertificateAuthority authority;

  @TempDir private Path folder;
  private LabVault vault;
  private String role;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
    authority = CertificateAuthority.create("Lab CA");
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().await();
  }

  @AfterEach
  void stopVault() {
    vault.close();
  }

  @Test
  void theKeyIdFollowsTheVersionThatReallyEncrypted() throws Exception {
    start(options());
    VaultKey key = key();
    Wrapped old = key.encrypt(SEED, SOON);

    vault.rotate("", "transit", "my-key");
    Wrapped fresh = key.encrypt(SEED, SOON);

    assertThat(old.version()).isEqualTo(1);
    assertThat(fresh.version()).isEqualTo(2);
    assertThat(fresh.ciphertext()).startsWith("vault:v2:");
    assertThat(key.keyId(2)).isNotEqualTo(key.keyId(1)).hasSize(16);
    assertThat(key("-vault-key-path=transit/keys/other").keyId(1)).isNotEqualTo(key.keyId(1));
    assertThat(key().keyId(1)).isEqualTo(key.keyId(1));
    assertThat(key.latestVersion(SOON)).isEqualTo(2);
    assertThat(key.decrypt(old.ciphertext(), SOON)).isEqualTo(SEED);
  }

  @Test
  void logsInOnceForManyCalls() throws Exception {
    start(options());
    VaultKey key = key();

    key.encrypt(SEED, SOON);
    key.encrypt(SEED, SOON);

    assertThat(vault.requests()).containsEntry(VaultOperation.LOGIN, 1L);
  }

  @Test
  void logsInAgainWhenTheTokenWasRevoked() throws Exception {
    start(options());
    VaultKey key = key();
    key.encrypt(SEED, SOON);

    vault.revokeTokens();
    key.encrypt(SEED, SOON);

    assertThat(vault.requests()).containsEntry(VaultOperation.LOGIN, 2L);
  }

  @Test
  void logsInAgainWhenTheTokenRunsOut() throws Exception {
    start(options().tokenTtl(Duration.ofSeconds(1)));
    VaultKey key = key();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              key.encrypt(SEED, SOON);
              return vault.requests().get(VaultOperation.LOGIN) >= 2;
            });
  }

  @Test
  void doesNotHammerVaultWithLoginsThatFail() throws Exception {
    start(options());
    Files.writeString(folder.resolve("secret-id"), "wrong");
    VaultKey key = key("-key-poll-interval=10s");

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> key.encrypt(SEED, SOON)).hasMessageContaining("invalid role");
    }

    assertThat(vault.requests()).containsEntry(VaultOperation.LOGIN, 1L);
  }

  @Test
  void usesOneNamespaceForTheKeyAndAnotherForAppRole() throws Exception {
    start(options());
    vault.createTransitKey("admin/team", "kms/transit", "k");
    role = vault.createAppRole("admin", "roles", "team/kms/transit/keys/k");
    Files.writeString(folder.resolve("secret-id"), vault.newSecretId(role));

    VaultKey key =
        key(
            "-vault-key-path=kms/transit/keys/k",
            "-vault-namespace=admin/team",
            "-vault-auth-namespace=admin",
            "-auth-mount=roles");

    assertThat(key.decrypt(key.encrypt(SEED, SOON).ciphertext(), SOON)).isEqualTo(SEED);
    key.checkLicense(SOON);
  }

  @Test
  void namesThePathAndTheNamespaceThatWasDenied() throws Exception {
    start(options());
    vault.createTransitKey("admin", "transit", "my-key");
    role = vault.createAppRole("admin", "approle");
    Files.writeString(folder.resolve("secret-id"), vault.newSecretId(role));

    assertThatThrownBy(() -> key("-vault-namespace=admin").latestVersion(SOON))
        .hasMessage(
            "Vault says 403 on GET transit/keys/my-key in namespace admin: permission denied");
  }

  @Test
  void aWrongAuthMountIsNamed() throws Exception {
    start(options());

    assertThatThrownBy(() -> key("-auth-mount=elsewhere").latestVersion(SOON))
        .hasMessage(
            "AppRole login failed: Vault says 403 on POST auth/elsewhere/login: permission denied");
  }

  @Test
  void aCommunityVaultHasNoLicense() throws Exception {
    start(options().community());

    assertThatThrownBy(() -> key().checkLicense(SOON))
        .hasMessageContaining("Vault says 404 on GET sys/license/status");
  }

  @Test
  void aWrongNameIsToldAndSniSaysTheRightOne() throws Exception {
    start(options().named("vault.example"));

    assertThatThrownBy(() -> key().latestVersion(SOON))
        .hasMessageContaining("Vault's certificate is not for the name 127.0.0.1");
    assertThat(key("-tls-sni=vault.example").latestVersion(SOON)).isEqualTo(1);
    assertThat(key("-tls-skip-verify").latestVersion(SOON)).isEqualTo(1);
  }

  @Test
  void aNameGivenByFlagMustBeInTheCertificate() throws Exception {
    start(options());

    assertThatThrownBy(() -> key("-tls-sni=other.example").latestVersion(SOON))
        .hasMessageContaining("Vault's certificate is not for the name other.example");
  }

  @Test
  void aCaOfTheSameNameButWithAnotherKeyIsTheWrongCa() throws Exception {
    start(options());
    Files.writeString(folder.resolve("ca.pem"), CertificateAuthority.create("Lab CA").caPem());

    assertThatThrownBy(() -> key().latestVersion(SOON))
        .hasMessageContaining("Vault's certificate is not signed by a CA in " + folder);
  }

  @Test
  void anExpiredCertificateIsTold() throws Exception {
    start(options().certificate(authority.issueExpired("127.0.0.1")));

    assertThatThrownBy(() -> key().latestVersion(SOON))
        .hasMessageContaining("Vault's certificate has expired");
  }

  @Test
  void aFileThatIsNoCertificateIsABadFlag() throws Exception {
    start(options());
    Files.writeString(folder.resolve("ca.pem"), "not a certificate");

    assertThatThrownBy(this::key)
        .isInstanceOf(BadFlag.class)
        .hasMessageContaining("flag -tls-ca-file names " + folder.resolve("ca.pem"));
  }

  private static LabVault.Options options() {
    return LabVault.Options.of(vertx, authority);
  }

  private void start(LabVault.Options options) throws IOException {
    vault = LabVault.start(options);
    vault.createTransitKey("", "transit", "my-key");
    role = vault.createAppRole("", "approle", "transit/keys/my-key");
    Files.writeString(folder.resolve("secret-id"), vault.newSecretId(role));
    Files.writeString(folder.resolve("ca.pem"), vault.caPem());
  }

  private VaultKey key(String... more) throws BadFlag, IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "-vault-address=" + vault.address(),
                "-vault-key-path=transit/keys/my-key",
                "-approle-role-id=" + role,
                "-approle-secret-id-path=" + folder.resolve("secret-id"),
                "-tls-ca-file=" + folder.resolve("ca.pem")));
    args.addAll(List.of(more));
    PluginFlags flags = PluginFlags.parse(args);
    VaultHttp http = new VaultHttp(flags.vaultAddress(), VaultTls.of(flags));
    String secretId = Files.readString(flags.secretIdFile());
    return new VaultKey(new VaultSession(http, flags, secretId, new PluginCounters()), flags);
  }
}
