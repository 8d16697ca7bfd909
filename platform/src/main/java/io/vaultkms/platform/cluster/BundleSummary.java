package io.vaultkms.platform.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.config.Mode;
import io.vaultkms.platform.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A bundle as the annotation on its Secret tells it: who writes and who reads, without key
 * material, so that those who may not read Secrets know it too.
 */
public record BundleSummary(SortedMap<String, Keys> resources, SortedMap<Long, Content> keys) {
  /** The write key is 0 for plain identity. */
  record Keys(long write, List<Long> read) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Content(Mode mode, @Nullable String hash) {}

  /** The annotation's text for a bundle. */
  public static String write(Bundle bundle) {
    SortedMap<String, Keys> resources = new TreeMap<>();
    bundle
        .resources()
        .forEach(
            (name, used) ->
                resources.put(
                    name, new Keys(used.writeKey().orElse(0), List.copyOf(used.readKeys()))));
    SortedMap<Long, Content> keys = new TreeMap<>();
    bundle
        .keys()
        .forEach((id, key) -> keys.put(id, new Content(key.mode(), key.hash().orElse(null))));
    return Json.write(new BundleSummary(resources, keys));
  }

  /** The bundle that an annotation tells of. */
  public static Bundle read(String annotation) {
    BundleSummary summary = Json.read(annotation, BundleSummary.class);
    SortedMap<String, ResourceKeys> resources = new TreeMap<>();
    summary.resources.forEach(
        (name, used) ->
            resources.put(
                name,
                new ResourceKeys(
                    used.write() == 0 ? OptionalLong.empty() : OptionalLong.of(used.write()),
                    new TreeSet<>(used.read()))));
    SortedMap<Long, Bundle.KeyContent> keys = new TreeMap<>();
    summary.keys.forEach(
        (id, key) ->
            keys.put(id, new Bundle.KeyContent(key.mode(), Optional.ofNullable(key.hash()))));
    return new Bundle(resources, keys);
  }
}
