package io.vaultkms.health.status;

import io.vaultkms.health.history.History;
import io.vaultkms.health.history.Judgement;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Completes an observation of someone who may not read what the configuration refers to, with what
 * those who may have said of it: so that the decision is the one that they make.
 */
public final class JudgedObservation {
  private JudgedObservation() {}

  /**
   * The same observation, with what is known of the contents that are wanted, and of those that
   * keys refer to which keep their own configuration.
   */
  public static Observation of(Observation observed, History history) {
    Observation seen = observed.withRenewed(renewed(observed));
    return seen.wanted() instanceof Wanted.Remote remote && remote.hash().isEmpty()
        ? seen.withWanted(judged(seen, remote, history))
        : seen;
  }

  /** What the nodes are asked to try for such a key is what it is to have. */
  private static SortedMap<Long, String> renewed(Observation seen) {
    return seen.preflight()
        .filter(request -> seen.keepsItsOwn(request.keyId()))
        .map(request -> new TreeMap<>(Map.of(request.keyId(), request.hash())))
        .orElseGet(TreeMap::new);
  }

  private static Wanted judged(Observation seen, Wanted.Remote remote, History history) {
    Optional<Judgement> judgement =
        history.judgement().filter(known -> known.generation() == remote.generation());
    if (judgement.isPresent() && !judgement.get().accepted()) {
      return new Wanted.Incomplete(
          remote.generation(), remote.provider(), judgement.get().violations());
    }
    return new Wanted.Remote(
        remote.generation(), remote.provider(), hash(seen, remote.provider(), judgement, history));
  }

  /**
   * The deployer reads the contents itself: what it asked the nodes to try is what is wanted, and
   * so is what it gave the newest key since the verdict, which then speaks of older contents.
   */
  private static Optional<String> hash(
      Observation seen, KmsProvider provider, Optional<Judgement> judgement, History history) {
    Optional<String> tried =
        seen.preflight()
            .filter(request -> !seen.keepsItsOwn(request.keyId()))
            .map(PreflightRequest::hash);
    Optional<EncryptionKey> newer =
        seen.newestKey()
            .filter(key -> hasFields(key, provider))
            .filter(key -> isNewer(history.keyTold().get(key.id()), judgement));
    return tried
        .or(() -> newer.flatMap(EncryptionKey::hash))
        .or(() -> judgement.map(Judgement::hash));
  }

  private static boolean hasFields(EncryptionKey key, KmsProvider provider) {
    return key.kms().map(kms -> kms.fields().equals(provider.fields())).orElse(false);
  }

  private static boolean isNewer(@Nullable Instant keyTold, Optional<Judgement> judgement) {
    return keyTold != null && judgement.filter(known -> known.at().isAfter(keyTold)).isEmpty();
  }
}
