package io.vaultkms.model.config;

/**
 * One rule of the configuration API that a document does not keep.
 *
 * @param field path of the field, such as {@code spec.encryption.kms.vault.vaultAddress}
 * @param value what stands there, never a secret; empty when the field is missing
 * @param rule what the rule asks, as a half sentence that begins with "must"
 */
public record Violation(String field, String value, String rule) {
  @Override
  public String toString() {
    return value.isEmpty() ? field + " " + rule : field + " '" + value + "' " + rule;
  }
}
