package io.vaultkms.model.node;

/**
 * A pod that runs an API server, or is to, or did.
 *
 * @param name of its report, too
 * @param ready whether it takes requests
 * @param leaving whether it is being stopped; it may still serve
 * @param revision of the bundle that it was made for; 0 for none
 * @param reason why it is not running or not ready, in the cluster's words; empty when unknown
 */
public record PodSeen(
    String name, Phase phase, boolean ready, boolean leaving, long revision, String reason) {
  /** In Kubernetes' words. */
  public enum Phase {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    UNKNOWN;

    /** Whether its containers have ended for good. */
    public boolean over() {
      return switch (this) {
        case SUCCEEDED, FAILED -> true;
        case PENDING, RUNNING, UNKNOWN -> false;
      };
    }
  }
}
