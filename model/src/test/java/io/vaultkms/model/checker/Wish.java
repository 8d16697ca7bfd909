package io.vaultkms.model.checker;

import io.vaultkms.model.config.Handshake;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.model.config.VaultSpec;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Wanted;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the admin may want. A and A_MENDED are one remote key with other credentials. */
enum Wish {
  PLAIN(Mode.IDENTITY, "", ""),
  AESGCM(Mode.AESGCM, "", ""),
  A(Mode.KMS, "a", "1"),
  A_MENDED(Mode.KMS, "a", "2"),
  B(Mode.KMS, "b", "1"),
  NONSENSE(Mode.IDENTITY, "", "");

  private final Mode mode;
  private final Optional<KmsProvider> kms;
  private final String hash;

  Wish(Mode mode, String remoteKey, String image) {
    this.mode = mode;
    if (mode == Mode.KMS) {
      VaultSpec vault =
          new VaultSpec(image, "https://vault", null, null, "t/keys/" + remoteKey, null, null);
      this.kms = Optional.of(new KmsSpec(KmsSpec.VAULT, vault));
      this.hash = Handshake.of(vault, ReferencedData.NONE);
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

  /** Equal for two wishes when data under the one can be read with the other; never 0. */
  int remoteKeyNumber() {
    return this == A_MENDED ? A.ordinal() + 1 : ordinal() + 1;
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
