package io.vaultkms.lab.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabBrokerTest {
  @Test
  void keepsItsPortAndItsTopicsOverARestart(@TempDir Path directory) throws Exception {
    try (LabBroker broker = LabBroker.start(directory)) {
      String where = broker.bootstrapServers();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", where))) {
        admin
            .createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
            .all()
            .get(10, TimeUnit.SECONDS);
      }
      broker.stop();
      assertThat(broker.running()).isFalse();
      broker.restart();
      assertThat(broker.bootstrapServers()).isEqualTo(where);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", where))) {
        assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS)).contains("kept");
      }
    }
  }

  @Test
  void twoRunSideBySide(@TempDir Path directory) {
    try (LabBroker one = LabBroker.start(directory.resolve("one"));
        LabBroker two = LabBroker.start(directory.resolve("two"))) {
      assertThat(one.bootstrapServers()).isNotEqualTo(two.bootstrapServers());
    }
  }
}
