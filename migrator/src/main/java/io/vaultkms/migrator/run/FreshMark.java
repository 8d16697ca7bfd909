package io.vaultkms.migrator.run;

import io.vaultkms.migrator.api.Meta;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The resource version above which every object of one resource was written with the key: that of a
 * list made once every API server wrote with it, and no request from before could be under way any
 * more. Unknown until then; a create that began before may still land under the old key. From any
 * thread.
 */
final class FreshMark {
  /** The mark, and when its list was made. */
  record Learned(long version, Instant time) {}

  private final Instant due;
  private final Clock clock;
  private volatile @Nullable Learned learned;

  /**
   * @param due from when on a list gives a mark
   * @param earlier a mark that was learned before; counts only if its list was made when it was due
   */
  FreshMark(Instant due, Clock clock, Optional<Learned> earlier) {
    this.due = due;
    this.clock = clock;
    this.learned = earlier.filter(mark -> !mark.time().isBefore(due)).orElse(null);
  }

  boolean known() {
    return learned != null;
  }

  Optional<Learned> learned() {
    return Optional.ofNullable(learned);
  }

  /** How long until a list gives the mark; zero when one does now. */
  Duration left() {
    Duration left = Duration.between(clock.instant(), due);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /**
   * @param asked when the list was asked for
   */
  void learn(long version, Instant asked) {
    if (asked.isBefore(due)) {
      throw new IllegalArgumentException("a list made before %s proves nothing".formatted(due));
    }
    learned = new Learned(version, asked);
  }

  /** Whether an object needs nothing. */
  boolean covers(Meta meta) {
    Learned mark = learned;
    return mark != null && meta.version() > mark.version();
  }
}
