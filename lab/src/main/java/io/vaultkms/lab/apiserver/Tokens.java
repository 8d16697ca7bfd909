package io.vaultkms.lab.apiserver;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The bearer tokens that the API servers of a lab know; of another one they may ask somebody, once.
 * Safe for any thread.
 */
public final class Tokens {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Map<String, User> users = new ConcurrentHashMap<>();
  private final Function<String, Optional<User>> others;

  /** Nobody else is asked. */
  public Tokens() {
    this(token -> Optional.empty());
  }

  /**
   * @param others says whose another token is; called on the request's own thread
   */
  public Tokens(Function<String, Optional<User>> others) {
    this.others = others;
  }

  /** Makes a new token for a user. */
  public String issue(User user) {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    String token = HexFormat.of().formatHex(bytes);
    users.put(token, user);
    return token;
  }

  /** The token of a service account: always a new one, all of them valid. */
  public String issueServiceAccount(String namespace, String name) {
    List<String> groups =
        List.of(
            "system:serviceaccounts",
            "system:serviceaccounts:" + namespace,
            "system:authenticated");
    return issue(new User("system:serviceaccount:" + namespace + ":" + name, groups));
  }

  /** A revoked token is answered 401 from here on. */
  public void revoke(String token) {
    users.remove(token);
  }

  Optional<User> user(String token) {
    return Optional.ofNullable(users.get(token)).or(() -> ask(token));
  }

  private Optional<User> ask(String token) {
    Optional<User> user = others.apply(token);
    user.ifPresent(known -> users.put(token, known));
    return user;
  }
}
