package io.vaultkms.lab.kubeapi;

import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.MirrorPodsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealBackend.class)
class KubeMirrorPodsIT extends MirrorPodsContract {
  @Override
  protected ControlPlane startCluster(Path directory) {
    return RealBackend.shared();
  }

  @Override
  protected void stopCluster(ControlPlane started) {
    // The next test class goes on with it.
  }
}
