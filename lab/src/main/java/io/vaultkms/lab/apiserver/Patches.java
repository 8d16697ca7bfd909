package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.patch.JsonPatch;
import io.vaultkms.lab.apiserver.patch.MergePatch;
import io.vaultkms.lab.apiserver.patch.ServerSideApply;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.lab.apiserver.resource.Json;
import io.vaultkms.lab.apiserver.resource.Metadata;
import io.vaultkms.lab.apiserver.resource.ObjectRegistry.Update;
import io.vaultkms.lab.apiserver.resource.Ref;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes updates of the bodies of PUT and PATCH requests. */
final class Patches {
  private Patches() {}

  static Update replace(Ref ref, ObjectNode body) {
    Metadata metadata = Metadata.of(body);
    if (metadata.name().isEmpty()) {
      throw ApiException.badRequest(
          "the name of the object (%s based on URL) was undeterminable: name must be provided"
              .formatted(ref.name()));
    }
    String uid = metadata.uid().isEmpty() ? null : metadata.uid();
    return new Update(
        uid,
        false,
        existing -> {
          ObjectNode replacement = body.deepCopy();
          if (!metadata.node().has("managedFields") && existing != null) {
            JsonNode managed = existing.path("metadata").path("managedFields");
            Metadata.of(replacement).node().set("managedFields", managed.deepCopy());
          }
          return disown(existing, replacement);
        });
  }

  static Update patch(Ref ref, ApiRequest request) {
    return switch (request.contentType()) {
      case "application/merge-patch+json" -> merge(Json.readObject(request.body()));
      case "application/strategic-merge-patch+json" -> {
        if (ref.type().custom()) {
          throw unsupported();
        }
        yield merge(Json.readObject(request.body()));
      }
      case "application/json-patch+json" -> operations(Json.read(request.body()));
      case "application/apply-patch+yaml" -> apply(ref, request);
      default -> throw unsupported();
    };
  }

  private static ApiException unsupported() {
    return new ApiException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include:"
            + " application/json-patch+json, application/merge-patch+json,"
            + " application/apply-patch+yaml");
  }

  private static Update merge(ObjectNode patch) {
    return change(
        object -> {
          MergePatch.apply(object, patch);
          return object;
        });
  }

  private static Update operations(JsonNode patch) {
    return change(
        object -> {
          try {
            JsonPatch.apply(object, patch);
            return object;
          } catch (JsonPatch.PatchException e) {
            throw new ApiException(
                422,
                "Invalid",
                "the server rejected our request due to an error in our request: "
                    + e.getMessage());
          }
        });
  }

  private static Update change(UnaryOperator<ObjectNode> change) {
    return new Update(
        null,
        false,
        existing -> {
          ObjectNode before = Objects.requireNonNull(existing, "a patch needs an object");
          return disown(before.deepCopy(), change.apply(before));
        });
  }

  private static ObjectNode disown(@Nullable ObjectNode before, ObjectNode after) {
    if (before != null) {
      ServerSideApply.updated(before, after);
    }
    return after;
  }

  private static Update apply(Ref ref, ApiRequest request) {
    String manager = request.parameter("fieldManager");
    if (manager.isEmpty()) {
      throw new ApiException(
          422,
          "Invalid",
          "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for"
              + " apply patch");
    }
    ObjectNode applied = Json.readYaml(request.body());
    if (!applied.hasNonNull("kind") || !applied.hasNonNull("apiVersion")) {
      throw ApiException.badRequest("an applied object must have apiVersion and kind");
    }
    if (!Metadata.of(applied).node().path("managedFields").isEmpty()) {
      throw ApiException.badRequest("metadata.managedFields must be nil");
    }
    String subresource = ref.ofStatus() ? "status" : "";
    var how =
        new ServerSideApply.Apply(manager, subresource, request.flag("force"), Metadata.now());
    return new Update(
        null,
        subresource.isEmpty(),
        existing -> {
          try {
            return ServerSideApply.apply(existing, applied, how);
          } catch (ServerSideApply.ConflictException e) {
            throw new ApiException(409, "Conflict", e.getMessage());
          }
        });
  }
}
