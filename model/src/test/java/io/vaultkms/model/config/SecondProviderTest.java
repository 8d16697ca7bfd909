package io.vaultkms.model.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.change.ConfigurationChange;
import io.vaultkms.model.change.KnownConfiguration;
import io.vaultkms.model.config.KmsSpec.Member;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.forecast.Forecast;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A provider that nothing but the union knows goes all the way that Vault goes. */
class SecondProviderTest {
  private static final OtherKms OTHER = OtherKms.standard();
  private static final KmsProvider VAULT = Documents.good().spec().kms();

  private static List<String> judged(
      String type, @Nullable KmsProvider vault, @Nullable KmsProvider other) {
    return ConfigRules.union(
            type,
            List.of(
                new Member(KmsSpec.VAULT, "vault", vault),
                new Member(OtherKms.TYPE, "other", other)))
        .stream()
        .map(Violation::toString)
        .toList();
  }

  @Test
  void theUnionKnowsWhichMemberIsMeant() {
    KmsProvider vault = Documents.good().spec().kms().vault();

    assertThat(judged("Other", null, OTHER)).isEmpty();
    assertThat(judged("Vault", vault, null)).isEmpty();
    assertThat(judged("Other", vault, null))
        .containsExactly(
            "spec.encryption.kms.vault must not be set unless kms.type is Vault",
            "spec.encryption.kms.other must be set when kms.type is Other");
    assertThat(judged("Third", null, null))
        .containsExactly("spec.encryption.kms.type 'Third' must be Vault or Other");
    assertThat(judged("Other", null, OTHER.region("west")))
        .containsExactly("spec.encryption.kms.other.region 'west' must be north or south");
  }

  @Test
  void whatItRefersToIsAskedFor() {
    assertThat(ReferencedData.NONE.missing(OTHER.references()))
        .singleElement()
        .asString()
        .contains("other.token.name 'token' must name a Secret in openshift-config");
  }

  @Test
  void theHandshakeCoversItsFieldsAndContents() {
    assertThat(List.of(hash(OTHER, "a"), hash(OTHER, "b"), hash(OTHER.region("south"), "a")))
        .doesNotHaveDuplicates();
  }

  @Test
  void changesAreOfTheSameKinds() {
    assertThat(kind(OTHER, "a", OTHER, "a")).isEqualTo(ConfigChange.NONE);
    assertThat(kind(OTHER, "a", OTHER, "b")).isEqualTo(ConfigChange.CREDENTIALS);
    assertThat(kind(OTHER, "a", OTHER.image("newer"), "a")).isEqualTo(ConfigChange.IN_PLACE);
    assertThat(kind(OTHER, "a", OTHER.region("south"), "a")).isEqualTo(ConfigChange.NEW_KEY);
    assertThat(kind(VAULT, "a", OTHER, "a")).isEqualTo(ConfigChange.NEW_KEY);
    assertThat(kind(OTHER, "a", VAULT, "a")).isEqualTo(ConfigChange.NEW_KEY);
  }

  @Test
  void theDecisionTakesItTheSameWay() {
    Forecast forecast =
        Forecast.of(
            new Observation(
                Component.KUBE_APISERVER,
                remote(OTHER, "a"),
                List.of(),
                Optional.empty(),
                new TreeSet<>(List.of("node-1")),
                new TreeMap<>(),
                Optional.empty(),
                Instant.EPOCH,
                Observation.Limits.DEFAULT));

    assertThat(forecast.steps())
        .extracting(step -> step.getClass().getSimpleName())
        .containsExactly("Preflight", "MintKey", "RollOut", "RollOut", "Migrate");
    assertThat(forecast.end()).isInstanceOf(Step.Settled.class);
  }

  private static ConfigChange kind(KmsProvider one, String a, KmsProvider other, String b) {
    return ConfigurationChange.between(
            KnownConfiguration.of(remote(one, a)), KnownConfiguration.of(remote(other, b)))
        .kind();
  }

  private static Wanted.Remote remote(KmsProvider provider, String token) {
    return new Wanted.Remote(1, provider, Optional.of(hash(provider, token)));
  }

  private static String hash(KmsProvider provider, String token) {
    return Handshake.of(
        provider, ReferencedData.of(Map.of("secret-token_token", token.getBytes(UTF_8))));
  }
}
