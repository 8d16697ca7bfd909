package io.vaultkms.model.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventTest {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  static Stream<Class<? extends Event>> types() {
    return EventTypes.all().values().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeComesBackFromJsonAsItWas(Class<? extends Event> type) throws Exception {
    RandomEvents events = new RandomEvents(42);
    for (int i = 0; i < 100; i++) {
      Event event = events.next(type);
      Event back = JSON.readValue(JSON.writeValueAsBytes(event), type);
      assertThat(back).isEqualTo(event);
      assertThat(back.id()).isEqualTo(event.id());
      assertThat(back.subject()).isEqualTo(event.subject()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void fieldsOfLaterVersionsAreIgnored(Class<? extends Event> type) throws Exception {
    Event event = new RandomEvents(7).next(type);
    ObjectNode json = JSON.valueToTree(event);
    json.put("inventedLater", true).putObject("also").put("nested", 1);
    assertThat(JSON.readValue(JSON.writeValueAsBytes(json), type)).isEqualTo(event);
  }

  @ParameterizedTest
  @MethodSource("types")
  void jsonHoldsTheFieldsAndNothingDerived(Class<? extends Event> type) {
    ObjectNode json = JSON.valueToTree(new RandomEvents(7).next(type));
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(
            Stream.of(type.getRecordComponents()).map(component -> component.getName()).toList());
  }

  @ParameterizedTest
  @MethodSource("types")
  void typesAreNamedAfterTheirClass(Class<? extends Event> type) {
    Event event = new RandomEvents(7).next(type);
    assertThat(event.type()).isEqualTo("io.vaultkms." + type.getSimpleName() + ".v1");
    assertThat(EventTypes.named(event.type())).contains(type);
    assertThat(event.channel())
        .isEqualTo(
            type == MigrationProgressed.class ? Event.Channel.TELEMETRY : Event.Channel.STORY);
  }

  @Test
  void aTypeThatNobodyKnowsHasNoClass() {
    assertThat(EventTypes.named("io.vaultkms.ConfigChanged.v2")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("types")
  void idsAreTheSameWheneverTheSameIsToldAndDifferentOtherwise(Class<? extends Event> type) {
    Map<String, Event> byId = new HashMap<>();
    RandomEvents events = new RandomEvents(1);
    RandomEvents again = new RandomEvents(1);
    for (int i = 0; i < 300; i++) {
      Event event = events.next(type);
      assertThat(event.id()).isEqualTo(again.next(type).id());
      Event sameId = byId.putIfAbsent(event.id(), event);
      if (sameId != null) {
        assertThat(sameId.clusterId()).isEqualTo(event.clusterId());
        assertThat(sameId.component()).isEqualTo(event.component());
      }
    }
  }

  @Test
  void idsTellHappeningsApart() {
    List<Event> happenings =
        List.of(
            degraded("a", "api", "n1", 1, NOON),
            degraded("b", "api", "n1", 1, NOON),
            degraded("a", "oauth", "n1", 1, NOON),
            degraded("a", "", "n1", 1, NOON),
            degraded("a", "-", "n1", 1, NOON),
            degraded("a", "api", "n2", 1, NOON),
            degraded("a", "api", "n1/1", 1, NOON),
            degraded("a", "api/n1", "1", 1, NOON),
            degraded("a", "api%2Fn1", "1", 1, NOON),
            degraded("a", "api", "n1", 2, NOON),
            degraded("a", "api", "n1", 1, NOON.plusNanos(1)),
            new PluginRecovered("a", "api", NOON, "n1", 1),
            new RemoteKeyRotated("a", "api", NOON, 1, "v1", "v2"),
            new RemoteKeyRotated("a", "api", NOON, 1, "v2", "v1"),
            new KeyCreated("a", "api", NOON, 1, "kms", "", "h"),
            new KeyRetired("a", "api", NOON, 1, "pruned"),
            new MigrationDone("a", "api", NOON, 1, "r1", List.of()),
            new MigrationDone("a", "api", NOON, 1, "r2", List.of()));
    assertThat(happenings.stream().map(Event::id)).doesNotHaveDuplicates();
  }

  @Test
  void tellingTheSameLaterKeepsTheId() {
    Event first = new KeyCreated("a", "api", NOON, 3, "kms", "first key", "AbCdEf12");
    Event later = new KeyCreated("a", "api", NOON.plusSeconds(60), 3, "kms", "retold", "AbCdEf12");
    assertThat(first.id()).isEqualTo(later.id()).isEqualTo("key-created/a/api/3");
    assertThat(first.subject()).isEqualTo("api/keys/3");
  }

  @Test
  void whatAnOlderWriterDidNotSayIsEmpty() throws Exception {
    ConfigChanged event =
        JSON.readValue(
            """
            {"clusterId":"a","time":"2026-11-23T12:00:00Z","generation":3,"kind":"ENABLE"}
            """,
            ConfigChanged.class);
    assertThat(event)
        .isEqualTo(
            new ConfigChanged("a", "", NOON, 3, "", ConfigChange.ENABLE, "", Map.of(), List.of()));
    assertThat(event.id()).isEqualTo("config-changed/a/-/3/-");
    assertThat(event.subject()).isEqualTo("cluster/config");
  }

  @Test
  void anEventOfNoClusterOrNoTimeIsRefused() {
    assertThatThrownBy(() -> new KeyRetired(" ", "api", NOON, 1, ""))
        .hasMessage("clusterId of an event must not be empty");
    assertThatThrownBy(() -> JSON.readValue("{\"clusterId\":\"a\",\"keyId\":1}", KeyRetired.class))
        .hasMessageContaining("time of an event must not be empty");
  }

  @Test
  void collectionsAreCopiedAndBounded() {
    List<String> many = IntStream.range(0, 500).mapToObj(i -> "default/s" + i).toList();
    var failed = new MigrationFailed("a", "api", NOON, 1, "r", "secrets", "refused", many);
    assertThat(failed.failed()).hasSize(MigrationFailed.MAX_FAILED);
    Map<String, String> fields = new HashMap<>(Map.of("b", "2", "a", "1"));
    var changed =
        new ConfigChanged(
            "a", "api", NOON, 1, "h", ConfigChange.NONE, "kms", fields, Collections.emptyList());
    fields.put("c", "3");
    assertThat(changed.fields()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
  }

  private static Event degraded(
      String cluster, String component, String node, long key, Instant time) {
    return new PluginDegraded(cluster, component, time, node, key, "UNAVAILABLE", "no answer");
  }
}
