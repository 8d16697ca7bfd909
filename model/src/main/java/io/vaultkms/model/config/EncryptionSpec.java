package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.encryption} of the {@code APIServer} object, as it was written: nothing is checked
 * here, so that {@link ConfigRules} can name all that is wrong at once.
 *
 * @param type "", identity, aescbc, aesgcm or KMS; missing and "" mean identity
 * @param kms required when {@code type} is KMS, forbidden otherwise
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EncryptionSpec(@Nullable String type, @Nullable KmsSpec kms) {
  public static final EncryptionSpec NONE = new EncryptionSpec(null, null);

  /** The mode that {@code type} names; empty when it names none. */
  public Optional<Mode> mode() {
    return type == null || type.isEmpty() ? Optional.of(Mode.IDENTITY) : Mode.find(type);
  }
}
