package io.vaultkms.lab.log;

import io.vaultkms.lab.broker.LabBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** What the event log promises, on the broker of the lab. */
class EventLogTest {
  private static LabBroker broker;

  @BeforeAll
  static void startBroker(@TempDir Path directory) {
    broker = LabBroker.start(directory);
  }

  @AfterAll
  static void stopBroker() {
    broker.stop();
  }

  @Nested
  class Delivery extends DeliveryContract {
    @Override
    String bootstrapServers() {
      return broker.bootstrapServers();
    }
  }

  @Nested
  class OddRecords extends OddRecordsContract {
    @Override
    String bootstrapServers() {
      return broker.bootstrapServers();
    }
  }

  @Nested
  class Sharing extends SharingContract {
    @Override
    String bootstrapServers() {
      return broker.bootstrapServers();
    }
  }

  @Nested
  class Replay extends ReplayContract {
    @Override
    String bootstrapServers() {
      return broker.bootstrapServers();
    }
  }

  @Nested
  class Reading extends ReadingContract {
    @Override
    String bootstrapServers() {
      return broker.bootstrapServers();
    }
  }
}
