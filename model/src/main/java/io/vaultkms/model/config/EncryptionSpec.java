package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.encryption} of the {@code APIServer} object, as it was written: nothing is checked
 * here, so that {@link ConfigRules} can name all that is wrong at once. The annotations are for API
 * servers: the CRD is generated from them.
 *
 * @param type "", identity, aescbc, aesgcm or KMS; missing and "" mean identity
 * @param kms required when {@code type} is KMS, forbidden otherwise
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.type) || self.type != 'KMS' || has(self.kms)",
    message = EncryptionSpec.KMS_MISSING,
    fieldPath = ".kms")
@ValidationRule(
    value = "(has(self.type) && self.type == 'KMS') || !has(self.kms)",
    message = EncryptionSpec.KMS_UNWANTED,
    fieldPath = ".kms")
public record EncryptionSpec(
    @JsonPropertyDescription(
            "How resources are encrypted: empty, identity, aescbc, aesgcm or KMS. Empty means"
                + " identity, which is plaintext. KMS keeps the key outside of the cluster.")
        @ValidationRule(
            value = "self in ['', 'identity', 'aescbc', 'aesgcm', 'KMS']",
            message = EncryptionSpec.TYPE)
        @Nullable String type,
    @JsonPropertyDescription("Which KMS, and how to reach it. A union, told apart by type.")
        @Nullable KmsSpec kms) {
  static final String TYPE = "must be empty or one of identity, aescbc, aesgcm, KMS";
  static final String KMS_MISSING = "must be set when type is KMS";
  static final String KMS_UNWANTED = "must not be set unless type is KMS";

  public static final EncryptionSpec NONE = new EncryptionSpec(null, null);

  /** The mode that {@code type} names; empty when it names none. */
  public Optional<Mode> mode() {
    return type == null || type.isEmpty() ? Optional.of(Mode.IDENTITY) : Mode.find(type);
  }
}
