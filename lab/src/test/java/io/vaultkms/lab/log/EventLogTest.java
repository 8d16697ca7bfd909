package io.vaultkms.lab.log;

import io.vaultkms.lab.broker.LabBroker;
import java.nio.file.Path;

/** The contract on the broker of the lab. */
class EventLogTest extends EventLogContract {
  private LabBroker broker;

  @Override
  String startBroker(Path directory) {
    broker = LabBroker.start(directory);
    return broker.bootstrapServers();
  }

  @Override
  void stopBroker() {
    broker.stop();
  }
}
