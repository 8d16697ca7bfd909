package io.vaultkms.lab.cluster;

import static io.vaultkms.lab.cluster.ClusterHttp.MERGE;
import static io.vaultkms.lab.cluster.ClusterHttp.METADATA;
import static io.vaultkms.lab.cluster.ClusterHttp.METADATA_LIST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.vaultkms.lab.cluster.ClusterHttp.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Lists and watches. */
public abstract class ListWatchContract extends ControlPlaneContract {
  private static List<String> names(JsonNode list) {
    return StreamSupport.stream(list.path("items").spliterator(), false)
        .map(item -> item.at("/metadata/name").asText())
        .toList();
  }

  private void createSecrets(int count) {
    for (int i = 0; i < count; i++) {
      create("s-" + i);
    }
  }

  private static String token(Answer page) {
    return page.json().at("/metadata/continue").asText();
  }

  @Test
  void pagesThroughOneRevision() {
    createSecrets(5);
    Answer first = http.get(secrets + "?limit=2");
    create("s-11");
    http.delete(secrets + "/s-4", null);

    Answer second = http.get(secrets + "?limit=2&continue=" + token(first));
    Answer third = http.get(secrets + "?limit=2&continue=" + token(second));

    assertThat(names(first.json())).containsExactly("s-0", "s-1");
    assertThat(first.json().at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
    assertThat(names(second.json())).containsExactly("s-2", "s-3");
    assertThat(names(third.json())).containsExactly("s-4");
    assertThat(third.json().at("/metadata/continue").isMissingNode()).isTrue();
    assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
    assertThat(third.resourceVersion()).isEqualTo(first.resourceVersion());
  }

  @Test
  void saysHowToGoOnWhenATokenHasExpired() {
    createSecrets(3);
    String old = token(http.get(secrets + "?limit=2"));
    http.delete(secrets + "/s-0", null);
    forgetThePast();

    Answer expired = http.get(secrets + "?limit=2&continue=" + old);
    Answer rest = http.get(secrets + "?limit=2&continue=" + token(expired));

    assertThat(expired.code()).isEqualTo(410);
    assertThat(expired.json().path("reason").asText()).isEqualTo("Expired");
    assertThat(names(rest.json())).containsExactly("s-2");
  }

  @Test
  void listsMetadataAlone() {
    createSecrets(3);

    Answer page =
        http.get(
            secrets + "?limit=2",
            "Accept",
            "application/vnd.kubernetes.protobuf;as=Unknown;g=example.com;v=v1," + METADATA_LIST);
    Answer one = http.get(secrets + "/s-1", "Accept", METADATA);

    assertThat(page.json().path("kind").asText()).isEqualTo("PartialObjectMetadataList");
    assertThat(page.json().path("apiVersion").asText()).isEqualTo("meta.k8s.io/v1");
    assertThat(page.text()).doesNotContain("MQ==");
    assertThat(names(page.json())).containsExactly("s-0", "s-1");
    assertThat(page.json().at("/items/0/metadata/uid").asText()).hasSize(36);
    assertThat(token(page)).isNotEmpty();
    assertThat(one.json().path("kind").asText()).isEqualTo("PartialObjectMetadata");
    assertThat(one.text()).doesNotContain("MQ==");
  }

  @Test
  void refusesWhatItCannotAnswerWith() {
    assertThat(http.get(secrets, "Accept", "text/html").code()).isEqualTo(406);
  }

  @Test
  void selectsByFieldAndLabel() {
    createSecrets(3);
    http.patch(secrets + "/s-0", MERGE, "{\"metadata\":{\"labels\":{\"a\":\"1\",\"b\":\"x\"}}}");
    http.patch(secrets + "/s-1", MERGE, "{\"metadata\":{\"labels\":{\"a\":\"2\"}}}");

    assertThat(selected("fieldSelector=metadata.name%3Ds-2")).containsExactly("s-2");
    assertThat(selected("labelSelector=a%3D1")).containsExactly("s-0");
    assertThat(selected("labelSelector=a")).containsExactly("s-0", "s-1");
    assertThat(selected("labelSelector=!a")).containsExactly("s-2");
    assertThat(selected("labelSelector=a!%3D1")).containsExactly("s-1", "s-2");
    assertThat(selected("labelSelector=a+in+(1,2),b")).containsExactly("s-0");
    assertThat(selected("labelSelector=a+notin+(1)")).containsExactly("s-1", "s-2");
    assertThat(selected("labelSelector=a&limit=1")).containsExactly("s-0");
    assertThat(http.get(secrets + "?fieldSelector=data.a%3D1").code()).isEqualTo(400);
  }

  private List<String> selected(String query) {
    return names(http.get(secrets + "?" + query).json());
  }

  private List<JsonNode> watched(String query, int count, String... headers) {
    try (Stream<JsonNode> events = http.watch(secrets + "?watch=true&" + query, headers)) {
      return events.limit(count).toList();
    }
  }

  private static String said(JsonNode event) {
    return event.path("type").asText() + " " + event.at("/object/metadata/name").asText();
  }

  @Test
  void resumesAWatchWhereAListEnded() {
    createSecrets(1);
    String version = http.get(secrets).resourceVersion();
    JsonNode made = create("s-1");
    http.patch(secrets + "/s-0", MERGE, "{\"data\":{\"b\":\"Mg==\"}}");
    http.delete(secrets + "/s-0", null);

    List<JsonNode> events = watched("timeoutSeconds=20&resourceVersion=" + version, 3);

    assertThat(events)
        .map(ListWatchContract::said)
        .containsExactly("ADDED s-1", "MODIFIED s-0", "DELETED s-0");
    assertThat(events.getFirst().path("object")).isEqualTo(made);
    assertThat(Long.parseLong(versionOf(events.get(2).path("object"))))
        .isGreaterThan(Long.parseLong(versionOf(events.get(1).path("object"))));
  }

  @Test
  void beginsAWatchWithWhatThereIs() {
    createSecrets(2);

    List<JsonNode> events = watched("timeoutSeconds=20", 2, "Accept", METADATA);

    assertThat(events).map(ListWatchContract::said).containsExactly("ADDED s-0", "ADDED s-1");
    assertThat(events)
        .allMatch(event -> event.at("/object/kind").asText().equals("PartialObjectMetadata"));
    assertThat(events.toString()).doesNotContain("MQ==");
  }

  @Test
  void sendsWhatThereIsAndSaysWhenThatWasAll() {
    createSecrets(1);

    List<JsonNode> events =
        watched(
            "timeoutSeconds=20&sendInitialEvents=true&allowWatchBookmarks=true"
                + "&resourceVersionMatch=NotOlderThan",
            2);

    assertThat(said(events.getFirst())).isEqualTo("ADDED s-0");
    assertThat(events.get(1).path("type").asText()).isEqualTo("BOOKMARK");
    assertThat(events.get(1).at("/object/metadata/annotations").toString())
        .contains("\"k8s.io/initial-events-end\":\"true\"");
  }

  @Test
  void tellsAWatcherWhatEntersAndLeavesItsSelection() {
    createSecrets(1);
    String version = http.get(secrets).resourceVersion();
    http.patch(secrets + "/s-0", MERGE, "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}");
    http.patch(secrets + "/s-0", MERGE, "{\"data\":{\"b\":\"Mg==\"}}");
    http.patch(secrets + "/s-0", MERGE, "{\"metadata\":{\"labels\":{\"a\":null}}}");

    List<JsonNode> events =
        watched("timeoutSeconds=20&labelSelector=a%3D1&resourceVersion=" + version, 3);

    assertThat(events)
        .map(ListWatchContract::said)
        .containsExactly("ADDED s-0", "MODIFIED s-0", "DELETED s-0");
  }

  @Test
  void watchesOneObjectByName() {
    createSecrets(1);
    String version = http.get(secrets).resourceVersion();
    create("other");
    http.patch(secrets + "/s-0", MERGE, "{\"data\":{\"b\":\"Mg==\"}}");

    List<JsonNode> events =
        watched(
            "timeoutSeconds=20&fieldSelector=metadata.name%3Ds-0&resourceVersion=" + version, 1);

    assertThat(events).map(ListWatchContract::said).containsExactly("MODIFIED s-0");
  }

  @Test
  void bookmarksWhereAWatcherIs() {
    String version = http.get(secrets).resourceVersion();
    createSecrets(1);

    List<JsonNode> events =
        watched(
            "timeoutSeconds=10&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dother"
                + "&resourceVersion="
                + version,
            1);

    assertThat(events.getFirst().path("type").asText()).isEqualTo("BOOKMARK");
    assertThat(events.getFirst().at("/object/kind").asText()).isEqualTo("Secret");
    assertThat(Long.parseLong(versionOf(events.getFirst().path("object"))))
        .isGreaterThan(Long.parseLong(version));
  }

  @Test
  void endsAWatchWhenItsTimeIsUp() {
    String version = http.get(secrets).resourceVersion();
    List<JsonNode> events = new ArrayList<>();

    try (var watch = http.watch(secrets + "?watch=1&timeoutSeconds=1&resourceVersion=" + version)) {
      watch.forEach(events::add);
    }

    assertThat(events).isEmpty();
  }

  @Test
  void tellsAWatcherThatItsPastIsGone() {
    createSecrets(1);
    String version = http.get(secrets).resourceVersion();
    create("s-1");
    forgetThePast();

    List<JsonNode> events = watched("timeoutSeconds=20&resourceVersion=" + version, 1);

    assertThat(events.getFirst().path("type").asText()).isEqualTo("ERROR");
    assertThat(events.getFirst().at("/object/code").asInt()).isEqualTo(410);
    assertThat(events.getFirst().at("/object/reason").asText()).isEqualTo("Expired");
  }

  /** An API server may remember what its store has forgotten, until it starts again. */
  private void forgetThePast() {
    cluster.compact();
    cluster.stop(node());
    cluster.start(node());
    awaitReady(node());
  }

  @Test
  void keepsAnInformerUpToDate() {
    createSecrets(1);
    Set<String> known = ConcurrentHashMap.newKeySet();
    var handler =
        new ResourceEventHandler<Secret>() {
          @Override
          public void onAdd(Secret secret) {
            known.add(secret.getMetadata().getName());
          }

          @Override
          public void onUpdate(Secret before, Secret after) {
            known.add(after.getMetadata().getName() + " changed");
          }

          @Override
          public void onDelete(Secret secret, boolean unknown) {
            known.add(secret.getMetadata().getName() + " gone");
          }
        };
    try (var informer = client.secrets().inNamespace(namespace).inform(handler)) {
      create("s-1");
      http.patch(secrets + "/s-0", MERGE, "{\"data\":{\"b\":\"Mg==\"}}");
      http.delete(secrets + "/s-1", null);

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(known).contains("s-0", "s-1", "s-0 changed", "s-1 gone"));
      assertThat(informer.getStore().list()).hasSize(1);
    }
  }
}
