package io.vaultkms.lab.apiserver;

/** Decides what a user may do; called for every authenticated request, from any thread. */
@FunctionalInterface
public interface Authorizer {
  /** Who has a token may do everything. */
  Authorizer ANYTHING = request -> true;

  boolean allows(RequestInfo request);
}
