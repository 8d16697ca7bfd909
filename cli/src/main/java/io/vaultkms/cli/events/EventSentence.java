package io.vaultkms.cli.events;

import io.vaultkms.model.config.Violation;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.FieldChange;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.KeyRetired;
import io.vaultkms.model.event.KeyUpdated;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.PluginDegraded;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.model.event.PluginRecovered;
import io.vaultkms.model.event.PreflightFailed;
import io.vaultkms.model.event.PreflightSucceeded;
import io.vaultkms.model.event.RemoteKeyRotated;
import io.vaultkms.model.event.ReplayFinished;
import io.vaultkms.model.event.ReplayRequested;
import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.model.event.RolloutStarted;
import io.vaultkms.model.event.SecretRestored;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What happened, as a sentence for people: one for every type of event. */
public final class EventSentence {
  private EventSentence() {}

  /** The sentence, ending with a full stop; texts in it are as the event has them. */
  public static String of(Event event) {
    return switch (event) {
      case ConfigChanged changed -> changed(changed);
      case ConfigRejected rejected -> rejected(rejected);
      case PreflightSucceeded passed ->
          "Configuration %s works on %s: status, encrypt and decrypt."
              .formatted(
                  passed.hash(),
                  list(passed.nodes().stream().map(node -> node.node()).toList(), "no node"));
      case PreflightFailed failed -> preflightFailed(failed);
      case KeyCreated created ->
          "Key %d of mode %s is minted%s."
              .formatted(created.keyId(), created.mode(), because(created.reason()));
      case KeyUpdated updated ->
          "Key %d has configuration %s now, and stays the same key."
              .formatted(updated.keyId(), updated.hash());
      case KeyRetired retired -> retired(retired);
      case SecretRestored restored ->
          "Secret %s was gone, and is made anew from %s."
              .formatted(restored.name(), restored.source());
      case RolloutStarted started -> rollout(started);
      case PluginReady ready ->
          "The plugin of key %d answers on %s%s."
              .formatted(
                  ready.keyId(),
                  ready.node(),
                  ready.remoteKeyId().isEmpty() ? "" : " with remote key " + ready.remoteKeyId());
      case RevisionConverged converged ->
          "Revision %d is in use on %s after %s."
              .formatted(
                  converged.revision(),
                  list(converged.nodes(), "no node"),
                  seconds(converged.seconds()));
      case PluginDegraded degraded ->
          "The plugin of key %d fails on %s: %s."
              .formatted(
                  degraded.keyId(),
                  degraded.node(),
                  together(degraded.status(), degraded.detail()));
      case PluginRecovered recovered ->
          "The plugin of key %d answers again on %s."
              .formatted(recovered.keyId(), recovered.node());
      case RemoteKeyRotated rotated ->
          "The key in Vault behind key %d has a new version: %s, after %s."
              .formatted(rotated.keyId(), rotated.to(), rotated.from());
      case MigrationStarted started ->
          "Rewriting %s with key %d begins."
              .formatted(list(started.resources(), "nothing"), started.keyId());
      case MigrationProgressed progressed -> progressed(progressed);
      case MigrationDone done -> done(done);
      case MigrationFailed failed -> migrationFailed(failed);
      case EncryptionSettled settled -> settled(settled);
      case ReplayRequested request ->
          "%s is to handle %s of its partition again."
              .formatted(request.service(), stretch(request.fromOffset(), request.toOffset()));
      case ReplayFinished finished ->
          "%s has handled %s again, and could not handle %d."
              .formatted(finished.service(), count(finished.handled(), "event"), finished.failed());
    };
  }

  private static String changed(ConfigChanged changed) {
    String what =
        switch (changed.kind()) {
          case ENABLE -> "Encryption of mode " + changed.mode() + " is wanted";
          case DISABLE -> "No encryption is wanted any more";
          case NEW_KEY -> "Another key of mode " + changed.mode() + " is wanted";
          case IN_PLACE -> "The same key is wanted, reached otherwise";
          case CREDENTIALS -> "The same key is wanted, with other credentials or another CA";
          case NONE -> "The configuration is another, and means the same";
        };
    List<String> fields = changed.changes().stream().map(FieldChange::field).toList();
    return "%s (generation %d%s)."
        .formatted(
            what,
            changed.generation(),
            fields.isEmpty() ? "" : "; changed: " + String.join(", ", fields));
  }

  private static String rejected(ConfigRejected rejected) {
    List<Violation> violations = rejected.violations();
    return "The configuration is refused (generation %d): %s%s."
        .formatted(
            rejected.generation(),
            violations.isEmpty() ? "no rule is named" : violations.getFirst(),
            violations.size() > 1 ? "; and " + (violations.size() - 1) + " more" : "");
  }

  private static String preflightFailed(PreflightFailed failed) {
    return "Configuration %sdoes not work%s: %s."
        .formatted(
            failed.hash().isEmpty() ? "" : failed.hash() + " ",
            failed.node().isEmpty() ? "" : " on " + failed.node(),
            together(failed.step(), withoutStop(failed.reason())));
  }

  /** What may go with a key, and what may not: a backup is read with the keys of its day. */
  private static String retired(KeyRetired retired) {
    return switch (retired.how()) {
      case KeyRetired.RETIRED ->
          ("Key %d is retired: no API server has it, and nothing is stored under it. Its plugin and"
               + " its key in Vault may be decommissioned when no backup from its time is needed.")
              .formatted(retired.keyId());
      case KeyRetired.WITHDRAWN ->
          ("Key %d is withdrawn: it never wrote anything. Its plugin and its key in Vault may be"
                  + " decommissioned.")
              .formatted(retired.keyId());
      case KeyRetired.PRUNED ->
          "Key %d is pruned: its Secret goes, and only backups from its time may still be under it."
              .formatted(retired.keyId());
      default -> "Key %d is retired (%s).".formatted(retired.keyId(), retired.how());
    };
  }

  private static String rollout(RolloutStarted started) {
    String purpose =
        switch (started.purpose()) {
          case READ_KEY -> "key %d becomes readable";
          case WRITE_KEY -> "key %d begins to write";
          case IN_PLACE -> "key %d is reached otherwise";
          case RETIRE -> "what key %d has replaced goes";
          case WITHDRAW -> "key %d goes, which is not wanted any more";
          case ADOPT -> "what others wrote counts, with key %d as its newest";
        };
    return "Revision %d goes out to %s: %s."
        .formatted(
            started.revision(),
            list(started.waiting(), "nodes that have it already"),
            purpose.formatted(started.keyId()));
  }

  private static String progressed(MigrationProgressed progressed) {
    long total = progressed.total();
    return "%s: %s of %s%s, %s a second."
        .formatted(
            progressed.resource(),
            number(progressed.done()),
            number(total),
            total > 0 ? " (%d %%)".formatted(100 * progressed.done() / total) : "",
            number(Math.round(progressed.rate())));
  }

  private static String done(MigrationDone done) {
    List<ResourceCounts> resources = done.resources();
    return "Everything is stored under key %d: %s rewritten, %s stored so already, in %s."
        .formatted(
            done.keyId(),
            number(sum(resources, ResourceCounts::rewritten)),
            number(sum(resources, ResourceCounts::fresh)),
            seconds(resources.stream().mapToDouble(ResourceCounts::seconds).sum()));
  }

  private static String migrationFailed(MigrationFailed failed) {
    int objects = failed.failed().size();
    return "Rewriting %s with key %d cannot go on: %s%s."
        .formatted(
            failed.resource(),
            failed.keyId(),
            withoutStop(failed.reason()),
            objects == 0 ? "" : " (%s)".formatted(count(objects, "object")));
  }

  private static String settled(EncryptionSettled settled) {
    return settled.keyId() == 0 || settled.mode().equals("identity")
        ? "Settled: nothing is encrypted, as wanted."
        : "Settled: everything is encrypted with key %d of mode %s, revision %d."
            .formatted(settled.keyId(), settled.mode(), settled.revision());
  }

  private static String stretch(long from, long to) {
    return to == Long.MAX_VALUE
        ? "everything from offset %d on".formatted(from)
        : "offsets %d to %d".formatted(from, to);
  }

  private static String because(String reason) {
    return reason.isEmpty() ? "" : ": " + withoutStop(reason);
  }

  private static String together(String word, String detail) {
    if (word.isEmpty() || detail.isEmpty()) {
      return word + withoutStop(detail);
    }
    return word + ", " + withoutStop(detail);
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private static String list(Collection<String> names, String none) {
    return names.isEmpty() ? none : String.join(", ", names);
  }

  private static long sum(List<ResourceCounts> resources, ToLongFunction<ResourceCounts> field) {
    return resources.stream().mapToLong(field).sum();
  }

  private static String count(long number, String thing) {
    return number(number) + " " + thing + (number == 1 ? "" : "s");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
