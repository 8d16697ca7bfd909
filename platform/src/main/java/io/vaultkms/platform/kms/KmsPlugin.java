package io.vaultkms.platform.kms;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.vaultkms.platform.kms.v2.DecryptRequest;
import io.vaultkms.platform.kms.v2.EncryptRequest;
import io.vaultkms.platform.kms.v2.EncryptResponse;
import io.vaultkms.platform.kms.v2.KeyManagementServiceGrpc;
import io.vaultkms.platform.kms.v2.KeyManagementServiceGrpc.KeyManagementServiceBlockingStub;
import io.vaultkms.platform.kms.v2.StatusRequest;
import io.vaultkms.platform.kms.v2.StatusResponse;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A client of one KMS v2 plugin, over its unix socket. Every call blocks its thread for at most the
 * timeout and throws {@link KmsPluginException}; call it from a virtual thread, never from an event
 * loop. The connection is made at the first call and again after a restart of the plugin.
 */
public final class KmsPlugin implements AutoCloseable {
  private static final EventLoopGroup LOOP =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().daemon().name("kms-plugin-").factory(), NioIoHandler.newFactory());

  private final Path socket;
  private final Duration timeout;
  private final ManagedChannel channel;
  private final KeyManagementServiceBlockingStub stub;

  /**
   * @param socket the plugin's socket; the path is at most 107 bytes, a limit of Linux
   * @param timeout how long one call may take
   */
  public KmsPlugin(Path socket, Duration timeout) {
    this.socket = socket;
    this.timeout = timeout;
    this.channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .eventLoopGroup(LOOP)
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .overrideAuthority("localhost")
            .directExecutor()
            .usePlaintext()
            .build();
    this.stub = KeyManagementServiceGrpc.newBlockingStub(channel);
  }

  /**
   * What a plugin says of itself: {@code version} is v2 or v2beta1, {@code healthz} ok or why not.
   */
  public record PluginStatus(String version, String healthz, String keyId) {
    public boolean healthy() {
      return healthz.equals("ok");
    }
  }

  /** A wrapped secret, with what the plugin needs to unwrap it. */
  public record Wrapped(byte[] ciphertext, String keyId, Map<String, byte[]> annotations) {
    @Override
    public String toString() {
      return "Wrapped[keyId=" + keyId + ", " + ciphertext.length + " bytes]";
    }
  }

  public PluginStatus status() {
    StatusResponse answer = call("Status", s -> s.status(StatusRequest.getDefaultInstance()));
    return new PluginStatus(answer.getVersion(), answer.getHealthz(), answer.getKeyId());
  }

  public Wrapped encrypt(byte[] plaintext, String uid) {
    EncryptRequest request =
        EncryptRequest.newBuilder()
            .setPlaintext(ByteString.copyFrom(plaintext))
            .setUid(uid)
            .build();
    EncryptResponse answer = call("Encrypt", s -> s.encrypt(request));
    Map<String, byte[]> annotations = new LinkedHashMap<>();
    answer.getAnnotationsMap().forEach((key, value) -> annotations.put(key, value.toByteArray()));
    return new Wrapped(answer.getCiphertext().toByteArray(), answer.getKeyId(), annotations);
  }

  public byte[] decrypt(Wrapped wrapped, String uid) {
    DecryptRequest.Builder request =
        DecryptRequest.newBuilder()
            .setCiphertext(ByteString.copyFrom(wrapped.ciphertext()))
            .setKeyId(wrapped.keyId())
            .setUid(uid);
    wrapped
        .annotations()
        .forEach((key, value) -> request.putAnnotations(key, ByteString.copyFrom(value)));
    return call("Decrypt", s -> s.decrypt(request.build())).getPlaintext().toByteArray();
  }

  private <T> T call(String name, Function<KeyManagementServiceBlockingStub, T> call) {
    try {
      return call.apply(stub.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
        channel.resetConnectBackoff();
      }
      throw new KmsPluginException(name + " on " + socket + " failed: " + reason(e), e);
    }
  }

  private static String reason(StatusRuntimeException e) {
    String description = e.getStatus().getDescription();
    return description == null ? e.getStatus().getCode().toString() : description;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
