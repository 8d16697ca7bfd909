package io.vaultkms.model.checker;

import io.vaultkms.model.config.Handshake;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.model.config.VaultSpec;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Wanted;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the admin may want. A and A_MENDED are one remote key with other credentials, B and B_MENDED
 * another; both refer to the same Secret, which holds either the old credentials or the new ones.
 */
enum Wish {
  PLAIN(Mode.IDENTITY, "", ""),
  AESGCM(Mode.AESGCM, "", ""),
  A(Mode.KMS, "a", "old"),
  A_MENDED(Mode.KMS, "a", "new"),
  B(Mode.KMS, "b", "old"),
  B_MENDED(Mode.KMS, "b", "new"),
  NONSENSE(Mode.IDENTITY, "", "");

  private final Mode mode;
  private final Optional<KmsProvider> kms;
  private final String credentials;
  private final String hash;

  Wish(Mode mode, String remoteKey, String credentials) {
    this.mode = mode;
    this.credentials = credentials;
    if (mode == Mode.KMS) {
      VaultSpec vault =
          new VaultSpec("image", "https://vault", null, null, "t/keys/" + remoteKey, null, null);
      byte[] secretId = credentials.getBytes(StandardCharsets.UTF_8);
      this.kms = Optional.of(new KmsSpec(KmsSpec.VAULT, vault));
      this.hash = Handshake.of(vault, ReferencedData.of(Map.of("secret-id", secretId)));
    } else {
      this.kms = Optional.empty();
      this.hash = Handshake.of(mode);
    }
  }

  Mode mode() {
    return mode;
  }

  Optional<KmsProvider> kms() {
    return kms;
  }

  String hash() {
    return hash;
  }

  boolean hasOldCredentials() {
    return credentials.equals("old");
  }

  boolean hasNewCredentials() {
    return credentials.equals("new");
  }

  /** The same remote key, with what the Secret holds then. */
  Wish with(boolean newCredentials) {
    return switch (this) {
      case A, A_MENDED -> newCredentials ? A_MENDED : A;
      case B, B_MENDED -> newCredentials ? B_MENDED : B;
      case PLAIN, AESGCM, NONSENSE -> this;
    };
  }

  /** Equal for two wishes when data under the one can be read with the other; never 0. */
  int remoteKeyNumber() {
    return with(false).ordinal() + 1;
  }

  Wanted wanted() {
    if (this == NONSENSE) {
      return new Wanted.Invalid(
          1, List.of(new Violation("spec.encryption", "", "must make sense")));
    }
    return kms.<Wanted>map(known -> new Wanted.Remote(1, known, Optional.of(hash)))
        .orElseGet(() -> new Wanted.Local(1, mode));
  }

  static Wish ofHash(String hash) {
    return Arrays.stream(values())
        .filter(wish -> wish != NONSENSE && wish.hash.equals(hash))
        .findFirst()
        .orElseThrow();
  }
}
