package io.vaultkms.lab.plugin;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vaultkms.lab.plugin.VaultView.Need;
import io.vaultkms.platform.kms.v2.DecryptRequest;
import io.vaultkms.platform.kms.v2.DecryptResponse;
import io.vaultkms.platform.kms.v2.EncryptRequest;
import io.vaultkms.platform.kms.v2.EncryptResponse;
import io.vaultkms.platform.kms.v2.KeyManagementServiceGrpc;
import io.vaultkms.platform.kms.v2.StatusRequest;
import io.vaultkms.platform.kms.v2.StatusResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The KMS v2 service: Encrypt and Decrypt ask Vault each time, Status says what is known. Each call
 * runs on a virtual thread of its own.
 */
final class KmsService extends KeyManagementServiceGrpc.KeyManagementServiceImplBase {
  private static final Duration TO_ANSWER = Duration.ofMillis(50);

  private final VaultKey key;
  private final VaultView view;
  private final PluginFlags flags;
  private final PluginCounters counters;

  KmsService(VaultKey key, VaultView view, PluginFlags flags, PluginCounters counters) {
    this.key = key;
    this.view = view;
    this.flags = flags;
    this.counters = counters;
  }

  /** What a call does with Vault. */
  private interface Work<T> {
    T run(TimeLimit limit) throws VaultFailure;
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    String problem = view.problem();
    int version = view.version();
    observer.onNext(
        StatusResponse.newBuilder()
            .setVersion("v2")
            .setHealthz(problem == null ? "ok" : problem)
            .setKeyId(version == 0 ? "" : key.keyId(version))
            .build());
    observer.onCompleted();
    counters.call("status", problem == null);
  }

  @Override
  public void encrypt(EncryptRequest request, StreamObserver<EncryptResponse> observer) {
    answer(
        Need.ENCRYPT,
        "encrypt",
        observer,
        limit -> {
          VaultKey.Wrapped wrapped = key.encrypt(request.getPlaintext().toByteArray(), limit);
          view.saw(wrapped.version());
          return EncryptResponse.newBuilder()
              .setCiphertext(ByteString.copyFromUtf8(wrapped.ciphertext()))
              .setKeyId(key.keyId(wrapped.version()))
              .build();
        });
  }

  @Override
  public void decrypt(DecryptRequest request, StreamObserver<DecryptResponse> observer) {
    answer(
        Need.DECRYPT,
        "decrypt",
        observer,
        limit -> {
          String ciphertext = request.getCiphertext().toString(StandardCharsets.UTF_8);
          byte[] plaintext = key.decrypt(ciphertext, limit);
          return DecryptResponse.newBuilder().setPlaintext(ByteString.copyFrom(plaintext)).build();
        });
  }

  private <T> void answer(Need need, String call, StreamObserver<T> observer, Work<T> work) {
    T answer;
    try {
      answer = work.run(limit());
    } catch (VaultFailure e) {
      if (!e.isCallersFault()) {
        view.fails(need, e);
      }
      counters.call(call, false);
      observer.onError(code(e).withDescription(e.getMessage()).asRuntimeException());
      return;
    }
    view.works(need);
    counters.call(call, true);
    observer.onNext(answer);
    observer.onCompleted();
  }

  /** The caller's patience or the flag's, whichever is shorter, less the time to say so. */
  private TimeLimit limit() {
    Duration limit = flags.timeout();
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null) {
      Duration patience =
          Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS)).minus(TO_ANSWER);
      limit = patience.compareTo(limit) < 0 ? patience : limit;
    }
    return TimeLimit.in(limit);
  }

  private static Status code(VaultFailure failure) {
    return switch (failure.status()) {
      case 400 -> Status.INVALID_ARGUMENT;
      case 403 -> Status.PERMISSION_DENIED;
      case 404 -> Status.NOT_FOUND;
      default -> Status.UNAVAILABLE;
    };
  }
}
