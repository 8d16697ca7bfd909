package io.vaultkms.lab.vault;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;

/** The states of a Vault node that {@code sys/health} tells apart. */
public enum VaultState {
  /** Serves. */
  ACTIVE(200, "activecode"),
  /** Forwards to the active node, so it serves too. */
  STANDBY(429, "standbycode"),
  /** Serves reads itself and forwards the rest. */
  PERFORMANCE_STANDBY(473, "performancestandbycode"),
  /** Serves nothing until it is promoted. */
  DR_SECONDARY(472, "drsecondarycode"),
  /** Was never initialised, and is therefore sealed. */
  UNINITIALISED(501, "uninitcode"),
  /** Has lost the key to its own storage until someone unseals it. */
  SEALED(503, "sealedcode");

  private final int code;
  private final String codeParameter;

  VaultState(int code, String codeParameter) {
    this.code = code;
    this.codeParameter = codeParameter;
  }

  boolean isSealed() {
    return this == SEALED || this == UNINITIALISED;
  }

  boolean isStandby() {
    return this == STANDBY || this == PERFORMANCE_STANDBY;
  }

  VaultAnswer health(Map<String, String> query, Instant now, boolean enterprise) {
    JsonObject body =
        new JsonObject()
            .put("initialized", this != UNINITIALISED)
            .put("sealed", isSealed())
            .put("standby", isStandby())
            .put("performance_standby", this == PERFORMANCE_STANDBY)
            .put("replication_performance_mode", isSealed() ? "unknown" : "disabled")
            .put("replication_dr_mode", replication())
            .put("server_time_utc", now.getEpochSecond())
            .put("version", VERSION + (enterprise ? "+ent" : ""))
            .put("enterprise", enterprise);
    return new VaultAnswer(status(query), body);
  }

  /** The version that the stand-in claims. */
  static final String VERSION = "1.20.0";

  private String replication() {
    if (isSealed()) {
      return "unknown";
    }
    return this == DR_SECONDARY ? "secondary" : "disabled";
  }

  private int status(Map<String, String> query) {
    boolean accepted =
        this == STANDBY && query.getOrDefault("standbyok", "false").equals("true")
            || this == PERFORMANCE_STANDBY
                && query.getOrDefault("perfstandbyok", "false").equals("true");
    if (accepted) {
      return VaultState.ACTIVE.status(query);
    }
    try {
      return Integer.parseInt(query.getOrDefault(codeParameter, "" + code));
    } catch (NumberFormatException e) {
      return 400;
    }
  }
}
