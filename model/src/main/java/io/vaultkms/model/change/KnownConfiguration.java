package io.vaultkms.model.change;

import io.vaultkms.model.config.Handshake;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.key.EncryptionKey;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One side of a comparison: a configuration as the document, a key Secret or an event tells it,
 * without anything secret.
 *
 * @param fields what is set, by path below {@code spec.encryption.kms}
 * @param keyFields which of the fields name the key that encrypts; an event does not tell them
 * @param hash stands for the fields and the contents they refer to; empty when not known
 */
public record KnownConfiguration(
    Mode mode, SortedMap<String, String> fields, Set<String> keyFields, Optional<String> hash) {

  /** What a cluster has that has never had another: plaintext. */
  public static final KnownConfiguration PLAINTEXT = local(Mode.IDENTITY);

  public KnownConfiguration {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    keyFields = Set.copyOf(keyFields);
  }

  /** What a document asks for that keeps every rule. */
  public static KnownConfiguration of(Wanted.Valid wanted) {
    return switch (wanted) {
      case Wanted.Local local -> local(local.mode());
      case Wanted.Remote remote -> remote(remote.provider(), remote.hash());
    };
  }

  /** What a key was minted or last updated for. */
  public static KnownConfiguration of(EncryptionKey key) {
    return key.mode() != Mode.KMS
        ? local(key.mode())
        : key.kms()
            .map(provider -> remote(provider, key.hash()))
            .orElseGet(() -> new KnownConfiguration(Mode.KMS, none(), Set.of(), key.hash()));
  }

  /** What was told; empty when it tells of a mode that this version does not know. */
  public static Optional<KnownConfiguration> of(ConfigChanged told) {
    return Mode.find(told.mode())
        .map(
            mode ->
                new KnownConfiguration(
                    mode, sorted(told.fields()), Set.of(), Optional.of(told.hash())));
  }

  private static KnownConfiguration local(Mode mode) {
    return new KnownConfiguration(mode, none(), Set.of(), Optional.of(Handshake.of(mode)));
  }

  private static KnownConfiguration remote(KmsProvider provider, Optional<String> hash) {
    return new KnownConfiguration(Mode.KMS, provider.fields(), provider.keyFields(), hash);
  }

  private static SortedMap<String, String> none() {
    return new TreeMap<>();
  }

  private static SortedMap<String, String> sorted(Map<String, String> fields) {
    return new TreeMap<>(fields);
  }
}
