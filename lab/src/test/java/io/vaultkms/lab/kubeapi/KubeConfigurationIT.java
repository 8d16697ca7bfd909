package io.vaultkms.lab.kubeapi;

import io.vaultkms.lab.cluster.ConfigurationContract;
import io.vaultkms.lab.cluster.ControlPlane;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealBackend.class)
class KubeConfigurationIT extends ConfigurationContract {
  @Override
  protected ControlPlane startCluster(Path directory) {
    return RealBackend.shared();
  }

  @Override
  protected void stopCluster(ControlPlane started) {
    // The next test class goes on with it.
  }
}
