package io.vaultkms.model.event;

import java.time.Instant;

/**
 * A service has handled a stretch of the log again.
 *
 * @param requestId names the request
 * @param service the service that did it
 * @param handled how many events it handled
 * @param failed how many it could not handle, which are now dead letters
 */
public record ReplayFinished(
    String clusterId,
    String component,
    Instant time,
    String requestId,
    String service,
    long handled,
    long failed)
    implements Story {

  public ReplayFinished {
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
