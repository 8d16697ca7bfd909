package io.vaultkms.model.node;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one node says of its API server and plugins: the status of its {@code EncryptionNode}. Only
 * what was seen counts; what could not be asked is missing.
 *
 * @param component the component whose API server runs here
 * @param observedRevision the revision the node is at work on; 0 for none
 * @param convergedRevision the revision whose file this node's API server has shown to be in use at
 *     the last look; 0 for none
 * @param convergedTime since when it shows that revision
 * @param configHash {@code sha256:…} of the file that the API server shows to be in use
 * @param apiServerReady whether the API server said so at the last look
 * @param plugins one for each plugin that is to run here
 * @param preflight the last verdict; missing when none was asked for
 * @param reportedTime when all of this was seen
 * @param message what the node waits for or fails at, in words; empty when nothing
 * @param waitingSince since when the revision it is at work on is not in use here, by the node's
 *     clock; missing while it is
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeReport(
    String component,
    long observedRevision,
    long convergedRevision,
    @Nullable Instant convergedTime,
    @Nullable String configHash,
    boolean apiServerReady,
    List<PluginReport> plugins,
    @Nullable PreflightReport preflight,
    Instant reportedTime,
    String message,
    @Nullable Instant waitingSince) {

  /** A report that does not say since when it waits. */
  public NodeReport(
      String component,
      long observedRevision,
      long convergedRevision,
      @Nullable Instant convergedTime,
      @Nullable String configHash,
      boolean apiServerReady,
      List<PluginReport> plugins,
      @Nullable PreflightReport preflight,
      Instant reportedTime,
      String message) {
    this(
        component,
        observedRevision,
        convergedRevision,
        convergedTime,
        configHash,
        apiServerReady,
        plugins,
        preflight,
        reportedTime,
        message,
        null);
  }

  public NodeReport {
    plugins = plugins == null ? List.of() : List.copyOf(plugins);
    message = message == null ? "" : message;
  }

  /** The plugin of that key; empty when this node knows of none. */
  public Optional<PluginReport> plugin(long keyId) {
    return plugins.stream().filter(plugin -> plugin.keyId() == keyId).findFirst();
  }

  /** How a plugin is: {@code Error} when it could not be asked at all. */
  public enum PluginHealth {
    @JsonProperty("Healthy")
    HEALTHY,
    @JsonProperty("Unhealthy")
    UNHEALTHY,
    @JsonProperty("Error")
    ERROR
  }

  /**
   * One plugin, after a Status, an Encrypt and a Decrypt; the fields are those of OpenShift's
   * health reports.
   *
   * @param remoteKeyId what the plugin reports as key id; missing when it has not answered
   * @param remoteKeyIdTime since when it reports that one
   * @param detail why it is not healthy, in words of at most 1024 characters
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record PluginReport(
      @JsonProperty("keyID") long keyId,
      PluginHealth status,
      @JsonProperty("remoteKeyID") @Nullable String remoteKeyId,
      @JsonProperty("remoteKeyIDTime") @Nullable Instant remoteKeyIdTime,
      Instant lastCheckedTime,
      String detail) {
    public PluginReport {
      detail = detail == null ? "" : detail;
    }

    public boolean healthy() {
      return status == PluginHealth.HEALTHY;
    }
  }

  /**
   * What a preflight said here.
   *
   * @param requestId the request it answers; a verdict counts for no other
   * @param passed whether a round trip through the candidate plugin succeeded
   * @param step which step failed: Start, Status, Encrypt or Decrypt; empty when passed
   * @param reason why, in words an admin can act on; empty when passed
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record PreflightReport(
      String requestId,
      String hash,
      @JsonInclude(JsonInclude.Include.ALWAYS) boolean passed,
      String step,
      String reason,
      @JsonProperty("remoteKeyID") @Nullable String remoteKeyId,
      long statusMillis,
      long encryptMillis,
      long decryptMillis,
      Instant time) {
    public PreflightReport {
      step = step == null ? "" : step;
      reason = reason == null ? "" : reason;
    }
  }
}
