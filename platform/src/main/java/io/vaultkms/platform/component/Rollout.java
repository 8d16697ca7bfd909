package io.vaultkms.platform.component;

/** How a component's API servers are given a bundle, and which pods or nodes have to have it. */
public sealed interface Rollout {
  /** Static pods: an agent on every control-plane node follows the newest bundle. */
  record StaticPods() implements Rollout {}

  /** The pods of a Deployment: its template carries the plugins, and each bundle is a rollout. */
  record OfDeployment(String namespace, String name) implements Rollout {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }
}
