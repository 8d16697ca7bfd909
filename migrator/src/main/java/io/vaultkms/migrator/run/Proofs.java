package io.vaultkms.migrator.run;

import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.model.key.EncryptionKey.Migrated;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a run has proved and what it must know after a crash, noted on the key Secret. Nothing is
 * noted unless the situation has lasted up to then.
 */
final class Proofs {
  private final Plan plan;
  private final KeyNotes keyNotes;
  private final Guard guard;
  private final Retrying retrying;
  private final Clock clock;

  Proofs(Plan plan, KeyNotes keyNotes, Guard guard, Retrying retrying, Clock clock) {
    this.plan = plan;
    this.keyNotes = keyNotes;
    this.guard = guard;
    this.retrying = retrying;
    this.clock = clock;
  }

  /** What is noted of this run. */
  RunNotes known() throws IOException, InterruptedException {
    return keyNotes.read(plan.step().keyId()).map(this::own).orElse(RunNotes.NONE);
  }

  /**
   * The run begins. An API server's cache keeps the state that a list has begun with only while it
   * has an event from before that list (Kubernetes' watch_cache.go), and asks etcd for every
   * further page else: this is such an event for Secrets.
   */
  void begin() throws IOException, InterruptedException, Stopped {
    keyNotes.change(
        plan.step().keyId(), notes -> new KeyNotes.Notes(notes.migrated(), own(notes)), retrying);
  }

  /** A resource is proved. */
  void note(ResourceCounts counts) throws IOException, InterruptedException, Stopped {
    keyNotes.change(plan.step().keyId(), notes -> proved(notes, counts), retrying);
  }

  /** Keeps a mark for whoever takes up the run after a crash. */
  void keepMark(String resource, FreshMark.Learned mark)
      throws IOException, InterruptedException, Stopped {
    keyNotes.change(
        plan.step().keyId(),
        notes -> {
          guard.confirm();
          return new KeyNotes.Notes(
              notes.migrated(),
              own(notes)
                  .withMarks(Map.of(resource, new RunNotes.Mark(mark.version(), mark.time()))));
        },
        retrying);
  }

  private KeyNotes.Notes proved(KeyNotes.Notes notes, ResourceCounts counts)
      throws IOException, InterruptedException, Stopped {
    guard.confirm();
    RunNotes own = own(notes).withDone(counts);
    return new KeyNotes.Notes(migrated(notes.migrated(), own, counts.resource()), own);
  }

  private Migrated migrated(Migrated before, RunNotes own, String resource) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    SortedSet<String> resources = new TreeSet<>(before.resources());
    resources.add(resource);
    return switch (plan.reason()) {
      case NEW_KEY -> new Migrated(resources, Optional.of(now), remoteKey(before));
      case REMOTE_ROTATION ->
          plan.step().resources().stream().allMatch(own::isDone)
              ? new Migrated(resources, Optional.of(now), plan.remoteKey())
              : before;
    };
  }

  /** Resources that were migrated under different remote keys are under no one of them. */
  private Optional<String> remoteKey(Migrated before) {
    return before.resources().isEmpty() || before.remoteKeyId().equals(plan.remoteKey())
        ? plan.remoteKey()
        : Optional.of(RemoteKey.UNSETTLED);
  }

  /**
   * Of a new key's run holds what the others see as migrated: who takes a resource from that
   * annotation has it rewritten.
   */
  private RunNotes own(KeyNotes.Notes notes) {
    boolean same = notes.run().run().equals(plan.run());
    return notes
        .run()
        .of(
            plan.run(),
            resource ->
                switch (plan.reason()) {
                  case NEW_KEY -> notes.migrated().resources().contains(resource);
                  case REMOTE_ROTATION -> same;
                });
  }
}
