package io.vaultkms.lab.plugin;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.vaultkms.platform.kms.v2.DecryptRequest;
import io.vaultkms.platform.kms.v2.DecryptResponse;
import io.vaultkms.platform.kms.v2.EncryptRequest;
import io.vaultkms.platform.kms.v2.EncryptResponse;
import io.vaultkms.platform.kms.v2.KeyManagementServiceGrpc.KeyManagementServiceImplBase;
import io.vaultkms.platform.kms.v2.StatusRequest;
import io.vaultkms.platform.kms.v2.StatusResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A KMS v2 plugin in the test's own JVM, with a key that can be rotated and a health to lose. */
public final class FakeKms extends KeyManagementServiceImplBase implements AutoCloseable {
  private final Path socket;
  private final Server server;
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicInteger decrypts = new AtomicInteger();
  private volatile int version = 1;
  private volatile String healthz = "ok";

  public FakeKms(Path socket) {
    this.socket = socket;
    try {
      Files.deleteIfExists(socket);
      this.server =
          NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
              .channelType(NioServerDomainSocketChannel.class)
              .bossEventLoopGroup(loops)
              .workerEventLoopGroup(loops)
              .directExecutor()
              .addService(this)
              .build()
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public Path socket() {
    return socket;
  }

  public String keyId() {
    return "key-v" + version;
  }

  /** New writes use the next key id. */
  public void rotate() {
    version++;
  }

  public void breakDown(String reason) {
    healthz = reason;
  }

  public void recover() {
    healthz = "ok";
  }

  /** How many seeds it was asked to unwrap. */
  public int decrypts() {
    return decrypts.get();
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> answers) {
    answers.onNext(
        StatusResponse.newBuilder().setVersion("v2").setHealthz(healthz).setKeyId(keyId()).build());
    answers.onCompleted();
  }

  @Override
  public void encrypt(EncryptRequest request, StreamObserver<EncryptResponse> answers) {
    if (down(answers)) {
      return;
    }
    answers.onNext(
        EncryptResponse.newBuilder()
            .setKeyId(keyId())
            .setCiphertext(masked(request.getPlaintext(), keyId()))
            .putAnnotations("version.example.com", ByteString.copyFromUtf8("" + version))
            .build());
    answers.onCompleted();
  }

  @Override
  public void decrypt(DecryptRequest request, StreamObserver<DecryptResponse> answers) {
    decrypts.incrementAndGet();
    if (down(answers)) {
      return;
    }
    answers.onNext(
        DecryptResponse.newBuilder()
            .setPlaintext(masked(request.getCiphertext(), request.getKeyId()))
            .build());
    answers.onCompleted();
  }

  private boolean down(StreamObserver<?> answers) {
    if (healthz.equals("ok")) {
      return false;
    }
    answers.onError(Status.UNAVAILABLE.withDescription(healthz).asRuntimeException());
    return true;
  }

  /** Not encryption, but different bytes, and the other way round the same again. */
  private static ByteString masked(ByteString bytes, String keyId) {
    byte[] out = bytes.toByteArray();
    for (int i = 0; i < out.length; i++) {
      out[i] ^= (byte) (keyId.charAt(i % keyId.length()) + 1);
    }
    return ByteString.copyFrom(out);
  }

  @Override
  public void close() {
    server.shutdownNow();
    loops.shutdownGracefully();
  }
}
