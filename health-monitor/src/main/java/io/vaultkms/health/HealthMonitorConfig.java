package io.vaultkms.health;

import io.vaultkms.model.decision.Observation.Limits;
import io.vaultkms.platform.cluster.LimitVariables;
import io.vaultkms.platform.component.Components;
import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.service.LogVariables;
import io.vaultkms.platform.service.ServiceSettings;

/** What health-monitor is told. */
record HealthMonitorConfig(
    ServiceSettings service, Components components, Limits limits, LogSettings log) {
  static HealthMonitorConfig read(Variables variables) {
    return new HealthMonitorConfig(
        ServiceSettings.read(variables),
        Components.read(variables),
        LimitVariables.read(variables),
        LogVariables.read(variables));
  }
}
