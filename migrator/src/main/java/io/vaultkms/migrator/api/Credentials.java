package io.vaultkms.migrator.api;

import io.fabric8.kubernetes.client.Config;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Authorization header of every request. A token is read anew from where it came from, a file
 * above all, once a minute and whenever the API server refuses it. From any thread; may block on a
 * file.
 */
final class Credentials {
  private static final long REFRESH = Duration.ofMinutes(1).toNanos();

  private final Config config;
  private volatile Optional<String> header;
  private volatile long read;

  Credentials(Config config) {
    this.config = config;
    this.header = header(config);
    this.read = System.nanoTime();
  }

  /** Empty where a client certificate is all there is. */
  Optional<String> header() {
    if (System.nanoTime() - read > REFRESH) {
      refresh();
    }
    return header;
  }

  /** Reads the token anew. */
  synchronized void refresh() {
    read = System.nanoTime();
    if (config.getOauthTokenProvider() != null) {
      header = header(config);
      return;
    }
    Config fresh = config.refresh();
    Optional<String> found = fresh == null ? Optional.empty() : header(fresh);
    if (found.isPresent()) {
      header = found;
    }
  }

  private static Optional<String> header(Config config) {
    if (given(config.getUsername()) && given(config.getPassword())) {
      byte[] pair =
          (config.getUsername() + ":" + config.getPassword()).getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }
    return token(config).map(token -> "Bearer " + token);
  }

  private static Optional<String> token(Config config) {
    if (config.getOauthTokenProvider() != null) {
      return Optional.ofNullable(config.getOauthTokenProvider().getToken());
    }
    return Optional.ofNullable(config.getOauthToken())
        .or(() -> Optional.ofNullable(config.getAutoOAuthToken()))
        .filter(Credentials::given);
  }

  private static boolean given(@Nullable String text) {
    return text != null && !text.isBlank();
  }

  @Override
  public String toString() {
    return "Credentials[redacted]";
  }
}
