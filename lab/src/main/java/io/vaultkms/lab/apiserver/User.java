package io.vaultkms.lab.apiserver;

import java.util.List;

/** Who sent a request. */
public record User(String name, List<String> groups) {
  static final User ANONYMOUS = new User("system:anonymous", List.of("system:unauthenticated"));

  public User {
    groups = List.copyOf(groups);
  }
}
