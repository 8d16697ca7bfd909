package io.vaultkms.lab.plugin;

import io.vaultkms.lab.plugin.VaultHttp.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls to Vault with a token from AppRole, which is had by one login at a time, again when it runs
 * out or is refused. Any thread may call.
 */
final class VaultSession {
  private static final Duration LONGEST_LOGIN_PAUSE = Duration.ofSeconds(1);
  private static final Duration LEAST_AGE_TO_DOUBT = Duration.ofSeconds(5);
  private static final int FORBIDDEN = 403;

  private final VaultHttp http;
  private final PluginFlags flags;
  private final String secretId;
  private final PluginCounters counters;
  private final long loginPauseNanos;
  private final ReentrantLock loginLock = new ReentrantLock();

  private volatile @Nullable Token token;
  private @Nullable VaultFailure lastLoginFailure;
  private long lastLoginFailureAt;

  /** A token and its lifetime, zero for one that never ends; times are of the nano clock. */
  private record Token(String id, long since, long lifetime) {
    boolean isOlderThan(long age) {
      return System.nanoTime() - since >= age;
    }

    boolean isOver() {
      return lifetime > 0 && isOlderThan(lifetime);
    }

    boolean isOld() {
      return lifetime > 0 && isOlderThan(lifetime / 3 * 2);
    }

    @Override
    public String toString() {
      return "Token";
    }
  }

  VaultSession(VaultHttp http, PluginFlags flags, String secretId, PluginCounters counters) {
    this.http = http;
    this.flags = flags;
    this.secretId = secretId;
    this.counters = counters;
    this.loginPauseNanos = Math.min(LONGEST_LOGIN_PAUSE.toNanos(), flags.pollInterval().toNanos());
  }

  /** The body of a good answer. */
  Answer call(
      String method,
      String path,
      String namespace,
      @Nullable Map<String, String> body,
      TimeLimit limit)
      throws VaultFailure {
    Token used = token(limit);
    Answer answer = http.call(method, path, namespace, used.id(), body, limit);
    if (answer.status() == FORBIDDEN && doubts(used, answer)) {
      used = loginInsteadOf(used, limit);
      answer = http.call(method, path, namespace, used.id(), body, limit);
    }
    if (!answer.isGood()) {
      throw VaultFailure.answered(answer.status(), method, path, namespace, answer.errors());
    }
    return answer;
  }

  /** Gets a new token before the old one runs out. */
  void keepFresh(TimeLimit limit) throws VaultFailure {
    Token used = token(limit);
    if (used.isOld()) {
      loginInsteadOf(used, limit);
    }
  }

  /**
   * Whether a refusal may be the token's fault. Older Vaults do not tell a bad token from a policy
   * that does not allow the path, so any but a quite new token is doubted, and a wrong policy costs
   * a login every few seconds at most.
   */
  private static boolean doubts(Token used, Answer answer) {
    return used.isOlderThan(LEAST_AGE_TO_DOUBT.toNanos())
        || answer.errors().toString().contains("invalid token");
  }

  private Token token(TimeLimit limit) throws VaultFailure {
    Token known = token;
    return known == null || known.isOver() ? loginInsteadOf(known, limit) : known;
  }

  private Token loginInsteadOf(@Nullable Token old, TimeLimit limit) throws VaultFailure {
    awaitLoginLock(limit);
    try {
      Token known = token;
      if (known != null && known != old) {
        return known;
      }
      VaultFailure failure = lastLoginFailure;
      if (failure != null && System.nanoTime() - lastLoginFailureAt < loginPauseNanos) {
        throw failure;
      }
      Token fresh = login(limit);
      token = fresh;
      lastLoginFailure = null;
      counters.login(true);
      return fresh;
    } catch (VaultFailure e) {
      if (e != lastLoginFailure) {
        counters.login(false);
        lastLoginFailureAt = System.nanoTime();
        lastLoginFailure = e;
      }
      throw e;
    } finally {
      loginLock.unlock();
    }
  }

  private void awaitLoginLock(TimeLimit limit) throws VaultFailure {
    try {
      if (loginLock.tryLock(limit.remainingMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw VaultFailure.unreachable("AppRole login did not end in time");
  }

  private Token login(TimeLimit limit) throws VaultFailure {
    String path = "auth/" + flags.authMount() + "/login";
    long since = System.nanoTime();
    Answer answer;
    try {
      Map<String, String> credentials = Map.of("role_id", flags.roleId(), "secret_id", secretId);
      answer = http.call("POST", path, flags.authNamespace(), null, credentials, limit);
      if (!answer.isGood()) {
        throw VaultFailure.answered(
            answer.status(),
            "POST",
            path,
            flags.authNamespace(),
            answer.errors().stream().map(e -> e.replace(secretId, "<secret id>")).toList());
      }
    } catch (VaultFailure e) {
      throw e.during("AppRole login failed");
    }
    Map<?, ?> auth = answer.part("auth");
    if (!(auth.get("client_token") instanceof String id)) {
      throw VaultFailure.unreachable("AppRole login failed: Vault answered without a token");
    }
    long seconds = auth.get("lease_duration") instanceof Long lease ? lease : 0;
    return new Token(id, since, TimeUnit.SECONDS.toNanos(seconds));
  }
}
