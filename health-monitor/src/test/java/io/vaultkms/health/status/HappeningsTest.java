package io.vaultkms.health.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.health.history.History;
import io.vaultkms.model.decision.Convergence;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.PluginDegraded;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.model.event.PluginRecovered;
import io.vaultkms.model.event.RemoteKeyRotated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HappeningsTest {
  private static final Happenings HAPPENINGS = new Happenings("c", "kube-apiserver");

  private History history = History.NOTHING;
  private PluginStreaks streaks = PluginStreaks.NONE;

  @Test
  void saysOncePerSettlingThatItSettled() {
    Seen seen = new Seen().settled();

    assertThat(tell(seen)).hasSize(1).first().isInstanceOf(EncryptionSettled.class);
    assertThat(tell(seen.later(Duration.ofSeconds(30)).reportsAgain())).isEmpty();
  }

  @Test
  void saysNothingOfAClusterThatNeverHadABundle() {
    assertThat(tell(new Seen())).isEmpty();
  }

  @Test
  void saysThatTheRemoteKeyWasRotatedWhenEveryNodeSaysSo() {
    Seen seen = new Seen().settled();
    tell(seen);

    assertThat(tell(seen.plugin("n1", seen.healthy(1, "remote-2")))).isEmpty();
    List<Event> told = tell(seen.plugin("n2", seen.healthy(1, "remote-2")));
    assertThat(told).hasSize(1);
    assertThat((RemoteKeyRotated) told.getFirst())
        .matches(rotated -> rotated.from().equals("remote-1") && rotated.to().equals("remote-2"));
    assertThat(tell(seen.later(Duration.ofSeconds(30)).reportsAgain())).isEmpty();
  }

  @Test
  void saysAtTheSecondReportThatAPluginFailsAndThatItIsWellAgain() {
    Seen seen = new Seen().settled();
    tell(seen);

    assertThat(tell(fails(seen))).isEmpty();
    assertThat(tell(seen)).as("the same report again").isEmpty();
    assertThat(tell(fails(seen))).hasSize(1).first().isInstanceOf(PluginDegraded.class);
    assertThat(tell(fails(seen))).isEmpty();
    assertThat(tell(isWell(seen))).isEmpty();
    assertThat(tell(fails(seen))).isEmpty();
    assertThat(tell(isWell(seen))).isEmpty();
    assertThat(tell(isWell(seen))).hasSize(1).first().isInstanceOf(PluginRecovered.class);
  }

  @Test
  void givesAPluginAMinuteToStart() {
    Seen seen = new Seen().settled();
    fails(seen);

    assertThat(tell(fails(seen))).noneMatch(PluginDegraded.class::isInstance);
    assertThat(tell(fails(seen))).isEmpty();
    assertThat(tell(fails(seen))).hasSize(1).first().isInstanceOf(PluginDegraded.class);
  }

  @Test
  void doesNotTakeAPluginThatHasAnsweredForOneThatStarts() {
    Seen seen = new Seen().settled();
    history = history.after(new PluginReady("c", "kube-apiserver", Seen.NOON, "n2", 1, 2, "r"));

    tell(fails(seen));
    assertThat(tell(fails(seen))).hasSize(1).first().isInstanceOf(PluginDegraded.class);
  }

  @Test
  void saysNothingAgainAfterARestart() {
    Seen seen = new Seen().settled();
    tell(seen);
    tell(fails(seen));
    tell(fails(seen));
    streaks = PluginStreaks.NONE;

    assertThat(tell(fails(seen))).isEmpty();
    assertThat(tell(fails(seen))).isEmpty();
  }

  private static Seen fails(Seen seen) {
    seen.later(Duration.ofSeconds(30));
    return seen.plugin("n2", seen.failing(1));
  }

  private static Seen isWell(Seen seen) {
    seen.later(Duration.ofSeconds(30));
    return seen.plugin("n2", seen.healthy(1, "remote-1"));
  }

  /** As one look does. */
  private List<Event> tell(Seen seen) {
    streaks = streaks.after(seen.reports());
    List<Event> events =
        new ArrayList<>(
            streaks.happenings(
                "c",
                "kube-apiserver",
                history,
                Convergence.waiting(seen.look()).stream()
                    .map(Step.Waiting::node)
                    .collect(Collectors.toSet())));
    HAPPENINGS
        .of(StatusDerivation.derive(seen.look(), history, Optional.empty()), history)
        .forEach(events::add);
    events.forEach(event -> history = history.after(event));
    return events;
  }
}
