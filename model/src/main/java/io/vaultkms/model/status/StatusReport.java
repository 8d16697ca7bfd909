package io.vaultkms.model.status;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.vaultkms.model.config.Violation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people are told of one component: the status of its {@code EncryptionStatus}.
 *
 * @param phase one word for {@code kubectl get}: the step that is next, or Settled
 * @param mode the mode of the write key; identity while there is none
 * @param keyId the newest key; 0 when there is none
 * @param writeKeyId the key that writes everywhere; 0 for plaintext
 * @param readKeyIds every key that some API server can read, newest first
 * @param revision the newest bundle's; 0 when there is none
 * @param message what is waited for or what is wrong, as a sentence
 * @param nodes how many nodes are expected, and how many have converged
 * @param configuration the wanted configuration, as last judged
 * @param runs the last five migrations, newest first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record StatusReport(
    String phase,
    String mode,
    @JsonProperty("keyID") long keyId,
    @JsonProperty("writeKeyID") long writeKeyId,
    @JsonProperty("readKeyIDs") List<Long> readKeyIds,
    long revision,
    String message,
    @Nullable Nodes nodes,
    @Nullable Configuration configuration,
    List<Run> runs,
    List<Condition> conditions) {

  public StatusReport {
    readKeyIds = readKeyIds == null ? List.of() : List.copyOf(readKeyIds);
    runs = runs == null ? List.of() : List.copyOf(runs);
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }

  /** Nodes that are expected, and those of them on the newest revision. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Nodes(int total, int converged) {}

  /** The generation that was judged, and all that is wrong with it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Configuration(
      long observedGeneration,
      @JsonInclude(JsonInclude.Include.ALWAYS) boolean accepted,
      List<Violation> violations) {
    public Configuration {
      violations = violations == null ? List.of() : List.copyOf(violations);
    }
  }

  /** One migration. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Run(
      String id,
      @JsonProperty("keyID") long keyId,
      String state,
      long done,
      long total,
      @Nullable Instant startedTime,
      @Nullable Instant finishedTime) {}

  /** As {@code metav1.Condition}: status is True, False or Unknown, reason one CamelCase word. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Condition(
      String type,
      String status,
      long observedGeneration,
      Instant lastTransitionTime,
      String reason,
      @JsonInclude(JsonInclude.Include.ALWAYS) String message) {}
}
