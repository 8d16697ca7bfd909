package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.envelope.Encryption;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.lab.apiserver.resource.Ref;
import io.vaultkms.lab.apiserver.resource.ResourceTypes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything between a request and its reply: who asks, whether they may, what they get. */
final class RequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final int LARGEST_BODY = 3 * 1024 * 1024;

  private final Tokens tokens;
  private final Authorizer authorizer;
  private final Targets targets;
  private final Discovery discovery;
  private final Aggregation aggregation;
  private final Forwarding forwarding;
  private final RestApi api;
  private final HealthChecks health;
  private final Encryption encryption;
  private final ServerMetrics metrics;
  private final Faults faults;

  RequestHandler(
      Tokens tokens,
      Authorizer authorizer,
      ResourceTypes types,
      Aggregation aggregation,
      RestApi api,
      Encryption encryption,
      ServerMetrics metrics,
      Faults faults) {
    this.tokens = tokens;
    this.authorizer = authorizer;
    this.targets = new Targets(types);
    this.discovery = new Discovery(types);
    this.aggregation = aggregation;
    this.forwarding = new Forwarding(aggregation::caCertificate);
    this.api = api;
    this.health = new HealthChecks(encryption);
    this.encryption = encryption;
    this.metrics = metrics;
    this.faults = faults;
  }

  /** Blocks until the reply is known; never throws. */
  Reply handle(ApiRequest request) {
    try {
      return route(request);
    } catch (ApiException e) {
      return new Reply.Json(e.code(), e.status());
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", request.method(), request.path(), e);
      ApiException internal = ApiException.internal(e.getClass().getSimpleName());
      return new Reply.Json(internal.code(), internal.status());
    }
  }

  private Reply route(ApiRequest request) {
    List<String> path = request.segments();
    if (HealthChecks.isHealthPath(path)) {
      return health.answer(path, request.query().contains("verbose"));
    }
    if (path.equals(List.of("version"))) {
      return new Reply.Json(200, Discovery.version());
    }
    User user = authenticate(request);
    if (path.equals(List.of("metrics"))) {
      authorize(new RequestInfo("get", "", request.path(), "", "", user));
      return new Reply.Text(200, metrics.text());
    }
    String root = path.isEmpty() ? "" : path.getFirst();
    if (!root.equals("api") && !root.equals("apis")) {
      throw ApiException.noSuchPath();
    }
    if (path.size() <= (root.equals("api") ? 2 : 3)) {
      return new Reply.Json(200, discovery.answer(path));
    }
    Optional<List<URI>> others =
        root.equals("apis") ? aggregation.servers(path.get(1)) : Optional.empty();
    return others.isPresent()
        ? forwarding.forward(others.get(), request)
        : serve(targets.resolve(path), request, user);
  }

  private User authenticate(ApiRequest request) {
    String other = request.header("X-Remote-User");
    if (request.proxied() && other != null) {
      return new User(other, request.headers().getAll("X-Remote-Group"));
    }
    String header = request.header("Authorization");
    if (header == null || !header.startsWith("Bearer ")) {
      throw ApiException.unauthorized();
    }
    return tokens
        .user(header.substring("Bearer ".length()).strip())
        .orElseThrow(ApiException::unauthorized);
  }

  private void authorize(RequestInfo info) {
    if (!authorizer.allows(info)) {
      throw new ApiException(
          403,
          "Forbidden",
          "User \"%s\" cannot %s resource \"%s\" in API group \"%s\"%s"
              .formatted(
                  info.user().name(),
                  info.verb(),
                  info.resource(),
                  info.group(),
                  info.namespace().isEmpty()
                      ? " at the cluster scope"
                      : " in the namespace \"" + info.namespace() + "\""));
    }
  }

  private Reply serve(Ref ref, ApiRequest request, User user) {
    String verb = RestApi.verb(ref, request);
    String part = ref.subresource() == null ? "" : "/" + ref.subresource();
    RequestInfo info =
        new RequestInfo(
            verb,
            ref.type().group(),
            ref.type().plural() + part,
            ref.namespace() == null ? "" : ref.namespace(),
            ref.name() == null ? "" : ref.name(),
            user);
    int code = 500;
    try {
      authorize(info);
      faults.beforeWork(info);
      if (!encryption.loaded()) {
        throw new ApiException(
            503, "ServiceUnavailable", "the encryption configuration is not loaded yet");
      }
      if (request.body().length > LARGEST_BODY) {
        throw new ApiException(
            413, "RequestEntityTooLarge", "Request entity too large: limit is " + LARGEST_BODY);
      }
      Reply reply =
          api.serve(
              verb, ref, request, () -> faults.beforeCommit(info), () -> faults.afterStore(info));
      code = reply instanceof Reply.Json json ? json.code() : 200;
      return reply;
    } catch (ApiException e) {
      code = e.code();
      if (verb.equals("watch") && code == 410) {
        // A watch that is too old begins, and says so in its first event.
        return new Reply.Json(200, event(e));
      }
      throw e;
    } finally {
      metrics.request(verb, ref.type().plural(), code);
    }
  }

  private static ObjectNode event(ApiException error) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("type", "ERROR").set("object", error.status());
    return event;
  }
}
