package io.vaultkms.lab.broker;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka broker that is also its own controller, on a free port of the loopback address. It
 * keeps its port and its data over {@link #stop} and {@link #restart}, so that the broker can be
 * taken away and brought back. The first start takes about two seconds and later ones less than
 * one. Not safe for use by several threads.
 */
public final class LabBroker implements AutoCloseable {
  private static final int NODE = 1;

  private final Path directory;
  private final int port;
  private final int controllerPort;
  private @Nullable KafkaRaftServer server;

  private LabBroker(Path directory, int port, int controllerPort) {
    this.directory = directory;
    this.port = port;
    this.controllerPort = controllerPort;
  }

  /**
   * Starts a broker whose data lies in a folder, which is made if it is not there, and blocks until
   * it serves. The folder is left in place by {@link #stop}.
   */
  public static LabBroker start(Path directory) {
    int[] ports = freePorts();
    LabBroker broker = new LabBroker(directory, ports[0], ports[1]);
    broker.format();
    broker.restart();
    return broker;
  }

  /** Where clients find it, as in {@code 127.0.0.1:40123}; the same after a restart. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  public boolean running() {
    return server != null;
  }

  /** Starts it again with the same port and data, if it is stopped, and blocks until it serves. */
  public void restart() {
    if (server == null) {
      KafkaRaftServer starting =
          new KafkaRaftServer(new KafkaConfig(properties(), false), Time.SYSTEM);
      starting.startup();
      server = starting;
    }
  }

  /** Stops it, if it runs, and blocks until it is down. */
  public void stop() {
    KafkaRaftServer stopping = server;
    server = null;
    if (stopping != null) {
      stopping.shutdown();
      stopping.awaitShutdown();
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void format() {
    try {
      Files.createDirectories(directory);
      new Formatter()
          .setNodeId(NODE)
          .setClusterId(Uuid.randomUuid().toString())
          .addDirectory(directory.toString())
          .setMetadataLogDirectory(directory.toString())
          .setControllerListenerName("CONTROLLER")
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setIgnoreFormatted(true)
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
          .run();
    } catch (Exception e) {
      throw new IllegalStateException("the broker's folder " + directory + " cannot be made", e);
    }
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.putAll(
        Map.ofEntries(
            entry("process.roles", "broker,controller"),
            entry("node.id", "" + NODE),
            entry("log.dirs", directory.toString()),
            entry(
                "listeners",
                listener("PLAINTEXT", port) + "," + listener("CONTROLLER", controllerPort)),
            entry("advertised.listeners", listener("PLAINTEXT", port)),
            entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            entry("inter.broker.listener.name", "PLAINTEXT"),
            entry("controller.listener.names", "CONTROLLER"),
            entry("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort),
            entry("auto.create.topics.enable", "false"),
            entry("num.network.threads", "2"),
            entry("num.io.threads", "2"),
            entry("background.threads", "1"),
            entry("num.recovery.threads.per.data.dir", "1"),
            entry("log.cleaner.dedupe.buffer.size", "2097152"),
            entry("log.segment.bytes", "16777216"),
            entry("log.index.size.max.bytes", "1048576"),
            entry("offsets.topic.replication.factor", "1"),
            entry("offsets.topic.num.partitions", "2"),
            entry("transaction.state.log.replication.factor", "1"),
            entry("transaction.state.log.min.isr", "1"),
            entry("transaction.state.log.num.partitions", "1"),
            entry("share.coordinator.state.topic.replication.factor", "1"),
            entry("share.coordinator.state.topic.min.isr", "1"),
            entry("group.initial.rebalance.delay.ms", "0"),
            entry("group.min.session.timeout.ms", "500"),
            entry("group.coordinator.threads", "1")));
    return properties;
  }

  private static String listener(String name, int port) {
    return name + "://127.0.0.1:" + port;
  }

  /** Two ports held at the same time, so that they differ. */
  private static int[] freePorts() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket first = new ServerSocket(0, 1, loopback);
        ServerSocket second = new ServerSocket(0, 1, loopback)) {
      return new int[] {first.getLocalPort(), second.getLocalPort()};
    } catch (IOException e) {
      throw new UncheckedIOException("no free port for the broker", e);
    }
  }
}
