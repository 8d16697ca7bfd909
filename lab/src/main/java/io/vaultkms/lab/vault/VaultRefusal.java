package io.vaultkms.lab.vault;

import java.util.List;

/** Vault says no, with the status code and the words that the real one uses. */
final class VaultRefusal extends RuntimeException {
  private final int status;
  private final List<String> errors;

  private VaultRefusal(int status, List<String> errors) {
    super(status + " " + errors, null, false, false);
    this.status = status;
    this.errors = errors;
  }

  VaultAnswer answer() {
    return VaultAnswer.errors(status, errors);
  }

  static VaultRefusal badRequest(String error) {
    return new VaultRefusal(400, List.of(error));
  }

  /** The token is good, its policy does not allow the path. */
  static VaultRefusal permissionDenied() {
    return new VaultRefusal(403, List.of("1 error occurred:\n\t* permission denied\n\n"));
  }

  static VaultRefusal noToken() {
    return new VaultRefusal(403, List.of("permission denied"));
  }

  static VaultRefusal badToken() {
    return new VaultRefusal(
        403, List.of("2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"));
  }

  /** Reading what is not there: real Vault gives no words for it. */
  static VaultRefusal notFound() {
    return new VaultRefusal(404, List.of());
  }

  static VaultRefusal noRoute(String path) {
    return new VaultRefusal(
        404, List.of("no handler for route \"" + path + "\". route entry not found."));
  }

  static VaultRefusal unsupportedPath() {
    return new VaultRefusal(404, List.of("1 error occurred:\n\t* unsupported path\n\n"));
  }

  static VaultRefusal unsupportedOperation() {
    return new VaultRefusal(405, List.of("1 error occurred:\n\t* unsupported operation\n\n"));
  }

  static VaultRefusal sealed() {
    return new VaultRefusal(503, List.of("Vault is sealed"));
  }
}
