package io.vaultkms.migrator.run;

import io.vaultkms.model.decision.Observation;
import java.io.IOException;

/** A look at the cluster; blocks. */
@FunctionalInterface
public interface Sight {
  Observation look() throws IOException, InterruptedException;
}
