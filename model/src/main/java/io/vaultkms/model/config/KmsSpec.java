package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.encryption.kms}: a union of providers, told apart by {@code type}. Vault is the only
 * member so far.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KmsSpec(@Nullable String type, @Nullable VaultSpec vault) {
  public static final String VAULT = "Vault";

  /**
   * The provider that the union holds.
   *
   * @throws IllegalStateException when the union holds none: {@link ConfigRules} refuses that first
   */
  public KmsProvider provider() {
    if (vault == null) {
      throw new IllegalStateException("a kms configuration without a provider passed the rules");
    }
    return vault;
  }
}
