package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.lab.apiserver.resource.Ref;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.apiserver.resource.ResourceTypes;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the paths under {@code /api/v1} and {@code /apis/group/version} are about. */
final class Targets {
  private static final Set<String> OF_NAMESPACES = Set.of("status", "finalize");

  private final ResourceTypes types;

  Targets(ResourceTypes types) {
    this.types = types;
  }

  /**
   * @throws ApiException 404 if nothing is served there
   */
  Ref resolve(List<String> path) {
    boolean core = path.getFirst().equals("api");
    int head = core ? 2 : 3;
    if (path.size() <= head) {
      throw ApiException.noSuchPath();
    }
    String group = core ? "" : path.get(1);
    String version = path.get(head - 1);
    List<String> rest = path.subList(head, path.size());
    boolean namespaced =
        rest.size() > 2
            && rest.getFirst().equals("namespaces")
            && !(core && rest.size() == 3 && OF_NAMESPACES.contains(rest.get(2)));
    String namespace = namespaced ? rest.get(1) : null;
    List<String> object = namespaced ? rest.subList(2, rest.size()) : rest;
    ResourceType type =
        types.find(group, version, object.getFirst()).orElseThrow(ApiException::noSuchPath);
    return check(new Ref(type, namespace, at(object, 1), at(object, 2)), object.size());
  }

  private static @Nullable String at(List<String> path, int index) {
    return path.size() > index ? path.get(index) : null;
  }

  private static Ref check(Ref ref, int length) {
    boolean scope = ref.type().namespaced() || ref.namespace() == null;
    boolean named = ref.name() == null || !ref.type().namespaced() || ref.namespace() != null;
    String part = ref.subresource();
    boolean subresource =
        part == null
            || (part.equals("status") && ref.type().status())
            || (part.equals("finalize") && ref.type().kind().equals("Namespace"));
    if (!scope || !named || !subresource || length > 3) {
      throw ApiException.noSuchPath();
    }
    return ref;
  }
}
