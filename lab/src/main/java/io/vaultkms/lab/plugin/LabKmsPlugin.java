package io.vaultkms.lab.plugin;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A KMS v2 plugin that wraps with a Transit key in Vault, started as HashiCorp's {@code
 * vault-kube-kms} is ({@link PluginCommand} says how). It listens at once and says by Status
 * whether Vault works; it goes on trying when Vault does not. It ends by SIGTERM, and with exit
 * code 2 for a bad flag, 1 if it cannot listen, each with one sentence on standard error.
 */
public final class LabKmsPlugin implements AutoCloseable {
  private static final long STOP_SECONDS = 2;

  /** Held, so that its level stays: Netty warns at each connect of what unix sockets lack. */
  private static final Logger NETTY_LOG = Logger.getLogger("io.netty");

  private final KmsSocket socket;
  private final EventLoopGroup loop;
  private final Server server;
  private final Thread watch;
  private final PluginPages pages = new PluginPages();

  private LabKmsPlugin(PluginFlags flags, VaultTls tls, String secretId) throws IOException {
    PluginCounters counters = new PluginCounters();
    VaultView view = new VaultView();
    VaultSession session =
        new VaultSession(new VaultHttp(flags.vaultAddress(), tls), flags, secretId, counters);
    VaultKey key = new VaultKey(session, flags);

    socket = KmsSocket.claim(flags.socket());
    pages.metrics(flags.metricsPort(), () -> counters.prometheus(view));
    pages.health(flags.healthPort());
    watch =
        Thread.ofPlatform()
            .daemon()
            .name("vault-watch")
            .start(new VaultWatch(session, key, view, flags)::run);
    loop =
        new MultiThreadIoEventLoopGroup(
            1, Thread.ofPlatform().daemon().name("kms-").factory(), NioIoHandler.newFactory());
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(flags.socket()))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .addService(new KmsService(key, view, flags, counters))
            .build()
            .start();
    socket.listening();
    PluginLog.say("listening on " + flags.socket());
  }

  public static void main(String[] args) throws InterruptedException {
    List<String> arguments = List.of(args);
    if (arguments.stream().anyMatch(List.of("-h", "-help", "--help")::contains)) {
      System.out.print(PluginFlags.USAGE);
      return;
    }
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    NETTY_LOG.setLevel(Level.SEVERE);
    LabKmsPlugin plugin;
    try {
      PluginFlags flags = PluginFlags.parse(arguments);
      plugin = new LabKmsPlugin(flags, VaultTls.of(flags), secretId(flags));
    } catch (BadFlag e) {
      end(2, e);
      return;
    } catch (IOException e) {
      end(1, e);
      return;
    }
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(plugin::close));
    plugin.server.awaitTermination();
  }

  private static void end(int code, Exception reason) {
    System.err.println(reason.getMessage());
    Runtime.getRuntime().halt(code);
  }

  private static String secretId(PluginFlags flags) throws BadFlag {
    String flag = "flag -approle-secret-id-path names " + flags.secretIdFile();
    String secretId;
    try {
      secretId = Files.readString(flags.secretIdFile()).strip();
    } catch (IOException e) {
      throw new BadFlag(flag + ", which cannot be read");
    }
    if (secretId.isEmpty()) {
      throw new BadFlag(flag + ", which is empty");
    }
    return secretId;
  }

  /** Takes no more calls, lets those under way end, and removes the socket. */
  @Override
  public void close() {
    try {
      server.shutdown();
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
      watch.interrupt();
      pages.close();
      socket.close();
      loop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      PluginLog.say("could not remove the socket: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
