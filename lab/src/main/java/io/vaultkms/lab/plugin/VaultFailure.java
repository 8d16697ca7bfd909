package io.vaultkms.lab.plugin;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Vault did not do what was asked. The message is for people, and never holds a secret. */
final class VaultFailure extends Exception {
  private static final int MAX_REASON = 300;
  private static final int BAD_REQUEST = 400;

  private final int status;

  private VaultFailure(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** Vault was not reached, or did not answer. */
  static VaultFailure unreachable(String message) {
    return new VaultFailure(0, message);
  }

  /** Vault answered with an error. */
  static VaultFailure answered(
      int status, String method, String path, String namespace, List<String> errors) {
    String reason = reason(status, errors);
    if (reason.equals("Vault is sealed")) {
      return new VaultFailure(status, "Vault says " + status + ": " + reason);
    }
    String where = namespace.isEmpty() ? "" : " in namespace " + namespace;
    return new VaultFailure(
        status, "Vault says " + status + " on " + method + " " + path + where + ": " + reason);
  }

  /** The same failure, said with what was going on. */
  VaultFailure during(String what) {
    return new VaultFailure(status, what + ": " + getMessage());
  }

  /** The HTTP status that Vault answered, 0 if it did not answer. */
  int status() {
    return status;
  }

  /** Whether the one who asked is to blame, and Vault is well. */
  boolean isCallersFault() {
    return status == BAD_REQUEST;
  }

  /** Vault's list in one line: "1 error occurred:\n\t* permission denied\n\n" and the like. */
  private static String reason(int status, List<String> errors) {
    String reason =
        errors.stream()
            .flatMap(error -> Stream.of(error.split("\n")))
            .map(line -> line.strip().replaceFirst("^\\* ", "").replaceAll("\\p{Cntrl}", " "))
            .filter(line -> !line.isEmpty() && !line.matches("\\d+ errors? occurred:"))
            .distinct()
            .collect(Collectors.joining(", "));
    if (reason.isEmpty()) {
      return status == 404 ? "not found" : "no reason given";
    }
    return reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "…" : reason;
  }
}
