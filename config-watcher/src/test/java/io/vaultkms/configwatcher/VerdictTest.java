package io.vaultkms.configwatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Verdict VERDICT = new Verdict("c", "kube-apiserver");

  @Test
  void saysNothingWhereNobodyEverConfiguredAnything() {
    assertThat(tell(local(0, Mode.IDENTITY))).isEmpty();
  }

  @Test
  void saysThatTheDocumentWasDeletedWhereThereWasOne() {
    List<Event> told = tell(local(1, Mode.AESGCM), local(0, Mode.IDENTITY));

    assertThat(kinds(told)).containsExactly("ENABLE", "DISABLE");
  }

  @Test
  void saysTheSameOnce() {
    assertThat(tell(local(1, Mode.AESCBC), local(1, Mode.AESCBC), invalid(2), invalid(2)))
        .hasSize(2);
  }

  @Test
  void comparesWithWhatWasAcceptedLastAndNotWithWhatWasRefused() {
    List<Event> told = tell(local(1, Mode.AESCBC), invalid(2), local(3, Mode.AESCBC));

    assertThat(kinds(told)).containsExactly("ENABLE", "rejected", "NONE");
    assertThat(((ConfigChanged) told.getLast()).changes()).isEmpty();
  }

  @Test
  void aDocumentThatIsTouchedElsewhereAsksForNothing() {
    List<Event> told = tell(local(1, Mode.AESCBC), local(2, Mode.AESCBC));

    assertThat(((ConfigChanged) told.getLast()).kind()).isEqualTo(ConfigChange.NONE);
    assertThat(((ConfigChanged) told.getLast()).generation()).isEqualTo(2);
  }

  @Test
  void everyVerdictHasAnIdOfItsOwn() {
    assertThat(tell(local(1, Mode.AESCBC), invalid(2), invalid(3), local(4, Mode.AESGCM)))
        .extracting(Event::id)
        .doesNotHaveDuplicates();
  }

  @Test
  void contentsThatGoOneWayAndBackWithinAGenerationAreThreeChangesAndThenAFourth() {
    List<Event> told = tell(missing("a"), missing("b"), missing("b"), missing("a"), missing("b"));

    assertThat(told).hasSize(4).extracting(Event::id).doesNotHaveDuplicates();
  }

  private static Wanted missing(String what) {
    return new Wanted.Invalid(7, List.of(new Violation(what, "", "must be there")));
  }

  private static Wanted local(long generation, Mode mode) {
    return new Wanted.Local(generation, mode);
  }

  private static Wanted invalid(long generation) {
    return new Wanted.Invalid(generation, List.of(new Violation("field", "value", "must not")));
  }

  private static List<String> kinds(List<Event> told) {
    return told.stream()
        .map(event -> event instanceof ConfigChanged c ? c.kind().name() : "rejected")
        .toList();
  }

  /** What the log gets when these are wanted one after the other. */
  private static List<Event> tell(Wanted... wanted) {
    List<Event> told = new ArrayList<>();
    Memory memory = Memory.NOTHING;
    for (Wanted next : wanted) {
      var verdict = VERDICT.on(next, memory, NOON);
      if (verdict.isPresent()) {
        assertThat(verdict.get()).isInstanceOfAny(ConfigChanged.class, ConfigRejected.class);
        told.add(verdict.get());
        memory = memory.after(verdict.get());
      }
    }
    return told;
  }
}
