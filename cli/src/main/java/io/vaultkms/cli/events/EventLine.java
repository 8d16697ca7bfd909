package io.vaultkms.cli.events;

import io.cloudevents.CloudEvent;
import io.vaultkms.cli.command.Printable;
import io.vaultkms.model.event.Event;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventExport;
import io.vaultkms.platform.log.LogEntry;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** An entry of the log as one line. */
@FunctionalInterface
interface EventLine {
  String of(LogEntry entry);

  /** The entry as a CloudEvent in JSON. */
  static EventLine cloudEvent() {
    return EventExport::line;
  }

  /**
   * Time, type, subject and sentence.
   *
   * @param cluster the one cluster that all lines are about; when empty, each line names its own
   */
  static EventLine readable(Optional<String> cluster) {
    Readable readable = new Readable(cluster.isEmpty());
    return entry -> Printable.line(readable.of(entry));
  }

  /** The columns, wide enough for most. */
  record Readable(boolean namesCluster) {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    String of(LogEntry entry) {
      return switch (entry.decoded()) {
        case Decoded.Known(Event event, _) ->
            line(
                event.time(),
                event.getClass().getSimpleName(),
                (namesCluster ? event.clusterId() + "/" : "") + event.subject(),
                EventSentence.of(event));
        case Decoded.Unknown(CloudEvent event) ->
            line(
                time(event, entry),
                event.getType(),
                event.getSubject() == null ? "-" : event.getSubject(),
                "Something that this version does not know of.");
        case Decoded.Undecodable(String reason) ->
            line(entry.recordTime(), "Undecodable", place(entry), "Cannot be read: " + reason);
      };
    }

    private static Instant time(CloudEvent event, LogEntry entry) {
      OffsetDateTime time = event.getTime();
      return time == null ? entry.recordTime() : time.toInstant();
    }

    private static String place(LogEntry entry) {
      return "%s/%d/%d".formatted(entry.topic(), entry.partition(), entry.offset());
    }

    private static String line(Instant time, String type, String subject, String sentence) {
      return "%s  %-18s  %-34s  %s".formatted(TIME.format(time), type, subject, sentence);
    }
  }
}
