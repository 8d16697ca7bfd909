package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.apiserver.resource.ResourceTypes;
import java.util.List;

/** What a client can ask of the API itself: groups, versions, resources. */
final class Discovery {
  private static final String[] VERBS = {
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"
  };

  private final ResourceTypes types;

  Discovery(ResourceTypes types) {
    this.types = types;
  }

  static ObjectNode version() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("major", "1")
        .put("minor", "36")
        .put("gitVersion", "v1.36.0+lab")
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "")
        .put("platform", "linux/amd64");
  }

  /** Answers {@code /api}, {@code /apis} and what is below them down to a version. */
  ObjectNode answer(List<String> path) {
    boolean core = path.getFirst().equals("api");
    if (path.size() == 1) {
      return core ? coreVersions() : groups();
    }
    if (!core && path.size() == 2) {
      return group(path.get(1));
    }
    return resources(core ? "" : path.get(1), path.getLast());
  }

  private static ObjectNode coreVersions() {
    ObjectNode versions = JsonNodeFactory.instance.objectNode();
    versions.put("kind", "APIVersions").putArray("versions").add("v1");
    versions
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", "127.0.0.1");
    return versions;
  }

  private ObjectNode groups() {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    types.groupVersions().forEach(each -> describe(each, groups.addObject()));
    return list;
  }

  private ObjectNode group(String name) {
    ObjectNode group = JsonNodeFactory.instance.objectNode();
    group.put("kind", "APIGroup").put("apiVersion", "v1");
    String version =
        types.groupVersions().stream()
            .filter(each -> each.startsWith(name + "/"))
            .findFirst()
            .orElseThrow(ApiException::noSuchPath);
    describe(version, group);
    return group;
  }

  private static void describe(String groupVersion, ObjectNode group) {
    String[] parts = groupVersion.split("/");
    group.put("name", parts[0]);
    group
        .putArray("versions")
        .addObject()
        .put("groupVersion", groupVersion)
        .put("version", parts[1]);
    group.putObject("preferredVersion").put("groupVersion", groupVersion).put("version", parts[1]);
  }

  private ObjectNode resources(String group, String version) {
    List<ResourceType> found = types.in(group, version);
    if (found.isEmpty()) {
      throw ApiException.noSuchPath();
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", found.getFirst().apiVersion());
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : found) {
      describe(type, type.plural(), type.singular(), resources.addObject(), VERBS);
      if (type.status()) {
        describe(
            type, type.plural() + "/status", "", resources.addObject(), "get", "patch", "update");
      }
    }
    return list;
  }

  private static void describe(
      ResourceType type, String name, String singular, ObjectNode resource, String... verbs) {
    resource.put("name", name).put("singularName", singular);
    resource.put("namespaced", type.namespaced()).put("kind", type.kind());
    ArrayNode list = resource.putArray("verbs");
    for (String verb : verbs) {
      list.add(verb);
    }
  }
}
