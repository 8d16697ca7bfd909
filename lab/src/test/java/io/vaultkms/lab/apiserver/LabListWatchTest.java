package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.ListWatchContract;
import java.nio.file.Path;

class LabListWatchTest extends ListWatchContract {
  @Override
  protected ControlPlane startCluster(Path directory) {
    return LabClusters.start(directory);
  }
}
