package io.vaultkms.lab.cluster;

import static io.vaultkms.lab.cluster.ClusterHttp.JSON;
import static io.vaultkms.lab.cluster.ClusterHttp.MERGE;
import static io.vaultkms.lab.cluster.ClusterHttp.METADATA;
import static io.vaultkms.lab.cluster.ClusterHttp.STRATEGIC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.vaultkms.lab.cluster.ClusterHttp.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading and writing single objects. */
public abstract class ObjectsContract extends ControlPlaneContract {
  private static final String STATUSES = "/apis/vaultkms.io/v1alpha1/encryptionstatuses";

  @Test
  void fillsInWhatTheServerKnowsOfANewObject() {
    JsonNode made = create("new");

    assertThat(made.at("/metadata/uid").asText()).hasSize(36);
    assertThat(made.at("/metadata/namespace").asText()).isEqualTo(namespace);
    assertThat(made.at("/metadata/creationTimestamp").asText()).endsWith("Z");
    assertThat(Long.parseLong(versionOf(made))).isPositive();
    assertThat(made.path("type").asText()).isEqualTo("Opaque");
    assertThat(made.at("/data/a").asText()).isEqualTo("MQ==");
    assertThat(made.has("stringData")).isFalse();
    assertThat(http.get(secrets + "/new").json()).isEqualTo(made);
  }

  @Test
  void refusesToCreateWhatExistsOrHasNoNamespace() {
    create("twice");

    Answer again = http.post(secrets, ClusterHttp.secret("twice", Map.of()));
    Answer nowhere =
        http.post("/api/v1/namespaces/not-there/secrets", ClusterHttp.secret("x", Map.of()));

    assertThat(again.code()).isEqualTo(409);
    assertThat(again.json().path("reason").asText()).isEqualTo("AlreadyExists");
    assertThat(again.json().path("message").asText()).isEqualTo("secrets \"twice\" already exists");
    assertThat(nowhere.code()).isEqualTo(404);
    assertThat(nowhere.json().path("message").asText())
        .isEqualTo("namespaces \"not-there\" not found");
  }

  @Test
  void refusesABadName() {
    Answer refused = http.post(secrets, ClusterHttp.secret("Not_A_Name", Map.of()));

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.json().path("reason").asText()).isEqualTo("Invalid");
    assertThat(refused.json().at("/details/causes/0/field").asText()).isEqualTo("metadata.name");
  }

  @Test
  void makesUpANameWhenAskedTo() {
    JsonNode made = http.post(secrets, "{\"metadata\":{\"generateName\":\"made-\"}}").json();

    assertThat(made.at("/metadata/name").asText()).matches("made-[a-z0-9]{5}");
  }

  @Test
  void worksWithAKubernetesClient() {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName("typed")
            .endMetadata()
            .addToStringData("k", "v")
            .build();
    var all = client.secrets().inNamespace(namespace);
    Secret made = all.resource(secret).create();
    Secret changed =
        all.withName("typed").edit(s -> new SecretBuilder(s).addToData("k", "dw==").build());

    assertThat(changed.getMetadata().getUid()).isEqualTo(made.getMetadata().getUid());
    assertThat(changed.getData()).containsEntry("k", "dw==");
    assertThat(all.list().getItems()).singleElement().isEqualTo(changed);
    assertThat(all.withName("typed").delete()).hasSize(1);
    assertThat(all.withName("typed").get()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {MERGE, STRATEGIC})
  void dropsAnUpdateThatChangesNothing(String patchKind) {
    ObjectNode made =
        (ObjectNode)
            http.post(
                    secrets,
                    "{\"metadata\":{\"name\":\"same\"},\"data\":{\"a\":\"MQ==\",\"empty\":\"\"}}")
                .json();

    Answer put = http.put(secrets + "/same", made);
    Answer patched =
        http.patch(
            secrets + "/same?fieldValidation=Ignore",
            patchKind,
            conditions(made),
            "Accept",
            METADATA);

    assertThat(put.resourceVersion()).isEqualTo(versionOf(made));
    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.resourceVersion()).isEqualTo(versionOf(made));
    assertThat(patched.json().path("kind").asText()).isEqualTo("PartialObjectMetadata");
    assertThat(patched.json().has("data")).isFalse();
  }

  private static String conditions(JsonNode of) {
    var patch = JSON.createObjectNode();
    patch.putObject("metadata").put("uid", uidOf(of)).put("resourceVersion", versionOf(of));
    return patch.toString();
  }

  @Test
  void refusesAWriteOnAnOldResourceVersion() {
    ObjectNode old = create("old");
    http.patch(secrets + "/old", MERGE, "{\"data\":{\"b\":\"Mg==\"}}");

    Answer put = http.put(secrets + "/old", old);
    Answer patched = http.patch(secrets + "/old", MERGE, conditions(old));
    Answer strategic = http.patch(secrets + "/old", STRATEGIC, conditions(old));

    for (Answer refused : new Answer[] {put, patched, strategic}) {
      assertThat(refused.code()).isEqualTo(409);
      assertThat(refused.json().path("reason").asText()).isEqualTo("Conflict");
      assertThat(refused.json().path("message").asText()).contains("the object has been modified");
    }
  }

  @Test
  void refusesAWriteOnAnObjectThatWasMadeAnew() {
    ObjectNode first = create("anew");
    http.delete(secrets + "/anew", null);
    ObjectNode second = create("anew");
    ObjectNode wrong = second.deepCopy();
    ((ObjectNode) wrong.get("metadata")).put("uid", uidOf(first));

    Answer patched = http.patch(secrets + "/anew", MERGE, conditions(first));
    Answer strategic = http.patch(secrets + "/anew", STRATEGIC, conditions(first));
    Answer put = http.put(secrets + "/anew", wrong);
    Answer deleted =
        http.delete(secrets + "/anew", "{\"preconditions\":{\"uid\":\"" + uidOf(first) + "\"}}");

    assertThat(patched.code()).isEqualTo(409);
    assertThat(strategic.code()).isEqualTo(409);
    assertThat(put.code()).isEqualTo(409);
    assertThat(deleted.code()).isEqualTo(409);
    assertThat(deleted.json().path("message").asText())
        .contains("the UID in the precondition (" + uidOf(first) + ") does not match");
    assertThat(http.get(secrets + "/anew").json()).isEqualTo(second);
  }

  /** The uid alone is no precondition of a patch: changing it is against the rules of metadata. */
  @Test
  void refusesAPatchThatChangesTheUid() {
    create("uid");

    Answer refused = http.patch(secrets + "/uid", MERGE, "{\"metadata\":{\"uid\":\"another\"}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.json().at("/details/causes/0/field").asText()).isEqualTo("metadata.uid");
  }

  @Test
  void saysNotFoundForWhatIsNotThere() {
    Answer nameless = http.put(secrets + "/gone", JSON.createObjectNode());
    Answer put =
        http.send(
            "PUT",
            secrets + "/gone",
            ClusterHttp.secret("gone", Map.of()),
            "Content-Type",
            "application/json");
    Answer patched = http.patch(secrets + "/gone", MERGE, "{}");

    assertThat(http.get(secrets + "/gone").code()).isEqualTo(404);
    assertThat(nameless.code()).isEqualTo(400);
    assertThat(nameless.text()).contains("name must be provided");
    assertThat(put.code()).isEqualTo(404);
    assertThat(patched.code()).isEqualTo(404);
    assertThat(http.get("/api/v1/unknowns").code()).isEqualTo(404);
    assertThat(http.get("/apis/unknown.example.com/v1/things").code()).isEqualTo(404);
  }

  @Test
  void mergesAPatch() {
    create("merge");

    JsonNode merged =
        http.patch(
                secrets + "/merge",
                MERGE,
                "{\"metadata\":{\"labels\":{\"l\":\"1\"}},\"data\":{\"a\":null,\"b\":\"Mg==\"}}")
            .json();

    assertThat(merged.path("data").toString()).isEqualTo("{\"b\":\"Mg==\"}");
    assertThat(merged.at("/metadata/labels/l").asText()).isEqualTo("1");
  }

  @Test
  void knowsNoStrategicPatchOfACustomResource() {
    http.post(
        STATUSES,
        "{\"apiVersion\":\"vaultkms.io/v1alpha1\",\"kind\":\"EncryptionStatus\",\"metadata\":{\"name\":\"%s\"}}"
            .formatted(namespace));

    Answer refused = http.patch(STATUSES + "/" + namespace, STRATEGIC, "{}");

    assertThat(refused.code()).isEqualTo(415);
    http.delete(STATUSES + "/" + namespace, null);
  }

  @Test
  void runsTheOperationsOfAJsonPatch() {
    create("json");
    String test = "[{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"%s\"},";
    String add = "{\"op\":\"add\",\"path\":\"/data/b\",\"value\":\"Mg==\"}]";
    String type = "application/json-patch+json";

    Answer refused = http.patch(secrets + "/json", type, test.formatted("other") + add);
    Answer patched = http.patch(secrets + "/json", type, test.formatted("MQ==") + add);

    assertThat(refused.code()).isEqualTo(422);
    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.json().at("/data/b").asText()).isEqualTo("Mg==");
  }

  @Test
  void appliesOnTheServer() {
    var map = new ConfigMapBuilder().withNewMetadata().withName("applied").endMetadata();
    var maps = client.configMaps().inNamespace(namespace);
    var first = maps.resource(map.addToData("a", "1").addToData("b", "1").build());
    first.fieldManager("one").serverSideApply();
    var made = maps.withName("applied").get();
    map.removeFromData("b");

    var again = maps.resource(map.build()).fieldManager("one").serverSideApply();
    var same = maps.resource(map.build()).fieldManager("one").serverSideApply();

    assertThat(made.getData()).containsEntry("b", "1");
    assertThat(made.getMetadata().getManagedFields()).singleElement();
    assertThat(again.getData()).isEqualTo(Map.of("a", "1"));
    assertThat(same.getMetadata().getResourceVersion())
        .isEqualTo(again.getMetadata().getResourceVersion());
  }

  @Test
  void refusesToApplyOverAnotherManagerUnlessForced() {
    String path = "/api/v1/namespaces/" + namespace + "/configmaps/shared";
    String type = "application/apply-patch+yaml";
    String body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\ndata: {k: %s}\n";
    Answer made = http.patch(path + "?fieldManager=one", type, body.formatted("one"));

    Answer refused = http.patch(path + "?fieldManager=two", type, body.formatted("two"));
    Answer forced = http.patch(path + "?fieldManager=two&force=true", type, body.formatted("two"));

    assertThat(made.code()).isEqualTo(201);
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.json().path("message").asText()).contains("\"one\"").contains(".data.k");
    assertThat(forced.json().at("/data/k").asText()).isEqualTo("two");
  }

  @Test
  void keepsAnObjectWithFinalizersUntilTheyAreGone() {
    create("kept");
    http.patch(secrets + "/kept", MERGE, "{\"metadata\":{\"finalizers\":[\"example.com/f\"]}}");

    Answer deleted = http.delete(secrets + "/kept", null);
    JsonNode kept = http.get(secrets + "/kept").json();
    Answer released = http.patch(secrets + "/kept", MERGE, "{\"metadata\":{\"finalizers\":null}}");

    assertThat(deleted.json().path("kind").asText()).isEqualTo("Secret");
    assertThat(kept.at("/metadata/deletionTimestamp").asText()).endsWith("Z");
    assertThat(released.code()).isEqualTo(200);
    assertThat(http.get(secrets + "/kept").code()).isEqualTo(404);
  }

  @Test
  void keepsStatusAndSpecApart() {
    String path = STATUSES + "/" + namespace;
    String body =
        "{\"apiVersion\":\"vaultkms.io/v1alpha1\",\"kind\":\"EncryptionStatus\","
            + "\"metadata\":{\"name\":\"%s\"},\"status\":{\"phase\":\"early\"}}";
    JsonNode made = http.post(STATUSES, body.formatted(namespace)).json();
    String status =
        "{\"metadata\":{\"labels\":{\"l\":\"1\"}},"
            + "\"status\":{\"phase\":\"Settled\",\"keyID\":1,\"writeKeyID\":1,\"revision\":1}}";

    JsonNode byStatus = http.patch(path + "/status", MERGE, status).json();
    JsonNode byMain = http.patch(path, MERGE, "{\"status\":{\"phase\":\"other\"}}").json();

    assertThat(made.has("status")).isFalse();
    assertThat(made.at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(byStatus.at("/status/phase").asText()).isEqualTo("Settled");
    assertThat(byStatus.at("/metadata/labels").isMissingNode()).isTrue();
    assertThat(byStatus.at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(versionOf(byMain)).isEqualTo(versionOf(byStatus));
    http.delete(path, null);
  }

  @Test
  void countsTheGenerationsOfASpec() {
    String path = "/apis/config.openshift.io/v1/apiservers";
    http.delete(path + "/cluster", null);
    String body =
        "{\"apiVersion\":\"config.openshift.io/v1\",\"kind\":\"APIServer\","
            + "\"metadata\":{\"name\":\"cluster\"},\"spec\":{\"encryption\":{\"type\":\"identity\"}}}";
    http.post(path, body);

    JsonNode labelled =
        http.patch(path + "/cluster", MERGE, "{\"metadata\":{\"labels\":{\"l\":\"1\"}}}").json();
    JsonNode changed =
        http.patch(path + "/cluster", MERGE, "{\"spec\":{\"encryption\":{\"type\":\"aesgcm\"}}}")
            .json();

    assertThat(labelled.at("/metadata/generation").asInt()).isEqualTo(1);
    assertThat(changed.at("/metadata/generation").asInt()).isEqualTo(2);
    http.delete(path + "/cluster", null);
  }

  @Test
  void refusesAnInvalidConfigurationWithFieldAndReason() {
    String body =
        """
        {"apiVersion":"config.openshift.io/v1","kind":"APIServer","metadata":{"name":"cluster"},
         "spec":{"encryption":{"type":"KMS","kms":{"type":"Vault","vault":{
           "kmsPluginImage":"registry.example.com/plugin@sha256:%s",
           "vaultAddress":"http://vault.example.com:8200",
           "vaultKeyPath":"transit/keys/k",
           "authentication":{"type":"AppRole","appRole":{"secret":{"name":"approle"}}}}}}}}
        """
            .formatted("0".repeat(64));

    Answer refused = http.post("/apis/config.openshift.io/v1/apiservers", body);

    assertThat(refused.code()).as(refused.text()).isEqualTo(422);
    assertThat(refused.json().path("reason").asText()).isEqualTo("Invalid");
    assertThat(refused.json().at("/details/causes"))
        .singleElement()
        .satisfies(
            cause -> {
              assertThat(cause.path("field").asText())
                  .isEqualTo("spec.encryption.kms.vault.vaultAddress");
              assertThat(cause.path("reason").asText()).isEqualTo("FieldValueInvalid");
              assertThat(cause.path("message").asText()).contains("https");
            });
  }

  @Test
  void wantsAResourceVersionWithAnUpdateOfACustomResource() {
    String body =
        "{\"apiVersion\":\"vaultkms.io/v1alpha1\",\"kind\":\"EncryptionStatus\","
            + "\"metadata\":{\"name\":\"%s\"}}";
    ObjectNode made = (ObjectNode) http.post(STATUSES, body.formatted(namespace)).json();
    ((ObjectNode) made.get("metadata")).remove("resourceVersion");

    Answer refused = http.put(STATUSES + "/" + namespace, made);

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.text()).contains("must be specified for an update");
    http.delete(STATUSES + "/" + namespace, null);
  }

  @Test
  void letsNobodyInWithoutAToken() {
    try (var anonymous = new ClusterHttp(cluster.url(node()), cluster.caCertificate(), "wrong")) {
      assertThat(anonymous.get(secrets).code()).isEqualTo(401);
      assertThat(anonymous.get("/metrics").code()).isEqualTo(401);
    }
    try (var anonymous = new ClusterHttp(cluster.url(node()), cluster.caCertificate(), "")) {
      assertThat(anonymous.get("/livez").text()).isEqualTo("ok");
      assertThat(anonymous.get("/readyz?verbose").text()).contains("[+]ping ok");
      assertThat(anonymous.get("/livez?verbose").text()).contains("[+]etcd ok");
      assertThat(anonymous.get("/version").json().path("major").asText()).isEqualTo("1");
    }
  }
}
