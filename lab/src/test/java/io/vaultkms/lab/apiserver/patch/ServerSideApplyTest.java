package io.vaultkms.lab.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.patch.ServerSideApply.Apply;
import io.vaultkms.lab.apiserver.resource.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {
  private static ObjectNode yaml(String text) {
    return Json.readYaml(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode apply(ObjectNode existing, String manager, String text) {
    return ServerSideApply.apply(
        existing, yaml(text), new Apply(manager, "", false, "2026-01-01T00:00:00Z"));
  }

  private static ObjectNode without(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    copy.remove("metadata");
    return copy;
  }

  @Test
  void mergesConditionsByTypeAndKeepsThoseOfOthers() {
    ObjectNode object = apply(null, "one", "{status: {conditions: [{type: A, status: 'False'}]}}");
    apply(object, "two", "{status: {conditions: [{type: B, status: 'True'}]}}");
    apply(object, "one", "{status: {conditions: [{type: A, status: 'True', reason: R}]}}");

    assertThat(without(object))
        .isEqualTo(
            yaml(
                "{status: {conditions: [{type: A, status: 'True', reason: R},"
                    + " {type: B, status: 'True'}]}}"));
  }

  @Test
  void takesOutWhatAManagerNoLongerApplies() {
    ObjectNode object = apply(null, "one", "{spec: {a: 1, b: {c: 1, d: 1}, list: [1, 2]}}");
    apply(object, "two", "{spec: {b: {c: 1}}}");
    apply(object, "one", "{spec: {a: 1}}");

    assertThat(without(object)).isEqualTo(yaml("{spec: {a: 1, b: {c: 1}}}"));
  }

  @Test
  void takesOutElementsOfKeyedLists() {
    ObjectNode object = apply(null, "one", "{spec: {env: [{name: a, v: 1}, {name: b, v: 1}]}}");
    apply(object, "two", "{spec: {env: [{name: c, v: 1}]}}");
    apply(object, "one", "{spec: {env: [{name: b, v: 2}]}}");

    assertThat(without(object))
        .isEqualTo(yaml("{spec: {env: [{name: b, v: 2}, {name: c, v: 1}]}}"));
  }

  @Test
  void refusesAFieldOfAnotherManagerWithAnotherValue() {
    ObjectNode object = apply(null, "one", "{spec: {a: 1}}");

    assertThatThrownBy(() -> apply(object, "two", "{spec: {a: 2}}"))
        .hasMessage("Apply failed with 1 conflict: conflict with \"one\": .spec.a");
    assertThat(apply(object, "two", "{spec: {a: 1}}").at("/spec/a").asInt()).isEqualTo(1);
  }

  @Test
  void givesUpFieldsThatAPlainUpdateChanged() {
    ObjectNode object = apply(null, "one", "{spec: {a: 1, b: 1}}");
    ObjectNode updated = object.deepCopy();
    updated.withObject("/spec").put("a", 2);
    ServerSideApply.updated(object, updated);

    ObjectNode applied = apply(updated, "one", "{spec: {b: 1}}");

    assertThat(without(applied)).isEqualTo(yaml("{spec: {a: 2, b: 1}}"));
  }

  @Test
  void changesNothingWhenTheSameIsAppliedAgain() {
    String text = "{apiVersion: v1, kind: X, metadata: {name: n, labels: {l: x}}, spec: {a: 1}}";
    ObjectNode object = apply(null, "one", text);
    ObjectNode before = object.deepCopy();

    ObjectNode again =
        ServerSideApply.apply(
            object, yaml(text), new Apply("one", "", false, "2027-01-01T00:00:00Z"));

    assertThat(again).isEqualTo(before);
    assertThat(again.at("/metadata/managedFields/0/fieldsV1").toString())
        .isEqualTo("{\"f:metadata\":{\"f:labels\":{\"f:l\":{}}},\"f:spec\":{\"f:a\":{}}}");
  }
}
