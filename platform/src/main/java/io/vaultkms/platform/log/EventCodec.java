package io.vaultkms.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.EventTypes;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.ZoneOffset;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events as CloudEvents 1.0, and these as Kafka records in binary mode with the cluster's id as
 * key. Reading takes structured mode too. Stateless.
 */
public final class EventCodec {
  private static final String JSON = "application/json";

  private EventCodec() {}

  public static CloudEvent toCloudEvent(Event event, String service) {
    return CloudEventBuilder.v1()
        .withId(event.id())
        .withType(event.type())
        .withSource(URI.create("/vaultkms/" + service))
        .withSubject(event.subject())
        .withTime(event.time().atOffset(ZoneOffset.UTC))
        .withDataContentType(JSON)
        .withData(Json.bytes(event))
        .build();
  }

  /** The record for the topic of the event's channel. */
  public static ProducerRecord<byte[], byte[]> toRecord(Event event, String service) {
    return KafkaMessageFactory.createWriter(
            Topics.of(event.channel()), null, null, event.clusterId().getBytes(UTF_8))
        .writeBinary(toCloudEvent(event, service));
  }

  /** Whatever the record is; never throws. */
  public static Decoded decode(ConsumerRecord<byte[], byte[]> record) {
    CloudEvent cloudEvent;
    try {
      cloudEvent = KafkaMessageFactory.createReader(record).toEvent();
    } catch (RuntimeException e) {
      return new Decoded.Undecodable("not a CloudEvent: " + EventLogUnavailable.reasonOf(e));
    }
    return decode(cloudEvent);
  }

  public static Decoded decode(CloudEvent cloudEvent) {
    return EventTypes.named(cloudEvent.getType())
        .map(type -> decode(cloudEvent, type))
        .orElseGet(() -> new Decoded.Unknown(cloudEvent));
  }

  private static Decoded decode(CloudEvent cloudEvent, Class<? extends Event> type) {
    CloudEventData data = cloudEvent.getData();
    if (data == null) {
      return new Decoded.Undecodable(cloudEvent.getType() + " without data");
    }
    try {
      Event event = Json.MAPPER.readValue(data.toBytes(), type);
      return event == null
          ? new Decoded.Undecodable(cloudEvent.getType() + " without data")
          : new Decoded.Known(event, cloudEvent);
    } catch (JsonProcessingException e) {
      return new Decoded.Undecodable(
          "the data of " + cloudEvent.getType() + " is wrong: " + e.getOriginalMessage());
    } catch (IOException | RuntimeException e) {
      return new Decoded.Undecodable(
          "the data of " + cloudEvent.getType() + " is wrong: " + EventLogUnavailable.reasonOf(e));
    }
  }
}
