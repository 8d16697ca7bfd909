package io.vaultkms.lab.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.vault.VaultCalls.Answer;
import io.vaultkms.lab.vault.VaultPolicy.Capability;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of Vault's HTTP API, as far as a KMS plugin and its admin meet it. */
class LabVaultTest {
  private static final String DENIED = "1 error occurred:\n\t* permission denied\n\n";
  private static final String PLAINTEXT =
      Base64.getEncoder().encodeToString("a data key".getBytes(UTF_8));

  private static Vertx vertx;
  private static CertificateAuthority authority;

  private LabVault vault;
  private VaultCalls calls;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
    authority = CertificateAuthority.create("Lab CA");
  }

  @AfterAll
  static void stopVertx() {
    vertx.close().await();
  }

  @BeforeEach
  void startVault() throws Exception {
    start(LabVault.Options.of(vertx, authority));
    vault.createTransitKey("", "transit", "my-key");
  }

  private void start(LabVault.Options options) throws Exception {
    if (vault != null) {
      vault.close();
    }
    vault = LabVault.start(options);
    calls = new VaultCalls(vault.address(), vault.caPem());
  }

  @AfterEach
  void stopVault() {
    vault.close();
  }

  @Test
  void roundTripsThroughTransitWithAnAppRoleToken() throws Exception {
    String token = login("", "approle", "transit/keys/my-key");

    Answer encrypted = encrypt("transit/encrypt/my-key", token);
    assertThat(encrypted.status()).isEqualTo(200);
    assertThat(encrypted.data().getString("ciphertext")).startsWith("vault:v1:");
    assertThat(encrypted.data().getInteger("key_version")).isEqualTo(1);
    assertThat(encrypt("transit/encrypt/my-key", token).data().getString("ciphertext"))
        .isNotEqualTo(encrypted.data().getString("ciphertext"));

    Answer decrypted = decrypt(encrypted.data().getString("ciphertext"), token);
    assertThat(decrypted.data().getString("plaintext")).isEqualTo(PLAINTEXT);
  }

  @Test
  void rotationEncryptsWithTheNewVersionAndStillReadsTheOld() throws Exception {
    String token = login("", "approle", "transit/keys/my-key");
    String old = encrypt("transit/encrypt/my-key", token).data().getString("ciphertext");

    Answer rotated = calls.call("PUT", "transit/keys/my-key/rotate", null, root());

    assertThat(rotated.status()).isEqualTo(200);
    Answer key = calls.get("transit/keys/my-key", "X-Vault-Token", token);
    assertThat(key.data().getInteger("latest_version")).isEqualTo(2);
    assertThat(key.data().getJsonObject("keys").fieldNames()).containsExactly("1", "2");
    assertThat(encrypt("transit/encrypt/my-key", token).data().getString("ciphertext"))
        .startsWith("vault:v2:");
    assertThat(decrypt(old, token).data().getString("plaintext")).isEqualTo(PLAINTEXT);
  }

  @Test
  void aRaisedMinimumVersionMakesOldCiphertextUnreadable() throws Exception {
    String token = login("", "approle", "transit/keys/my-key");
    String old = encrypt("transit/encrypt/my-key", token).data().getString("ciphertext");
    vault.rotate("", "transit", "my-key");

    Answer tooHigh = configure(new JsonObject().put("min_decryption_version", 3));
    assertThat(tooHigh.status()).isEqualTo(400);
    assertThat(tooHigh.errors().toString())
        .contains("cannot set min decryption version of 3, latest key version is 2");
    Answer raised = configure(new JsonObject().put("min_decryption_version", "2"));
    assertThat(raised.data().getInteger("min_decryption_version")).isEqualTo(2);
    assertThat(raised.data().getJsonObject("keys").fieldNames()).containsExactly("2");

    Answer refused = decrypt(old, token);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errors().toString()).contains("disallowed by policy (too old)");
  }

  @Test
  void aKeyIsDeletedOnlyIfItsConfigurationAllowsIt() throws Exception {
    assertThat(calls.call("DELETE", "transit/keys/my-key", null, root()).status()).isEqualTo(400);

    configure(new JsonObject().put("deletion_allowed", true));

    assertThat(calls.call("DELETE", "transit/keys/my-key", null, root()).status()).isEqualTo(204);
    Answer gone = calls.get("transit/keys/my-key", root());
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.errors()).isEqualTo(List.of());
  }

  @Test
  void refusesWrongCiphertext() throws Exception {
    String token = login("", "approle", "transit/keys/my-key");
    String good = encrypt("transit/encrypt/my-key", token).data().getString("ciphertext");
    byte[] bytes = Base64.getDecoder().decode(good.substring("vault:v1:".length()));
    bytes[bytes.length - 1] ^= 1;
    String forged = "vault:v1:" + Base64.getEncoder().encodeToString(bytes);

    for (String wrong : List.of("rubbish", "vault:v9:" + PLAINTEXT, "vault:v1:??", forged)) {
      Answer refused = decrypt(wrong, token);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.errors().toString()).contains("invalid ciphertext");
    }
    assertThat(decrypt("", token).errors().toString()).contains("missing ciphertext to decrypt");
  }

  @Test
  void refusesLoginsWithoutSayingWhatWasWrong() throws Exception {
    String role = vault.createAppRole("", "approle", "transit/keys/my-key");
    String secret = vault.newSecretId(role);
    String revoked = vault.newSecretId(role);
    vault.revokeSecretId(role, revoked);

    assertThat(loginWith("approle", role, secret).status()).isEqualTo(200);
    for (Answer refused :
        List.of(
            loginWith("approle", role, "wrong"),
            loginWith("approle", role, revoked),
            loginWith("approle", "wrong", secret))) {
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.errors()).isEqualTo(List.of("invalid role or secret ID"));
    }
    assertThat(loginWith("elsewhere", role, secret).status()).isEqualTo(403);
  }

  @Test
  void allowsOnlyWhatTheRolesPolicyAllows() throws Exception {
    vault.createTransitKey("", "transit", "other");
    String token = login("", "approle", "transit/keys/my-key");

    for (String path : List.of("transit/keys/other", "transit/keys/missing", "sys/nonsense")) {
      Answer refused = calls.get(path, "X-Vault-Token", token);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.errors()).isEqualTo(List.of(DENIED));
    }
    assertThat(calls.post("transit/keys/my-key/rotate", null, "X-Vault-Token", token).status())
        .isEqualTo(403);
    assertThat(calls.get("sys/license/status", "X-Vault-Token", token).status()).isEqualTo(200);
    assertThat(calls.get("transit/keys/my-key").status()).isEqualTo(403);
    assertThat(calls.get("transit/keys/my-key", "X-Vault-Token", "hvs.wrong").errors().toString())
        .contains("permission denied", "invalid token");
  }

  @Test
  void encryptMakesAMissingKeyOnlyWithTheCreateCapability() throws Exception {
    String plugin = login("", "approle", "transit/keys/missing");
    assertThat(encrypt("transit/encrypt/missing", plugin).errors()).isEqualTo(List.of(DENIED));
    assertThat(calls.get("transit/keys/missing", "X-Vault-Token", plugin).status()).isEqualTo(404);

    String role =
        vault.createAppRole(
            "",
            "approle",
            VaultPolicy.forPlugin("transit/keys/missing")
                .granting("transit/encrypt/missing", Capability.CREATE, Capability.UPDATE));
    assertThat(encrypt("transit/encrypt/missing", tokenOf("", "approle", role)).status())
        .isEqualTo(200);
    assertThat(calls.get("transit/keys/missing", "X-Vault-Token", plugin).status()).isEqualTo(200);
  }

  @Test
  void aChangedPolicyHoldsForTokensAlreadyOut() throws Exception {
    String role = vault.createAppRole("", "approle", "transit/keys/my-key");
    String token = tokenOf("", "approle", role);

    vault.setPolicy(
        role, VaultPolicy.forPlugin("transit/keys/my-key").without("transit/encrypt/my-key"));

    assertThat(encrypt("transit/encrypt/my-key", token).status()).isEqualTo(403);
    assertThat(calls.get("transit/keys/my-key", "X-Vault-Token", token).status()).isEqualTo(200);
  }

  @Test
  void tokensExpireUnlessTheyAreRenewed() throws Exception {
    start(
        LabVault.Options.of(vertx, authority)
            .tokenTtl(Duration.ofSeconds(1))
            .tokenMaxTtl(Duration.ofMillis(1500)));
    String token = login("", "approle", "transit/keys/my-key");

    Answer self = calls.get("auth/token/lookup-self", "X-Vault-Token", token);
    assertThat(self.data().getInteger("ttl")).isEqualTo(1);
    assertThat(self.data().getBoolean("renewable")).isTrue();
    Answer renewed = calls.post("auth/token/renew-self", null, "X-Vault-Token", token);
    assertThat(renewed.auth().getString("client_token")).isEqualTo(token);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(calls.get("auth/token/lookup-self", "X-Vault-Token", token).status())
                    .isEqualTo(403));
  }

  @Test
  void revokedTokensAreInvalid() throws Exception {
    String token = login("", "approle", "transit/keys/my-key");

    vault.revokeTokens();

    assertThat(calls.get("transit/keys/my-key", "X-Vault-Token", token).status()).isEqualTo(403);
    assertThat(calls.get("transit/keys/my-key", root()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "ACTIVE, 200",
    "STANDBY, 429",
    "DR_SECONDARY, 472",
    "PERFORMANCE_STANDBY, 473",
    "UNINITIALISED, 501",
    "SEALED, 503"
  })
  void healthTellsTheStateByItsStatusCode(VaultState state, int status) throws Exception {
    vault.become(state);

    Answer health = calls.get("sys/health");

    assertThat(health.status()).isEqualTo(status);
    assertThat(health.body().getBoolean("sealed")).isEqualTo(status > 500);
    assertThat(health.body().getString("version")).endsWith("+ent");
  }

  @Test
  void healthTakesOtherStatusCodesByParameter() throws Exception {
    vault.become(VaultState.STANDBY);
    assertThat(calls.get("sys/health?standbyok=true").status()).isEqualTo(200);
    vault.seal();
    assertThat(calls.get("sys/health?sealedcode=299").status()).isEqualTo(299);
  }

  @Test
  void aSealedVaultRefusesAllButHealthUntilUnsealed() throws Exception {
    String token = login("", "approle", "transit/keys/my-key");
    assertThat(calls.post("sys/seal", null, "X-Vault-Token", token).status()).isEqualTo(403);
    assertThat(calls.call("PUT", "sys/seal", null, root()).status()).isEqualTo(204);

    Answer refused = encrypt("transit/encrypt/my-key", token);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.errors()).isEqualTo(List.of("Vault is sealed"));
    assertThat(calls.post("sys/unseal", new JsonObject().put("key", "wrong")).status())
        .isEqualTo(400);
    Answer unsealed = calls.post("sys/unseal", new JsonObject().put("key", vault.unsealKey()));
    assertThat(unsealed.body().getBoolean("sealed")).isFalse();
    assertThat(encrypt("transit/encrypt/my-key", token).status()).isEqualTo(200);
  }

  @Test
  void namespacesAreReachedByHeaderAndByPathPrefix() throws Exception {
    vault.createTransitKey("admin/team-a", "transit", "k");
    String role = vault.createAppRole("admin/team-a", "approle", "transit/keys/k");
    String token = tokenOf("admin/team-a", "approle", role);
    String[] inTeam = {"X-Vault-Token", token, "X-Vault-Namespace", "/admin/team-a/"};
    String[] inAdmin = {"X-Vault-Token", token, "X-Vault-Namespace", "admin"};

    assertThat(calls.get("transit/keys/k", inTeam).status()).isEqualTo(200);
    assertThat(calls.get("team-a/transit/keys/k", inAdmin).status()).isEqualTo(200);
    assertThat(calls.get("admin/team-a/transit/keys/k", "X-Vault-Token", token).status())
        .isEqualTo(200);
    assertThat(calls.get("transit/keys/k", "X-Vault-Token", token).status()).isEqualTo(403);
    assertThat(calls.get("transit/keys/k", inAdmin).status()).isEqualTo(403);
    assertThat(loginWith("approle", role, vault.newSecretId(role)).status()).isEqualTo(403);
  }

  @Test
  void aTokenOfAParentNamespaceHoldsInTheOnesBelow() throws Exception {
    vault.createTransitKey("admin/team-a", "transit", "k");
    String role = vault.createAppRole("admin", "approle", "team-a/transit/keys/k");
    String token = tokenOf("admin", "approle", role);

    Answer key =
        calls.get("transit/keys/k", "X-Vault-Token", token, "X-Vault-Namespace", "admin/team-a");

    assertThat(key.status()).isEqualTo(200);
  }

  @Test
  void theCommunityEditionHasNeitherLicenseNorNamespaces() throws Exception {
    start(LabVault.Options.of(vertx, authority).community());

    assertThat(calls.get("sys/license/status", root()).status()).isEqualTo(404);
    assertThat(
            calls
                .get(
                    "transit/keys/k",
                    "X-Vault-Token",
                    vault.rootToken(),
                    "X-Vault-Namespace",
                    "admin")
                .status())
        .isEqualTo(400);
  }

  @Test
  void saysWhatIsWrongWithARequest() throws Exception {
    assertThat(calls.post("transit/encrypt/my-key", new JsonObject(), root()).errors())
        .isEqualTo(List.of("missing plaintext to encrypt"));
    assertThat(
            calls
                .post("transit/encrypt/my-key", new JsonObject().put("plaintext", "%%"), root())
                .errors())
        .isEqualTo(List.of("failed to base64-decode plaintext"));
    assertThat(calls.get("nowhere/at/all", root()).errors().toString())
        .contains("no handler for route");
    assertThat(calls.get("transit/keys/my-key/rotate", root()).status()).isEqualTo(405);
    assertThat(calls.post("transit/keys/none/rotate", null, root()).status()).isEqualTo(400);
    assertThat(calls.call("LIST", "transit/keys", null, root()).data().getJsonArray("keys"))
        .containsExactly("my-key");
  }

  @Test
  void countsRequestsByKind() throws Exception {
    String token = login("", "approle", "transit/keys/my-key");
    encrypt("transit/encrypt/my-key", token);
    encrypt("transit/encrypt/my-key", token);

    assertThat(vault.requests())
        .isEqualTo(Map.of(VaultOperation.LOGIN, 1L, VaultOperation.ENCRYPT, 2L));
  }

  @Test
  void aWrongNameOrAnExpiredCertificateFailsTls() throws Exception {
    start(LabVault.Options.of(vertx, authority).named("vault.example"));
    assertThatThrownBy(() -> calls.get("sys/health"))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining("127.0.0.1");

    start(LabVault.Options.of(vertx, authority).certificate(authority.issueExpired("127.0.0.1")));
    assertThatThrownBy(() -> calls.get("sys/health")).isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void keepsStateAndPortWhileDisconnected() throws Exception {
    String token = login("", "approle", "transit/keys/my-key");
    vault.disconnect();
    assertThatThrownBy(() -> calls.get("sys/health")).isInstanceOf(ConnectException.class);
    vault.disconnect();

    vault.reconnect();

    assertThat(calls.get("transit/keys/my-key", "X-Vault-Token", token).status()).isEqualTo(200);
  }

  private String[] root() {
    return new String[] {"X-Vault-Token", vault.rootToken()};
  }

  private String login(String namespace, String mount, String keyPath) throws Exception {
    return tokenOf(namespace, mount, vault.createAppRole(namespace, mount, keyPath));
  }

  private String tokenOf(String namespace, String mount, String role) throws Exception {
    Answer answer =
        calls.post(
            "auth/" + mount + "/login",
            new JsonObject().put("role_id", role).put("secret_id", vault.newSecretId(role)),
            "X-Vault-Namespace",
            namespace);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.auth().getBoolean("renewable")).isTrue();
    assertThat(answer.auth().getInteger("lease_duration")).isPositive();
    return answer.auth().getString("client_token");
  }

  private Answer loginWith(String mount, String role, String secret) throws Exception {
    return calls.post(
        "auth/" + mount + "/login", new JsonObject().put("role_id", role).put("secret_id", secret));
  }

  private Answer encrypt(String path, String token) throws Exception {
    return calls.post(path, new JsonObject().put("plaintext", PLAINTEXT), "X-Vault-Token", token);
  }

  private Answer decrypt(String ciphertext, String token) throws Exception {
    return calls.post(
        "transit/decrypt/my-key",
        new JsonObject().put("ciphertext", ciphertext),
        "X-Vault-Token",
        token);
  }

  private Answer configure(JsonObject body) throws Exception {
    return calls.post("transit/keys/my-key/config", body, root());
  }
}
