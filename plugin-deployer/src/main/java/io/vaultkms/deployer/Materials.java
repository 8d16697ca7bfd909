package io.vaultkms.deployer;

import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.deployer.contract.KeySecrets.KmsKey;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.platform.cluster.WantedReader;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What KMS keys can be made of, as one look has read it: what is acted on is what was decided on.
 * Holds secrets; never shown.
 *
 * @param document what is wanted, and what that refers to
 * @param contents what keys that keep their own configuration refer to
 */
record Materials(WantedReader.Document document, SortedMap<Long, ReferencedData> contents) {

  Observation complete(Observation seen) {
    return WantedReader.withContents(seen, contents);
  }

  /** What is wanted; empty when that is no KMS. */
  Optional<KmsKey> wanted(Mode mode) {
    return mode == Mode.KMS && document.wanted() instanceof Wanted.Remote remote
        ? remote.hash().map(this::wanted)
        : Optional.empty();
  }

  /** The key of that number with just this configuration. */
  KmsKey of(Observation seen, long keyId, String hash) {
    return hash.equals(seen.renewed().get(keyId))
        ? new KmsKey(hash, new KeyData(own(seen, keyId), contents.get(keyId)))
        : wanted(hash);
  }

  private KmsKey wanted(String hash) {
    return new KmsKey(hash, new KeyData(document.kms().orElseThrow(), document.data()));
  }

  private static KmsProvider own(Observation seen, long keyId) {
    return seen.key(keyId).flatMap(EncryptionKey::kms).orElseThrow();
  }

  @Override
  public String toString() {
    return "Materials" + contents.keySet();
  }
}
