package io.vaultkms.model.decision;

import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.Violation;
import java.util.List;
import java.util.Optional;

/** What the admin wants, as far as it can be read. */
public sealed interface Wanted {
  /** The generation of the document; 0 when there is none. */
  long generation();

  /** A document that keeps every rule. */
  sealed interface Valid extends Wanted {
    Mode mode();
  }

  /** Plaintext, or a key that lives in the cluster. */
  record Local(long generation, Mode mode) implements Valid {
    public Local {
      if (mode == Mode.KMS) {
        throw new IllegalArgumentException("a KMS is not local");
      }
    }
  }

  /**
   * A key that a KMS holds.
   *
   * @param hash the handshake of the configuration and the contents it refers to; empty for an
   *     observer that may not read those contents
   */
  record Remote(long generation, KmsProvider provider, Optional<String> hash) implements Valid {
    @Override
    public Mode mode() {
      return Mode.KMS;
    }
  }

  /**
   * There is no document: nobody has ever asked for anything, or somebody deleted it, or its CRD.
   * Nobody asks for plaintext by that.
   */
  record Absent() implements Wanted {
    @Override
    public long generation() {
      return 0;
    }
  }

  /** A document that breaks rules. */
  record Invalid(long generation, List<Violation> violations) implements Wanted {
    public Invalid {
      violations = List.copyOf(violations);
    }
  }

  /**
   * A document that keeps every rule, and refers to Secrets or ConfigMaps that are not there or
   * lack what they should hold.
   */
  record Incomplete(long generation, KmsProvider provider, List<Violation> missing)
      implements Wanted {
    public Incomplete {
      missing = List.copyOf(missing);
    }
  }
}
