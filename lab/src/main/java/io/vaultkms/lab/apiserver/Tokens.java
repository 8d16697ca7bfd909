package io.vaultkms.lab.apiserver;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The bearer tokens that the API servers of a lab know. Safe for any thread. */
public final class Tokens {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Map<String, User> users = new ConcurrentHashMap<>();

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
    return Optional.ofNullable(users.get(token));
  }
}
