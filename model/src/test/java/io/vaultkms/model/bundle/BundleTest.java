package io.vaultkms.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.model.bundle.Bundle.KeyContent;
import io.vaultkms.model.config.Mode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BundleTest {
  private static final Set<String> BOTH = Set.of("configmaps", "secrets");
  private static final KeyContent KMS = new KeyContent(Mode.KMS, Optional.of("hash"));
  private static final Bundle ONE = Bundle.EMPTY.withReadKey(BOTH, 1, KMS).withWriteKey(BOTH, 1);

  @Test
  void anEmptyBundleWritesPlaintext() {
    assertThat(Bundle.EMPTY.of("secrets")).isEqualTo(ResourceKeys.PLAIN);
    assertThat(ResourceKeys.PLAIN.writeKey()).isEmpty();
    assertThat(ResourceKeys.PLAIN.readKeys()).isEmpty();
  }

  @Test
  void aReadKeyLeavesTheWriterAlone() {
    Bundle bundle = ONE.withReadKey(BOTH, 2, KMS);

    assertThat(bundle.of("secrets").writes(1)).isTrue();
    assertThat(bundle.of("secrets").reads(2)).isTrue();
    assertThat(bundle.of("secrets").readKeys()).containsExactly(2L, 1L);
  }

  @Test
  void aWriteKeyLeavesTheReadersAlone() {
    Bundle bundle = ONE.withReadKey(BOTH, 2, KMS).withWriteKey(BOTH, 2);

    assertThat(bundle.of("configmaps").writes(2)).isTrue();
    assertThat(bundle.of("configmaps").readKeys()).containsExactly(2L, 1L);
  }

  @Test
  void onlyTheNamedResourcesChange() {
    Bundle bundle = ONE.withReadKey(Set.of("secrets"), 2, KMS);

    assertThat(bundle.of("secrets").reads(2)).isTrue();
    assertThat(bundle.of("configmaps")).isEqualTo(ONE.of("configmaps"));
  }

  @Test
  void aKeyThatCannotReadIsNeverMadeToWrite() {
    assertThatThrownBy(() -> ONE.withWriteKey(BOTH, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("write key 2 cannot read");
  }

  @Test
  void theWriteKeyIsNeverTakenAway() {
    Bundle two = ONE.withReadKey(BOTH, 2, KMS).withWriteKey(BOTH, 2);

    assertThatThrownBy(() -> two.keeping(new TreeSet<>(List.of(1L))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("write key 2 cannot read");
  }

  @Test
  void keepingDropsTheOtherKeysAndTheirContents() {
    Bundle bundle =
        ONE.withReadKey(BOTH, 2, KMS)
            .withWriteKey(BOTH, 2)
            .withReadKey(BOTH, 3, KMS)
            .keeping(new TreeSet<>(List.of(2L, 3L)));

    assertThat(bundle.keys()).containsOnlyKeys(2L, 3L);
    assertThat(bundle.of("secrets").readKeys()).containsExactly(3L, 2L);
  }

  @Test
  void aBundleHasTheContentOfEveryKeyItUses() {
    SortedMap<String, ResourceKeys> resources = new TreeMap<>();
    resources.put("secrets", new ResourceKeys(OptionalLong.of(1), new TreeSet<>(List.of(1L))));

    assertThatThrownBy(() -> new Bundle(resources, new TreeMap<>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a bundle without the content of keys [1]");
  }

  @Test
  void anotherContentChangesNeitherReadersNorWriters() {
    KeyContent mended = new KeyContent(Mode.KMS, Optional.of("mended"));
    Bundle bundle = ONE.withContent(1, mended);

    assertThat(bundle.resources()).isEqualTo(ONE.resources());
    assertThat(bundle.keys()).containsEntry(1L, mended);
    assertThat(bundle).isNotEqualTo(ONE);
  }

  @Test
  void theContentOfAKeyThatIsNotInItIsNotTakenIn() {
    assertThat(ONE.withContent(7, KMS)).isEqualTo(ONE);
  }

  @Test
  void bundlesAreValues() {
    Bundle again = Bundle.EMPTY.withReadKey(BOTH, 1, KMS).withWriteKey(BOTH, 1);

    assertThat(again).isEqualTo(ONE).hasSameHashCodeAs(ONE);
    assertThat(ONE.withReadKey(BOTH, 1, KMS)).isEqualTo(ONE);
  }

  @Test
  void nothingFromOutsideChangesABundle() {
    SortedMap<String, ResourceKeys> resources = new TreeMap<>(ONE.resources());
    SortedMap<Long, KeyContent> keys = new TreeMap<>(ONE.keys());
    Bundle bundle = new Bundle(resources, keys);
    resources.clear();
    keys.clear();

    assertThat(bundle).isEqualTo(ONE);
    assertThatThrownBy(() -> bundle.keys().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> bundle.of("secrets").readKeys().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
