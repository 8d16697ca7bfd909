package io.vaultkms.lab.apiserver;

import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as it arrived, its body read.
 *
 * @param proxied whether the one who sent it may say for whom it asks
 */
record ApiRequest(
    String method, String path, MultiMap query, MultiMap headers, byte[] body, boolean proxied) {
  /** The path's segments, without empty ones. */
  List<String> segments() {
    return List.of(path.split("/")).stream().filter(segment -> !segment.isEmpty()).toList();
  }

  String parameter(String name) {
    String value = query.get(name);
    return value == null ? "" : value;
  }

  boolean flag(String name) {
    String value = parameter(name);
    return value.equals("true") || value.equals("1");
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  /** The media type of the body, without its parameters. */
  String contentType() {
    String type = headers.get("Content-Type");
    return type == null ? "application/json" : type.split(";")[0].strip();
  }
}
