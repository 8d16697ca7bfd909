package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.EncryptionContract;
import java.nio.file.Path;

class LabEncryptionTest extends EncryptionContract {
  @Override
  protected ControlPlane startCluster(Path directory) {
    return LabClusters.start(directory);
  }
}
