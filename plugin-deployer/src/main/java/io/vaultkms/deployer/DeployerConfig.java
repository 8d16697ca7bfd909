package io.vaultkms.deployer;

import io.vaultkms.deployer.rollout.SidecarSettings;
import io.vaultkms.model.decision.Observation.Limits;
import io.vaultkms.platform.cluster.LimitVariables;
import io.vaultkms.platform.component.Components;
import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.service.LogVariables;
import io.vaultkms.platform.service.ServiceSettings;

/** What plugin-deployer is told; the agent has {@link io.vaultkms.deployer.agent.AgentConfig}. */
record DeployerConfig(
    ServiceSettings service,
    Components components,
    SidecarSettings sidecars,
    Limits limits,
    LogSettings log) {
  static DeployerConfig read(Variables variables) {
    return new DeployerConfig(
        ServiceSettings.read(variables),
        Components.read(variables),
        SidecarSettings.read(variables),
        LimitVariables.read(variables),
        LogVariables.read(variables));
  }
}
