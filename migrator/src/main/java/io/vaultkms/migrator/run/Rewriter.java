package io.vaultkms.migrator.run;

import io.vaultkms.migrator.api.Failure;
import io.vaultkms.migrator.api.Meta;
import io.vaultkms.migrator.api.MetadataApi;
import io.vaultkms.migrator.api.Reply;
import java.io.IOException;

/** Rewrites one object of a resource, whatever the answer. From any virtual thread. */
final class Rewriter {
  /** An object that changes as often as this between reading and writing is left for later. */
  private static final int MOST_CONFLICTS = 10;

  private final MetadataApi api;
  private final Target target;
  private final Retrying retrying;
  private final FreshMark mark;
  private final Confirmed confirmed;
  private final Tally tally;

  Rewriter(
      MetadataApi api,
      Target target,
      Retrying retrying,
      FreshMark mark,
      Confirmed confirmed,
      Tally tally) {
    this.api = api;
    this.target = target;
    this.retrying = retrying;
    this.mark = mark;
    this.confirmed = confirmed;
    this.tally = tally;
  }

  /** Ends with the object proved to be under the key, gone, or refused. */
  Outcome rewrite(Meta listed) throws IOException, InterruptedException, Stopped {
    Meta meta = listed;
    for (int conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
      Meta current = meta;
      switch (retrying.ask(tally, () -> api.rewrite(target.paths(), current))) {
        case Reply.Good<Meta>(Meta written) -> {
          return written(current, written, conflicts > 0);
        }
        case Reply.Bad<Meta>(Failure failure) -> {
          if (failure.notFound()) {
            return new Outcome.Gone();
          }
          if (!failure.conflict() && !failure.invalid()) {
            return new Outcome.Refused(failure.message());
          }
          switch (reread(current, failure)) {
            case Reread.Ended(Outcome outcome) -> {
              return outcome;
            }
            case Reread.Changed(Meta changed) -> meta = changed;
          }
        }
      }
    }
    return new Outcome.Refused("it was changed by others each time it was to be rewritten");
  }

  private Outcome written(Meta before, Meta after, boolean overtaken) {
    confirmed.add(after.version());
    if (!after.resourceVersion().equals(before.resourceVersion())) {
      return new Outcome.Rewritten(after.version());
    }
    return overtaken ? new Outcome.Overtaken(after.version()) : new Outcome.Fresh(after.version());
  }

  /** What reading an object again came to. */
  private sealed interface Reread {
    record Ended(Outcome outcome) implements Reread {}

    record Changed(Meta meta) implements Reread {}
  }

  /**
   * A conflict, or a uid that cannot be changed: somebody else has written, or it is another object
   * of the same name. Where nothing has changed, the refusal meant the write itself.
   */
  private Reread reread(Meta before, Failure refusal)
      throws IOException, InterruptedException, Stopped {
    return switch (retrying.ask(tally, () -> api.get(target.paths(), before))) {
      case Reply.Bad<Meta>(Failure failure) ->
          new Reread.Ended(
              failure.notFound() ? new Outcome.Gone() : new Outcome.Refused(failure.message()));
      case Reply.Good<Meta>(Meta now) -> {
        if (mark.covers(now)) {
          yield new Reread.Ended(new Outcome.Overtaken(now.version()));
        }
        yield now.equals(before) && refusal.invalid()
            ? new Reread.Ended(new Outcome.Refused(refusal.message()))
            : new Reread.Changed(now);
      }
    };
  }
}
