package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.lab.apiserver.resource.Json;
import io.vaultkms.lab.apiserver.resource.ListQuery;
import io.vaultkms.lab.apiserver.resource.Metadata;
import io.vaultkms.lab.apiserver.resource.ObjectList;
import io.vaultkms.lab.apiserver.resource.ObjectLister;
import io.vaultkms.lab.apiserver.resource.ObjectRegistry;
import io.vaultkms.lab.apiserver.resource.ObjectRegistry.Deletion;
import io.vaultkms.lab.apiserver.resource.ObjectRegistry.Preconditions;
import io.vaultkms.lab.apiserver.resource.ObjectRegistry.Written;
import io.vaultkms.lab.apiserver.resource.ObjectWatch;
import io.vaultkms.lab.apiserver.resource.Ref;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.apiserver.resource.Selection;
import io.vaultkms.lab.apiserver.resource.WriteOptions;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The verbs on objects, from a request to a reply. Safe for any thread but an event loop. */
final class RestApi {
  private final ObjectRegistry registry;
  private final ObjectLister lister;

  RestApi(ObjectRegistry registry) {
    this.registry = registry;
    this.lister = new ObjectLister(registry);
  }

  /** The Kubernetes name of what a request does. */
  static String verb(Ref ref, ApiRequest request) {
    boolean one = ref.name() != null;
    return switch (request.method()) {
      case "GET" -> one ? "get" : request.flag("watch") ? "watch" : "list";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> one ? "delete" : "deletecollection";
      default -> throw methodNotAllowed();
    };
  }

  private static ApiException methodNotAllowed() {
    return new ApiException(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  /**
   * @param beforeCommit what a write waits for just before it is stored
   * @param afterStore what its answer waits for when it is stored
   */
  Reply serve(
      String verb, Ref ref, ApiRequest request, Runnable beforeCommit, Runnable afterStore) {
    boolean list = verb.equals("list") || verb.equals("deletecollection");
    Representation form = Representation.negotiate(request.header("Accept"), list);
    if (verb.equals("watch")) {
      return watch(ref, request, form);
    }
    boolean dryRun = request.parameter("dryRun").equals("All");
    var options = new WriteOptions(dryRun, beforeCommit, afterStore);
    return switch (verb) {
      case "get" -> answer(200, registry.get(ref), form);
      case "list" -> new Reply.Json(200, list(ref, request, form));
      case "create" -> create(ref, request, form, options);
      case "update" -> {
        requireName(ref);
        yield written(
            registry.update(ref, Patches.replace(ref, Json.readYaml(request.body())), options),
            form);
      }
      case "patch" -> {
        requireName(ref);
        yield written(registry.update(ref, Patches.patch(ref, request), options), form);
      }
      case "delete" -> delete(ref, request, form, options);
      default -> new Reply.Json(200, deleteCollection(ref, request, form, options));
    };
  }

  private static void requireName(Ref ref) {
    if (ref.name() == null) {
      throw methodNotAllowed();
    }
  }

  private static Reply answer(int code, ObjectNode object, Representation form) {
    return new Reply.Json(code, represent(object, form));
  }

  static ObjectNode represent(ObjectNode object, Representation form) {
    return switch (form) {
      case WHOLE -> object;
      case METADATA -> Metadata.only(object);
    };
  }

  private static Reply written(Written written, Representation form) {
    return answer(written.created() ? 201 : 200, written.object(), form);
  }

  private Reply create(Ref ref, ApiRequest request, Representation form, WriteOptions options) {
    boolean whole = ref.name() == null && (!ref.type().namespaced() || ref.namespace() != null);
    if (!whole) {
      throw methodNotAllowed();
    }
    return answer(201, registry.create(ref, Json.readYaml(request.body()), options), form);
  }

  private ObjectNode list(Ref ref, ApiRequest request, Representation form) {
    ObjectList page = lister.list(query(ref, request));
    ResourceType type = ref.type();
    boolean whole = form == Representation.WHOLE;
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", whole ? type.kind() + "List" : "PartialObjectMetadataList");
    list.put("apiVersion", whole ? type.apiVersion() : "meta.k8s.io/v1");
    ObjectNode metadata = list.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(page.resourceVersion()));
    if (page.continueToken() != null) {
      metadata.put("continue", page.continueToken());
    }
    if (page.remaining() != null) {
      metadata.put("remainingItemCount", page.remaining());
    }
    ArrayNode items = list.putArray("items");
    for (ObjectNode item : page.items()) {
      ObjectNode shown = represent(item, form);
      if (whole && !type.custom()) {
        // The items of built-in kinds do not say their kind in a list.
        shown.remove("kind");
        shown.remove("apiVersion");
      }
      items.add(shown);
    }
    return list;
  }

  private static ListQuery query(Ref ref, ApiRequest request) {
    return new ListQuery(
        selection(ref, request),
        number(request, "limit"),
        request.parameter("continue"),
        request.parameter("resourceVersion"),
        request.parameter("resourceVersionMatch"));
  }

  private static Selection selection(Ref ref, ApiRequest request) {
    return Selection.of(
        ref, request.parameter("fieldSelector"), request.parameter("labelSelector"));
  }

  private static int number(ApiRequest request, String parameter) {
    String value = request.parameter(parameter);
    try {
      return value.isEmpty() ? 0 : Math.max(0, Integer.parseInt(value));
    } catch (NumberFormatException e) {
      throw ApiException.badRequest(parameter + " is not a number");
    }
  }

  private Reply watch(Ref ref, ApiRequest request, Representation form) {
    int seconds = number(request, "timeoutSeconds");
    int limit = seconds > 0 ? seconds : 1800 + ThreadLocalRandom.current().nextInt(1800);
    var events =
        new ObjectWatch(
            registry,
            selection(ref, request),
            request.parameter("resourceVersion"),
            request.flag("sendInitialEvents"));
    return new Reply.Watch(
        events, form, Duration.ofSeconds(limit), request.flag("allowWatchBookmarks"));
  }

  private Reply delete(Ref ref, ApiRequest request, Representation form, WriteOptions options) {
    JsonNode body =
        request.body().length == 0
            ? JsonNodeFactory.instance.objectNode()
            : Json.readYaml(request.body());
    JsonNode conditions = body.path("preconditions");
    Preconditions preconditions =
        new Preconditions(
            conditions.path("uid").asText(null), conditions.path("resourceVersion").asText(null));
    Deletion deletion = registry.delete(ref, preconditions, options);
    if (!deletion.gone()) {
      return answer(200, deletion.object(), form);
    }
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = status.putObject("details");
    details.put("name", ref.name());
    if (!ref.type().group().isEmpty()) {
      details.put("group", ref.type().group());
    }
    details.put("kind", ref.type().plural()).put("uid", Metadata.of(deletion.object()).uid());
    return new Reply.Json(200, status);
  }

  private ObjectNode deleteCollection(
      Ref ref, ApiRequest request, Representation form, WriteOptions options) {
    for (ObjectNode item : lister.list(query(ref, request)).items()) {
      Metadata metadata = Metadata.of(item);
      String namespace = ref.type().namespaced() ? metadata.namespace() : null;
      try {
        registry.delete(
            new Ref(ref.type(), namespace, metadata.name(), null), Preconditions.NONE, options);
      } catch (ApiException e) {
        if (e.code() != 404) {
          throw e;
        }
      }
    }
    return list(ref, request, form);
  }
}
