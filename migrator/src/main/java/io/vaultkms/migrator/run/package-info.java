/** One migration: every stale object rewritten, and the proof that none is left. */
@NullMarked
package io.vaultkms.migrator.run;

import org.jspecify.annotations.NullMarked;
