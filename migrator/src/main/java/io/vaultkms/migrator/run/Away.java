package io.vaultkms.migrator.run;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The API servers have answered nothing usefully for as long as they may be waited for. */
public final class Away extends IOException {
  private static final long serialVersionUID = 1;

  Away(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
