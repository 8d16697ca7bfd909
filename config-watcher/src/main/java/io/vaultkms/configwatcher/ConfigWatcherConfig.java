package io.vaultkms.configwatcher;

import io.vaultkms.platform.component.Components;
import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.service.LogVariables;
import io.vaultkms.platform.service.ServiceSettings;

/** What config-watcher is told. */
record ConfigWatcherConfig(ServiceSettings service, Components components, LogSettings log) {
  static ConfigWatcherConfig read(Variables variables) {
    return new ConfigWatcherConfig(
        ServiceSettings.read(variables), Components.read(variables), LogVariables.read(variables));
  }
}
