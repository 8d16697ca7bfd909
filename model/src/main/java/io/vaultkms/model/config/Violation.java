package io.vaultkms.model.config;

/**
 * One rule that a configuration breaks.
 *
 * @param field path of the field, as in {@code spec.encryption.kms.vault.address}
 * @param value what it says; never a secret
 * @param rule what it must be
 */
public record Violation(String field, String value, String rule) {}
