package io.vaultkms.migrator.run;

import io.vaultkms.model.decision.Observation;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import java.io.IOException;

/** Looks at the cluster; they block. */
public interface Sight {
  /** All that decisions are made of. */
  Observation look() throws IOException, InterruptedException;

  /** What a run rests on, the bundle and the nodes; the rest is as it was before. */
  Observation again(Observation before) throws IOException, InterruptedException;

  static Sight of(Observer observer, WantedReader wanted) {
    return new Sight() {
      @Override
      public Observation look() throws IOException, InterruptedException {
        return observer.observe(wanted.readDocument());
      }

      @Override
      public Observation again(Observation before) throws IOException, InterruptedException {
        return observer.again(before);
      }
    };
  }
}
