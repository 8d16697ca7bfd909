package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.ObjectsContract;
import java.nio.file.Path;

class LabObjectsTest extends ObjectsContract {
  @Override
  protected ControlPlane startCluster(Path directory) {
    return LabClusters.start(directory);
  }
}
