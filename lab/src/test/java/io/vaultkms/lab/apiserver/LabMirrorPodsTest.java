package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.MirrorPodsContract;
import java.nio.file.Path;

class LabMirrorPodsTest extends MirrorPodsContract {
  @Override
  protected ControlPlane startCluster(Path directory) {
    return LabClusters.start(directory);
  }
}
