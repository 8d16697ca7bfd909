package io.vaultkms.lab.apiserver;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** API groups that other API servers answer for, as an APIService says on a real cluster. */
public interface Aggregation {
  /** This API server answers for everything itself. */
  Aggregation NONE = group -> Optional.empty();

  /** Who answers for a group now, perhaps nobody; empty when it is not aggregated. */
  Optional<List<URI>> servers(String group);

  /** The CA by which they are believed, PEM; asked for when a request is first passed on. */
  default String caCertificate() {
    throw new IllegalStateException("nothing is aggregated");
  }
}
