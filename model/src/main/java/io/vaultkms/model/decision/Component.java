package io.vaultkms.model.decision;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One component of a cluster and the resources it encrypts.
 *
 * @param name such as {@code kube-apiserver}
 * @param resources names with their group, such as {@code routes.route.openshift.io}
 */
public record Component(String name, SortedSet<String> resources) {
  /** What every cluster has. */
  public static final Component KUBE_APISERVER =
      new Component("kube-apiserver", new TreeSet<>(List.of("secrets", "configmaps")));

  public Component {
    resources = Collections.unmodifiableSortedSet(new TreeSet<>(resources));
  }
}
