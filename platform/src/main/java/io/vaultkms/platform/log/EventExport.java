package io.vaultkms.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.Base64;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the log as CloudEvents in structured JSON, one on a line, with where they lie as the
 * extensions {@code kafkatopic}, {@code kafkapartition}, {@code kafkaoffset} and {@code kafkatime}.
 * What is not a CloudEvent becomes one of the type {@value #UNDECODABLE}, which holds the record.
 */
public final class EventExport {
  /** The type of the lines that stand for records that cannot be decoded. */
  public static final String UNDECODABLE = "io.vaultkms.Undecodable.v1";

  private static final JsonFormat FORMAT = new JsonFormat();

  private EventExport() {}

  /** The entry on one line, without the line's end. */
  public static String line(LogEntry entry) {
    CloudEventBuilder event =
        CloudEventBuilder.v1(
                switch (entry.decoded()) {
                  case Decoded.Known(_, CloudEvent cloudEvent) -> onOneLine(cloudEvent);
                  case Decoded.Unknown(CloudEvent cloudEvent) -> onOneLine(cloudEvent);
                  case Decoded.Undecodable(String reason) -> undecodable(entry, reason);
                })
            .withExtension("kafkatopic", entry.topic())
            .withExtension("kafkapartition", entry.partition())
            .withExtension("kafkatime", entry.recordTime().atOffset(ZoneOffset.UTC));
    return new String(FORMAT.serialize(withOffset(event, entry.offset()).build()), UTF_8);
  }

  /** Integers of CloudEvents have 32 bits. */
  private static CloudEventBuilder withOffset(CloudEventBuilder event, long offset) {
    return offset <= Integer.MAX_VALUE
        ? event.withExtension("kafkaoffset", (int) offset)
        : event.withExtension("kafkaoffset", Long.toString(offset));
  }

  /** Data as a JSON value, however its writer laid it out. */
  private static CloudEvent onOneLine(CloudEvent event) {
    CloudEventData data = event.getData();
    String type = event.getDataContentType();
    if (data == null || (type != null && !type.contains("json"))) {
      return event;
    }
    try {
      JsonNode json = Json.MAPPER.readTree(data.toBytes());
      return json.isMissingNode()
          ? CloudEventBuilder.v1(event).withoutData().build()
          : CloudEventBuilder.v1(event).withData(JsonCloudEventData.wrap(json)).build();
    } catch (IOException e) {
      return CloudEventBuilder.v1(event)
          .withDataContentType("application/octet-stream")
          .withData(data)
          .build();
    }
  }

  private static CloudEvent undecodable(LogEntry entry, String reason) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.put("reason", reason);
    data.put("key", base64(entry.record().key()));
    data.put("value", base64(entry.record().value()));
    ObjectNode headers = data.putObject("headers");
    for (Header header : entry.record().headers()) {
      headers.put(header.key(), base64(header.value()));
    }
    return CloudEventBuilder.v1()
        .withId(entry.topic() + "/" + entry.partition() + "/" + entry.offset())
        .withType(UNDECODABLE)
        .withSource(URI.create("/vaultkms/log"))
        .withTime(entry.recordTime().atOffset(ZoneOffset.UTC))
        .withDataContentType("application/json")
        .withData(JsonCloudEventData.wrap(data))
        .build();
  }

  private static @Nullable String base64(byte @Nullable [] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }
}
