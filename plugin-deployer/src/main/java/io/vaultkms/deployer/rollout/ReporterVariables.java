package io.vaultkms.deployer.rollout;

import io.vaultkms.platform.env.Variables;
import java.util.regex.Pattern;

/**
 * What a pod's reporter is told by a variable, under one rule where the deployer takes it and where
 * the reporter does.
 */
public final class ReporterVariables {
  private static final Pattern OWN_POD =
      Pattern.compile("https://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?/?");

  private ReporterVariables() {}

  /** The pod's own API server, to which a token is sent and whose certificate nobody checks. */
  public static String apiServer(Variables variables, String name, String meaning) {
    return variables.text(
        name,
        "https://localhost:8443",
        OWN_POD,
        "must be https://localhost:port, https://127.0.0.1:port or https://[::1]:port,"
            + " since a token is sent there and no certificate is checked",
        meaning);
  }
}
