package io.vaultkms.platform.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.model.config.ConfigRules;
import io.vaultkms.model.config.EncryptionSpec;
import io.vaultkms.model.config.Handshake;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.Reference;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what the admin wants: the {@code APIServer} object, and what it refers to. Blocks. */
public final class WantedReader {
  private final KubernetesClient client;

  public WantedReader(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The document, with what it refers to where that was read.
   *
   * @param spec empty when the document has another shape than the API gives it
   * @param data the contents of Secrets and ConfigMaps; never shown
   */
  public record Document(
      Wanted wanted,
      Optional<EncryptionSpec> spec,
      Optional<KmsProvider> kms,
      ReferencedData data) {}

  /** The document alone: for those who may not read the contents it refers to. */
  public Document readDocument() {
    return read(false);
  }

  /** The document and the contents it refers to. */
  public Document readWithContents() {
    return read(true);
  }

  /**
   * What a document that is not on the cluster would be wanted as: with what it refers to, as the
   * cluster has that now.
   *
   * @param generation what it would be the generation of
   */
  public Document readAs(long generation, EncryptionSpec spec) {
    return judge(generation, spec, true);
  }

  /**
   * What the Secrets and ConfigMaps hold now that keys of the newest bundle refer to, by key; of
   * keys that keep their own configuration, and only where all of it is there. Never shown.
   */
  public SortedMap<Long, ReferencedData> contents(Observation seen) {
    SortedMap<Long, ReferencedData> contents = new TreeMap<>();
    for (EncryptionKey key : seen.keys()) {
      if (key.kms().isPresent() && seen.keepsItsOwn(key.id())) {
        List<Reference> references = key.kms().get().references();
        ReferencedData data = resolve(references);
        if (data.missing(references).isEmpty()) {
          contents.put(key.id(), data);
        }
      }
    }
    return contents;
  }

  /** The same observation by somebody who has read these contents. */
  public static Observation withContents(
      Observation seen, SortedMap<Long, ReferencedData> contents) {
    SortedMap<Long, String> handshakes = new TreeMap<>();
    contents.forEach(
        (id, data) ->
            seen.key(id)
                .flatMap(EncryptionKey::kms)
                .ifPresent(kms -> handshakes.put(id, Handshake.of(kms, data))));
    return seen.withRenewed(handshakes);
  }

  private Document read(boolean contents) {
    GenericKubernetesResource object =
        client
            .genericKubernetesResources(Contract.API_SERVERS)
            .withName(Contract.API_SERVER_NAME)
            .get();
    if (object == null) {
      return plain(new Wanted.Absent(), EncryptionSpec.NONE);
    }
    Long stated = object.getMetadata().getGeneration();
    long generation = stated == null ? 0 : stated;
    EncryptionSpec spec;
    try {
      spec = spec(object);
    } catch (IllegalArgumentException e) {
      Violation violation =
          new Violation("spec.encryption", "", "must have the shape of the configuration API");
      return new Document(
          new Wanted.Invalid(generation, List.of(violation)),
          Optional.empty(),
          Optional.empty(),
          ReferencedData.NONE);
    }
    return judge(generation, spec, contents);
  }

  private Document judge(long generation, EncryptionSpec spec, boolean contents) {
    List<Violation> violations = ConfigRules.check(spec);
    if (!violations.isEmpty()) {
      return plain(new Wanted.Invalid(generation, violations), spec);
    }
    Mode mode = spec.mode().orElseThrow();
    if (mode != Mode.KMS || spec.kms() == null) {
      return plain(new Wanted.Local(generation, mode), spec);
    }
    return remote(generation, spec, spec.kms(), contents);
  }

  private Document remote(
      long generation, EncryptionSpec spec, KmsProvider provider, boolean contents) {
    if (!contents) {
      return new Document(
          new Wanted.Remote(generation, provider, Optional.empty()),
          Optional.of(spec),
          Optional.of(provider),
          ReferencedData.NONE);
    }
    ReferencedData data = resolve(provider.references());
    List<Violation> missing = data.missing(provider.references());
    Wanted wanted =
        missing.isEmpty()
            ? new Wanted.Remote(generation, provider, Optional.of(Handshake.of(provider, data)))
            : new Wanted.Incomplete(generation, provider, missing);
    return new Document(wanted, Optional.of(spec), Optional.of(provider), data);
  }

  private static Document plain(Wanted wanted, EncryptionSpec spec) {
    return new Document(wanted, Optional.of(spec), Optional.empty(), ReferencedData.NONE);
  }

  private static EncryptionSpec spec(GenericKubernetesResource object) {
    Object encryption = object.get("spec", "encryption");
    return encryption == null
        ? EncryptionSpec.NONE
        : Json.MAPPER.convertValue(encryption, EncryptionSpec.class);
  }

  private ReferencedData resolve(List<Reference> references) {
    Map<String, byte[]> entries = new HashMap<>();
    for (Reference reference : references) {
      Map<String, byte[]> values = values(reference);
      for (String dataKey : reference.dataKeys()) {
        byte[] value = values.get(dataKey);
        if (value != null) {
          entries.put(reference.entry(dataKey), value);
        }
      }
    }
    return ReferencedData.of(entries);
  }

  private Map<String, byte[]> values(Reference reference) {
    Map<String, byte[]> values = new HashMap<>();
    switch (reference.kind()) {
      case SECRET -> {
        Secret secret =
            client
                .secrets()
                .inNamespace(Contract.CONFIG_NAMESPACE)
                .withName(reference.name())
                .get();
        if (secret != null && secret.getData() != null) {
          secret
              .getData()
              .forEach((key, text) -> values.put(key, Base64.getDecoder().decode(text)));
        }
      }
      case CONFIG_MAP -> {
        ConfigMap configMap =
            client
                .configMaps()
                .inNamespace(Contract.CONFIG_NAMESPACE)
                .withName(reference.name())
                .get();
        if (configMap != null && configMap.getData() != null) {
          configMap
              .getData()
              .forEach((key, text) -> values.put(key, text.getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
    return values;
  }
}
