package io.vaultkms.model.event;

import java.time.Instant;

/**
 * Someone wants a service to handle a stretch of the log again. The stretch lies in the topic and
 * partition of this very record, and only events of this cluster are handled.
 *
 * @param requestId names the request
 * @param service the service that is to do it
 * @param fromOffset first offset
 * @param toOffset last offset, itself included
 */
public record ReplayRequested(
    String clusterId,
    String component,
    Instant time,
    String requestId,
    String service,
    long fromOffset,
    long toOffset)
    implements Story {

  public ReplayRequested {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    requestId = Parts.text(requestId);
    service = Parts.text(service);
  }

  @Override
  public String id() {
    return Parts.id(this, requestId, service);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "services", service);
  }
}
