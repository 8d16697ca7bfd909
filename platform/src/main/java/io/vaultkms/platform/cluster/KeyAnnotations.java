package io.vaultkms.platform.cluster;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.key.EncryptionKey.Mark;
import io.vaultkms.model.key.EncryptionKey.Migrated;
import io.vaultkms.platform.json.Json;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** A key as the metadata of its Secret tells it, and back. */
public final class KeyAnnotations {
  private KeyAnnotations() {}

  /** Group and resource, as the operators write them. */
  record GroupResource(String Group, String Resource) {
    static GroupResource of(String name) {
      int dot = name.indexOf('.');
      return dot < 0
          ? new GroupResource("", name)
          : new GroupResource(name.substring(dot + 1), name.substring(0, dot));
    }

    String name() {
      return Group == null || Group.isEmpty() ? Resource : Resource + "." + Group;
    }
  }

  record GroupResources(List<GroupResource> resources) {}

  /** The key; empty when the name or the mode is not that of a key Secret. */
  public static Optional<EncryptionKey> read(String component, ObjectMeta meta) {
    String prefix = Contract.keySecret(component, 0).replaceAll("0$", "");
    Map<String, String> annotations = annotations(meta);
    Optional<Mode> mode = Mode.find(annotations.getOrDefault(Contract.MODE, ""));
    String number =
        meta.getName().startsWith(prefix) ? meta.getName().substring(prefix.length()) : "";
    if (mode.isEmpty() || !number.matches("[1-9]\\d{0,17}")) {
      return Optional.empty();
    }
    return Optional.of(
        new EncryptionKey(
            Long.parseLong(number),
            mode.get(),
            Optional.ofNullable(annotations.get(Contract.KMS_CONFIG))
                .map(json -> Json.read(json, KmsSpec.class)),
            Optional.ofNullable(annotations.get(Contract.HANDSHAKE)),
            annotations.getOrDefault(Contract.EXTERNAL_REASON, ""),
            migrated(annotations),
            marks(annotations)));
  }

  private static Set<Mark> marks(Map<String, String> annotations) {
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    if (annotations.containsKey(Contract.WITHDRAWN_TIME)) {
      marks.add(Mark.WITHDRAWN);
    }
    if (annotations.containsKey(Contract.RESTORED_TIME)) {
      marks.add(Mark.RESTORED);
    }
    return marks;
  }

  private static Migrated migrated(Map<String, String> annotations) {
    SortedSet<String> resources = new TreeSet<>();
    String json = annotations.get(Contract.MIGRATED_RESOURCES);
    if (json != null) {
      Json.read(json, GroupResources.class).resources().forEach(r -> resources.add(r.name()));
    }
    return new Migrated(
        resources,
        Optional.ofNullable(annotations.get(Contract.MIGRATED_TIMESTAMP)).map(Instant::parse),
        Optional.ofNullable(annotations.get(Contract.MIGRATED_REMOTE_KEY)));
  }

  /** The annotations that say what has been migrated. */
  public static Map<String, String> write(Migrated migrated) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(
        Contract.MIGRATED_RESOURCES,
        Json.write(
            new GroupResources(migrated.resources().stream().map(GroupResource::of).toList())));
    migrated.at().ifPresent(at -> annotations.put(Contract.MIGRATED_TIMESTAMP, at.toString()));
    migrated.remoteKeyId().ifPresent(id -> annotations.put(Contract.MIGRATED_REMOTE_KEY, id));
    return annotations;
  }

  private static Map<String, String> annotations(ObjectMeta meta) {
    return meta.getAnnotations() == null ? Map.of() : meta.getAnnotations();
  }
}
