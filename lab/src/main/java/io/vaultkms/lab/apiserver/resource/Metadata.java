package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;

/** The metadata of an object, as a view: what is set here is set in the object. */
public record Metadata(ObjectNode node) {
  private static final List<String> OMITTED_IF_EMPTY =
      List.of("labels", "annotations", "finalizers", "ownerReferences", "managedFields");

  public static Metadata of(ObjectNode object) {
    JsonNode present = object.get("metadata");
    if (present instanceof ObjectNode metadata) {
      return new Metadata(metadata);
    }
    if (present != null && !present.isNull()) {
      throw ApiException.badRequest("metadata is not an object");
    }
    return new Metadata(object.putObject("metadata"));
  }

  public static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The text of a field, empty if it is not there. */
  public String text(String field) {
    return node.path(field).asText("");
  }

  public String name() {
    return text("name");
  }

  public String namespace() {
    return text("namespace");
  }

  public String uid() {
    return text("uid");
  }

  public String resourceVersion() {
    return text("resourceVersion");
  }

  public boolean deleting() {
    return node.hasNonNull("deletionTimestamp");
  }

  public boolean hasFinalizers() {
    return !node.path("finalizers").isEmpty();
  }

  /** Makes a field what it is in another object, there or not. */
  void take(String field, Metadata from) {
    JsonNode value = from.node.get(field);
    if (value == null) {
      node.remove(field);
    } else {
      node.set(field, value.deepCopy());
    }
  }

  void dropEmpty() {
    for (String field : OMITTED_IF_EMPTY) {
      if (node.has(field) && node.get(field).isEmpty()) {
        node.remove(field);
      }
    }
  }

  /** Takes every null out of an object, as encoding it would. */
  static void dropNulls(JsonNode tree) {
    Iterator<JsonNode> children = tree.iterator();
    while (children.hasNext()) {
      JsonNode child = children.next();
      if (child.isNull() && tree.isObject()) {
        children.remove();
      } else if (child.isContainerNode()) {
        dropNulls(child);
      }
    }
  }

  /** The object with nothing but its metadata. */
  public static ObjectNode only(ObjectNode object) {
    ObjectNode partial = JsonNodeFactory.instance.objectNode();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata"));
    return partial;
  }
}
